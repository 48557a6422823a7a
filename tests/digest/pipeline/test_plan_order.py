"""The order a reader wants, and the limit of a topic: what is mailed, what is held."""

from __future__ import annotations

from datetime import timedelta

import pytest

from digest.models import Subscription, Topic
from tests.digest.pipeline.planning import due_reader, papers_for, plan_for, titles
from tests.factories import (
    TODAY,
    make_match,
    make_paper,
    make_pick,
    make_topic,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic() -> Topic:
    """A topic with one paper that is close, one that is liked, one that is new."""
    topic = make_topic("robots")
    days = [timedelta(days=2), timedelta(days=1), timedelta()]
    close, liked, new = [TODAY - days_ago for days_ago in days]
    make_match(topic, make_paper("Close", announced_on=close), score=9)
    make_match(
        topic,
        make_paper("Liked", announced_on=liked, upvotes=3, reader_votes=1),
        score=1,
    )
    # More votes at its source, but a vote of a reader weighs five.
    make_match(topic, make_paper("New", announced_on=new, upvotes=6), score=2)
    return topic


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("relevance", ["Close", "New", "Liked"]),
        ("votes", ["Liked", "New", "Close"]),
        ("date", ["New", "Liked", "Close"]),
    ],
)
def test_the_mail_has_the_best_by_the_order_that_the_reader_wants(
    topic: Topic, order: str, expected: list[str]
) -> None:
    reader = due_reader(topic, order=order, max_papers=2)

    plan_for(reader)

    assert titles(reader) == expected[:2]
    assert titles(reader, is_in_mail=False) == expected[2:]


@pytest.mark.parametrize("order", ["relevance", "votes", "date"])
def test_what_curators_picked_stands_first_in_every_order(order: str) -> None:
    daily = make_topic("daily", kind=Topic.Kind.DAILY)
    yesterday = TODAY - timedelta(days=1)
    make_pick(make_paper("Picked", announced_on=yesterday), picked_on=yesterday)
    papers_for(daily, "New")
    reader = due_reader(daily, order=order)

    plan_for(reader)

    assert titles(reader)[0] == "Picked"


def test_a_topic_keeps_to_the_limit_that_its_reader_set(topic: Topic) -> None:
    optics = make_topic("optics")
    papers_for(optics, "A lens", "A laser")
    reader = due_reader(topic, optics)
    Subscription.objects.filter(topic=topic).update(max_papers=1)

    plan_for(reader)

    assert titles(reader) == ["A lens", "A laser", "Close"]
    assert titles(reader, is_in_mail=False) == ["New", "Liked"]
