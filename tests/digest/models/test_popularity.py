"""Order by votes: the readers' own weigh more, and in the trending view age sinks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from digest.models import Paper
from tests.factories import TODAY, make_paper

pytestmark = pytest.mark.django_db


def trending() -> list[str]:
    """Titles in the order of the trending view."""
    return [paper.title for paper in Paper.objects.trending(TODAY)]


def test_a_vote_here_weighs_as_much_as_five_at_the_source() -> None:
    make_paper("six there", upvotes=6)
    make_paper("one here", reader_votes=1)
    make_paper("both", reader_votes=1, upvotes=2)

    titles = [paper.title for paper in Paper.objects.most_voted()]
    assert titles == ["both", "six there", "one here"]


def test_after_three_days_a_vote_weighs_half_wherever_it_was_given() -> None:
    make_paper("new", upvotes=10)
    make_paper("three days, 22", upvotes=22, announced_on=TODAY - timedelta(days=3))
    make_paper("three days, 18", upvotes=18, announced_on=TODAY - timedelta(days=3))
    make_paper("six days, 9", reader_votes=9, announced_on=TODAY - timedelta(days=6))
    make_paper("six days, 7", reader_votes=7, announced_on=TODAY - timedelta(days=6))

    assert trending() == [
        "six days, 9",
        "three days, 22",
        "new",
        "three days, 18",
        "six days, 7",
    ]


def test_trending_has_voted_papers_alone_in_one_query() -> None:
    make_paper("no vote")
    make_paper("of tomorrow", upvotes=9_999, announced_on=TODAY + timedelta(days=1))
    make_paper("many votes", upvotes=400_000)
    make_paper("one of ours", reader_votes=1)

    with CaptureQueriesContext(connection) as queries:
        assert trending() == ["many votes", "one of ours"]
    assert len(queries) == 1
