"""A match knows its paper's day, whatever becomes of that."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from digest.models import Match, Merge, Paper
from digest.pipeline.match import match_papers
from digest.pipeline.merges import merge_papers, undo_merge
from tests import factories as make
from tests.digest.pipeline.works import in_feed, on_arxiv, paper, take
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db

YESTERDAY = TODAY - timedelta(days=1)


def days() -> list[tuple[int, date | None]]:
    return list(Match.objects.order_by("pk").values_list("paper_id", "announced_on"))


@pytest.mark.parametrize("asked", [{"query": "robot"}, {"query": "", "wish": "robots"}])
def test_it_is_written_with_the_match(asked: dict[str, str]) -> None:
    found = make.make_paper("Robots", announced_on=YESTERDAY, matched_at=None)
    make.make_topic("robots", **asked)

    match_papers(now=NOW)

    assert days() == [(found.pk, YESTERDAY)]


def test_it_follows_a_merge_and_back() -> None:
    take(in_feed())
    merged = paper(in_feed())
    Paper.objects.filter(pk=merged.pk).update(announced_on=YESTERDAY)
    take(on_arxiv(title="Under another title"), kind="arxiv_rss")
    kept = paper(on_arxiv())
    make.make_match(make.make_topic("robots"), kept)
    make.make_match(make.make_topic("feeds"), merged, announced_on=YESTERDAY)
    before = days()

    merge_papers(kept.pk, merged.pk, now=NOW)
    assert days() == [(kept.pk, YESTERDAY)] * 2

    user = make.make_reader()
    undo_merge(Merge.objects.get().pk, user=user, now=NOW)
    assert days() == before


def test_it_follows_a_paper_that_was_announced_earlier_elsewhere() -> None:
    take(on_arxiv(), kind="arxiv_rss")
    found = paper(on_arxiv())
    make.make_match(make.make_topic("robots"), found)

    take(on_arxiv(announced_on=YESTERDAY), kind="arxiv_rss")

    assert days() == [(found.pk, YESTERDAY)]


def test_hidden_and_merged_papers_are_not_shown() -> None:
    robots = make.make_topic("robots")
    shown, hidden, merged, old = (make.make_paper() for _ in range(4))
    for each in (shown, hidden, merged):
        make.make_match(robots, each)
    make.make_match(robots, old, announced_on=YESTERDAY)
    make.hide_paper(hidden)
    Paper.objects.filter(pk=merged.pk).update(merged_into=shown)

    found = Match.objects.shown_between(TODAY, TODAY)

    assert [match.paper_id for match in found] == [shown.pk]
