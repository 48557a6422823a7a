"""New papers of the window that say nearly the same are filed as companions."""

from datetime import timedelta

import pytest

from digest.models import Companion, Paper
from digest.pipeline.match import match_papers
from digest.pipeline.match.window import WINDOW_DAYS
from tests.digest.pipeline.alike import part
from tests.digest.pipeline.tastes import fill_archive, suction
from tests.factories import NOW, TODAY, make_topic

pytestmark = pytest.mark.django_db


def pairs() -> list[tuple[Paper, Paper]]:
    return [
        (row.paper, row.other)
        for row in Companion.objects.order_by("paper", "other").select_related()
    ]


def match_new() -> None:
    match_papers(now=NOW)


def test_papers_of_one_day_are_filed_once() -> None:
    fill_archive()
    one, two = part("force"), part("time")
    suction()

    match_new()

    assert pairs() == [(one, two)]
    assert 0.55 <= Companion.objects.get().likeness <= 1


def test_a_new_paper_is_compared_with_those_of_the_window_alone() -> None:
    part("past", announced_on=TODAY - timedelta(days=WINDOW_DAYS))
    recent = part("recent", announced_on=TODAY - timedelta(days=WINDOW_DAYS - 1))
    match_new()
    new = part("new")

    match_new()

    assert pairs() == [(recent, new)]


def test_the_earlier_one_comes_first_whichever_is_known_first() -> None:
    late = part("late")
    match_new()
    early = part("early", announced_on=TODAY - timedelta(days=2))

    match_new()

    assert pairs() == [(early, late)]


def test_a_second_run_changes_nothing() -> None:
    part("force"), part("time")
    match_new()
    before = list(Companion.objects.values())

    match_new()
    Paper.objects.update(matched_at=None)
    match_new()

    assert list(Companion.objects.values()) == before


def test_what_a_changed_paper_no_longer_says_is_dropped() -> None:
    one, two, changed = part("force"), part("time"), part("cost")
    match_new()
    assert len(pairs()) == 3
    changed.title, changed.abstract = "Legs", "Legged robots walk over rubble."
    changed.matched_at, changed.changed_at = None, NOW + timedelta(hours=1)
    changed.save()

    match_new()

    assert pairs() == [(one, two)]


def test_a_topic_that_is_matched_alone_files_nothing() -> None:
    topic = make_topic(query="glass")
    part("force"), part("time")

    match_papers(now=NOW, topic_ids=[topic.pk])

    assert pairs() == []


def test_a_merged_paper_is_no_companion() -> None:
    one = part("force")
    part("time", merged_into=one)

    match_new()

    assert pairs() == []
