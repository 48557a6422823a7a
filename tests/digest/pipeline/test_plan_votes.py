"""Readers' own votes bring papers into "Daily Papers", in the order of all votes."""

from __future__ import annotations

import pytest

from digest.models import Topic
from digest.pipeline.plan.gathering import DAILY_TOP_PAPERS, Span
from digest.pipeline.plan.selection import select
from tests import factories as make
from tests.factories import TODAY

pytestmark = pytest.mark.django_db


def test_three_votes_here_bring_a_paper_among_the_days_ten() -> None:
    batch = make.make_batch()
    reader = make.make_reader("", make.make_topic("daily", kind=Topic.Kind.DAILY))
    for number in range(DAILY_TOP_PAPERS):
        paper = make.make_paper(f"Listed {number}", upvotes=13 + number)
        make.make_announcement(paper, batch)
    own = make.make_paper("Ours", reader_votes=3)
    make.make_announcement(own, batch)
    make.make_announcement(own, make.make_batch())

    found = [item.candidate for item in select(reader.schedule, Span(TODAY, TODAY))]

    assert len(found) == DAILY_TOP_PAPERS
    place = [candidate.paper_id for candidate in found].index(own.pk)
    assert place == 8
    assert found[place].evidence[0]["text"] == "3"
