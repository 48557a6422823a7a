"""Matches follow papers and topics, however often they are made."""

import logging
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from digest.models import Match, Topic
from digest.pipeline.match import match_papers
from digest.pipeline.match.window import WINDOW_DAYS
from tests.factories import (
    NOW,
    TODAY,
    make_match,
    make_paper,
    make_reader,
    make_topic,
)

pytestmark = pytest.mark.django_db


def matched() -> set[tuple[str, str]]:
    """Topic and title of each match."""
    return set(Match.objects.values_list("topic__slug", "paper__title"))


def test_it_writes_what_matches_with_score_and_evidence() -> None:
    make_topic("robots", query="robots")
    make_topic("diffusion", query='"diffusion policy"')
    make_paper("Robots that learn")
    make_paper("Diffusion policy for robots")
    make_paper("On the tides")

    count = match_papers(now=NOW)

    assert count == 3
    assert matched() == {
        ("robots", "Robots that learn"),
        ("robots", "Diffusion policy for robots"),
        ("diffusion", "Diffusion policy for robots"),
    }
    match = Match.objects.get(topic__slug="diffusion")
    assert match.score > 0
    assert match.evidence == [
        {
            "kind": "phrase",
            "text": "Diffusion policy",
            "field": "title",
            "is_possible": False,
            "words": ["diffusion policy"],
        }
    ]


def test_it_leaves_the_same_matches_when_run_again() -> None:
    make_topic("robots", query="robots")
    make_paper("Robots that learn")
    match_papers(now=NOW)
    before = list(Match.objects.values())

    match_papers(now=NOW + timedelta(minutes=5))

    assert list(Match.objects.values()) == before


def test_it_renews_a_match_when_the_paper_says_something_else() -> None:
    make_topic("robots", query="robots")
    paper = make_paper("Robots that learn")
    match_papers(now=NOW)
    in_title = Match.objects.get()
    paper.title, paper.abstract = "Machines that learn", "We build robots."
    paper.save()

    match_papers(now=NOW, paper_ids=[paper.pk])

    renewed = Match.objects.get()
    assert renewed.pk == in_title.pk
    assert renewed.evidence[0]["field"] == "abstract"
    assert renewed.score < in_title.score


def test_it_removes_a_match_that_no_longer_holds() -> None:
    topic = make_topic("robots", query="robots")
    kept, changed = make_paper("Robots here"), make_paper("Robots there")
    match_papers(now=NOW)
    changed.title = "Nothing of the kind"
    changed.abstract = ""
    changed.save()

    match_papers(now=NOW, paper_ids=[changed.pk])
    assert matched() == {("robots", kept.title)}

    Topic.objects.filter(pk=topic.pk).update(query="telescopes")
    match_papers(now=NOW, topic_ids=[topic.pk])
    assert matched() == set()


def test_it_touches_no_match_of_papers_and_topics_it_was_not_asked_about() -> None:
    asked = make_topic("asked", query="telescopes")
    other = make_topic("other", query="telescopes")
    paper, older = make_paper("Robots"), make_paper("Robots as well")
    make_match(other, paper)
    make_match(asked, older)

    match_papers(now=NOW, topic_ids=[asked.pk], paper_ids=[paper.pk])

    assert matched() == {("other", "Robots"), ("asked", "Robots as well")}


def test_it_matches_papers_of_the_last_two_weeks_alone() -> None:
    make_topic("robots", query="robots")
    first_day = TODAY - timedelta(days=WINDOW_DAYS - 1)
    make_paper("Robots on the first day", announced_on=first_day)
    make_paper("Robots before it", announced_on=first_day - timedelta(days=1))
    make_paper("Robots only replaced", announced_on=None)

    match_papers(now=NOW)

    assert matched() == {("robots", "Robots on the first day")}


def test_an_edited_topic_forgets_as_far_back_as_a_monthly_digest_reaches() -> None:
    topic = make_topic("robots", query="telescopes")
    past = TODAY - timedelta(days=30)
    make_match(topic, make_paper("Robots", announced_on=past))
    make_paper("Telescopes", announced_on=past)

    match_papers(now=NOW, topic_ids=[topic.pk])
    assert matched() == {("robots", "Robots")}

    make_reader("", topic, cadence="monthly")
    match_papers(now=NOW, topic_ids=[topic.pk])
    assert matched() == {("robots", "Telescopes")}


def test_it_skips_a_topic_whose_query_no_longer_parses_and_says_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken = make_topic("broken", query='"never closed')
    make_topic("robots", query="robots")
    make_paper("Robots")

    with caplog.at_level(logging.WARNING, logger="digest.pipeline.match"):
        match_papers(now=NOW)

    assert matched() == {("robots", "Robots")}
    assert f"Topic {broken.pk} cannot be matched" in caplog.text


def test_it_leaves_retired_topics_and_the_daily_list_alone() -> None:
    make_topic("retired", query="robots", is_retired=True)
    make_topic("daily", kind=Topic.Kind.DAILY)
    make_paper("Robots")

    assert match_papers(now=NOW) == 0
    assert not Match.objects.exists()


def test_it_notes_when_a_topic_was_matched() -> None:
    topic = make_topic("robots", query="telescopes")
    other = make_topic("other", query="telescopes")
    make_paper("Robots")

    match_papers(now=NOW, topic_ids=[topic.pk])

    topic.refresh_from_db()
    other.refresh_from_db()
    assert (topic.matched_at, other.matched_at) == (NOW, None)


def test_it_needs_as_many_queries_for_many_papers_as_for_few() -> None:
    for number in range(12):
        make_topic(f"robots-{number}", query=f"robots OR word{number}")
    match_papers(now=NOW, paper_ids=[make_paper("Learned before").pk])
    counts = []
    for few_or_many in (6, 60):
        made = [make_paper(f"Robots of kind {n}") for n in range(few_or_many)]
        with CaptureQueriesContext(connection) as asked:
            matched = match_papers(now=NOW, paper_ids=[paper.pk for paper in made])
        assert matched == 12 * few_or_many
        # How many rows one INSERT takes is the database's affair.
        counts.append(sum("INSERT" not in each["sql"] for each in asked))

    assert counts[0] == counts[1]


def test_it_matches_no_paper_that_was_merged_into_another() -> None:
    topic = make_topic("feeds", query="feeds")
    work = make_paper("Quite another title")
    merged = make_paper("On feeds", merged_into=work)

    match_papers(now=NOW, paper_ids=[work.pk, merged.pk])

    assert not topic.matches.exists()
