"""What a reader's marks change in what is planned for them, and what they never do."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import User
from digest.models import DigestItem, Mark, Match, Mute, Paper, Topic
from digest.pipeline.match import match_papers
from digest.pipeline.match.archive import fit_archive
from digest.pipeline.plan import opinions
from digest.pipeline.plan.gathering import Span
from digest.pipeline.plan.opinions import read_opinions
from digest.pipeline.plan.selection import select
from digest.pipeline.plan.taste import learn_taste
from tests.digest.pipeline.planning import due_reader, plan_for, titles
from tests.digest.pipeline.tastes import fill_archive, legged, mute, suction
from tests.factories import (
    NOW,
    TODAY,
    make_mark,
    make_match,
    make_paper,
    make_pick,
    make_reader,
    make_topic,
    save_paper,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def robots() -> Topic:
    """A topic by a query, with papers of two kinds, equally good."""
    fill_archive()
    topic = make_topic("robots", query="robots")
    for paper in (legged("Robots with legs"), suction("Robots with suction")):
        make_match(topic, paper, score=2.0)
    fit_archive(now=NOW)
    return topic


def had(reader: User, paper: Paper) -> Paper:
    """A paper of an earlier digest."""
    Paper.objects.filter(pk=paper.pk).update(announced_on=TODAY.replace(month=1))
    return paper


def evidence_of(reader: User, title: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = DigestItem.objects.get(
        user=reader, paper__title=title
    ).evidence
    return found


def test_a_liked_paper_moves_its_like_up_and_is_the_reason(robots: Topic) -> None:
    reader = due_reader(robots)
    liked = had(reader, suction("Climbing glass by suction"))
    make_mark(reader, liked, topic=robots)

    plan_for(reader)

    assert titles(reader) == ["Robots with suction", "Robots with legs"]
    assert evidence_of(reader, "Robots with suction") == [
        {"kind": "word", "text": "Robots", "field": "title"},
        {
            "kind": "similar",
            "text": "Climbing glass by suction",
            "field": "more",
            "is_possible": False,
            "words": [],
        },
    ]


def test_a_saved_paper_says_that_it_was_saved(robots: Topic) -> None:
    reader = due_reader(robots)
    liked = had(reader, suction("Climbing glass by suction"))
    make_match(robots, liked)
    save_paper(reader, liked)

    plan_for(reader)

    piece = evidence_of(reader, "Robots with suction")[-1]
    assert (piece["text"], piece["field"]) == ("Climbing glass by suction", "saved")


def test_another_reader_of_the_topic_gets_what_all_get(robots: Topic) -> None:
    make_mark(make_reader("", robots), suction("Glass"), topic=robots)
    reader = due_reader(robots)

    plan_for(reader)

    assert titles(reader) == ["Robots with legs", "Robots with suction"]


def test_a_mark_teaches_the_topics_that_the_paper_matches(robots: Topic) -> None:
    other, reader = make_topic("other"), make_reader()
    liked = suction("Liked")
    make_match(robots, liked)
    make_mark(reader, liked)

    found = read_opinions(
        reader.pk, {robots.pk, other.pk}, has_marks=True, has_mutes=False
    )

    assert found.learning() == {robots.pk}


def test_a_mark_teaches_only_the_topic_it_names(robots: Topic) -> None:
    other, reader = make_topic("other"), make_reader()
    liked = suction("Liked")
    make_match(robots, liked)
    make_mark(reader, liked, topic=other)

    found = read_opinions(
        reader.pk, {robots.pk, other.pk}, has_marks=True, has_mutes=False
    )

    assert found.learning() == {other.pk}


def test_a_refused_paper_never_comes_not_even_as_a_pick(robots: Topic) -> None:
    daily = make_topic("daily", kind=Topic.Kind.DAILY)
    reader = due_reader(robots, daily)
    refused = Paper.objects.get(title="Robots with legs")
    make_mark(reader, refused, "less")
    make_pick(refused)

    plan_for(reader)

    assert titles(reader) == ["Robots with suction"]


def test_the_newest_marks_teach(robots: Topic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opinions, "MOST_MARKS", 2)
    reader = make_reader()
    papers = [suction(f"Liked {number}") for number in range(4)]
    for number, paper in enumerate(papers):
        at = NOW.replace(minute=number)
        (save_paper(reader, paper, saved_at=at) if number % 2 else None)
        make_mark(reader, paper, topic=robots, made_at=at)

    found = read_opinions(reader.pk, {robots.pk}, has_marks=True, has_mutes=False)

    said = found.taught[robots.pk]
    assert [(one.paper_id, one.is_saved) for one in said] == [
        (papers[3].pk, True),
        (papers[2].pk, False),
    ]


def test_a_wish_is_decided_anew() -> None:
    fill_archive()
    topic = make_topic(query="", wish="climbing robots")
    paper = suction("Holding on to glass walls")
    liked = suction("Suction cups on glass")
    match_papers(now=NOW)
    Match.objects.update_or_create(
        topic=topic,
        paper=paper,
        defaults={"margin": -1.4, "matched_at": NOW, "score": 1},
    )
    reader, other = due_reader(topic), due_reader(topic)
    make_mark(reader, had(reader, liked), topic=topic)

    plan_for(reader)
    plan_for(other)

    assert "Holding on to glass walls" in titles(reader)
    assert "Holding on to glass walls" not in titles(other)


def test_before_anything_was_learned_of_the_archive_marks_wait() -> None:
    topic = make_topic()
    reader = due_reader(topic)
    make_match(topic, make_paper("Paper"))
    make_mark(reader, make_paper("Liked"), topic=topic)

    plan_for(reader)

    assert titles(reader) == ["Paper"]


def test_a_query_that_names_no_word_is_ranked_by_what_was_liked(robots: Topic) -> None:
    Topic.objects.update(query='author:"Ada Author"')
    reader = due_reader(robots)
    make_mark(reader, had(reader, suction("Glass")), topic=robots)

    plan_for(reader)

    assert titles(reader)[0] == "Robots with suction"


def test_who_said_nothing_costs_no_query_more(
    robots: Topic, django_assert_num_queries: Any
) -> None:
    for number in range(3):
        make_match(make_topic(f"more-{number}"), make_paper())
    reader = make_reader("", *Topic.objects.all())

    with django_assert_num_queries(4):
        select(reader.schedule, Span(TODAY, TODAY))


def test_the_queries_of_a_reader_with_marks_are_fixed(
    robots: Topic, django_assert_max_num_queries: Any
) -> None:
    reader = make_reader("", robots)
    for number in range(12):
        paper = suction(f"Liked {number}")
        make_match(robots, paper)
        save_paper(reader, paper)
    mute(reader, Mute.Kind.WORD, "rubble")

    with django_assert_max_num_queries(19):
        chosen = select(reader.schedule, Span(TODAY, TODAY))

    assert len(chosen) == 13


TITLES = ("Robots with suction", "Robots with legs", "Glass walls", "Rubble and stairs")


class ReasonTest(TestCase):
    """Whatever is marked."""

    @settings(max_examples=12, deadline=None)
    @given(
        st.lists(st.sampled_from(TITLES), min_size=1, max_size=3),
        st.lists(st.sampled_from(("more", "less", "save")), min_size=3, max_size=3),
        st.sampled_from(("", "robots on glass")),
    )
    def test_the_reason_names_what_is_in_the_paper_or_the_title_of_a_liked_one(
        self, found: list[str], said: list[str], wish: str
    ) -> None:
        topic = make_topic(query="" if wish else "robots", wish=wish)
        reader = make_reader("", topic)
        for title in found:
            kind = suction if len(title) % 2 else legged
            make_match(topic, kind(title), margin=1.0 if wish else None)
        liked = []
        for number, word in enumerate(said):
            paper = had(reader, suction(f"Marked by hand {number}"))
            make_match(topic, paper)
            if word == "save":
                save_paper(reader, paper)
            else:
                make_mark(reader, paper, word)
            liked += [paper.title] * (word != "less")
        fit_archive(now=NOW)

        for item in select(reader.schedule, Span(TODAY, TODAY)):
            paper = Paper.objects.get(pk=item.candidate.paper_id)
            assert item.candidate.evidence
            for piece in item.candidate.evidence:
                if piece["kind"] == "similar":
                    assert piece["text"] in liked
                else:
                    assert piece["text"] in getattr(paper, str(piece["field"]))


def test_taste_of_nothing_is_none(robots: Topic) -> None:
    assert learn_taste(opinions.NOTHING_SAID, [robots]) is None
    assert not Mark.objects.exists()
