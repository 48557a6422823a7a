"""The day's candidates: what most readers would miss stands first."""

from __future__ import annotations

import pytest

from digest import curating
from digest.curating.ranking import Which
from digest.models import Submission, Topic
from tests.factories import (
    NOW,
    TODAY,
    hide_paper,
    make_match,
    make_paper,
    make_pick,
    make_reader,
    make_topic,
)

pytestmark = pytest.mark.django_db


def ranked(which: Which = Which.NEW, topic: Topic | None = None) -> list[int]:
    return [one.paper_id for one in curating.rank_day(TODAY, which, topic)]


def test_topics_votes_code_and_proposals_bring_a_paper_up() -> None:
    plain, voted, starred, matched, proposed = (make_paper() for _ in range(5))
    type(voted).objects.filter(pk=voted.pk).update(upvotes=30)
    type(voted).objects.filter(pk=starred.pk).update(signals={"code_stars": 5})
    make_match(make_topic(), matched, score=7.5)
    Submission.objects.create(
        user=make_reader(),
        key=proposed.canonical_id,
        url=proposed.url,
        paper=proposed,
        why="Good.",
        state="waiting",
        sent_at=NOW,
    )

    assert ranked() == [matched.pk, proposed.pk, voted.pk, starred.pk, plain.pk]


def test_personal_and_retired_topics_tell_curators_nothing() -> None:
    paper = make_paper()
    make_match(make_topic(owner=make_reader()), paper)
    make_match(make_topic(is_retired=True), paper)

    (one,) = curating.rank_day(TODAY, Which.NEW)

    assert (one.topic_count, one.points) == (0, 0)


def test_what_was_dealt_with_is_looked_at_no_more() -> None:
    new, seen, picked, hidden = (make_paper() for _ in range(4))
    make_paper(announced_on=TODAY.replace(day=1))
    make_paper(merged_into=new)
    curating.mark_seen(make_reader(), [seen.pk], NOW)
    make_pick(picked)
    hide_paper(hidden)

    assert ranked() == [new.pk]
    assert ranked(Which.SEEN) == [seen.pk]
    assert ranked(Which.HIDDEN) == [hidden.pk]
    assert set(ranked(Which.ALL)) == {new.pk, seen.pk, picked.pk, hidden.pk}


def test_one_topic_is_looked_at_alone() -> None:
    topic = make_topic()
    paper, _other = make_paper(), make_paper()
    make_match(topic, paper)

    assert ranked(topic=topic) == [paper.pk]
