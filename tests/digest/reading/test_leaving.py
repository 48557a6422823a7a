"""Topics left: what has not been sent stops, what others want goes on."""

from datetime import timedelta

import pytest

from digest.models import Delivery, DigestItem, Subscription
from digest.reading import subscriptions
from tests.digest.pipeline.planning import (
    due_reader,
    outcomes,
    papers_for,
    plan_for,
    topics_of,
)
from tests.factories import (
    NOW,
    make_delivery,
    make_digest,
    make_item,
    make_paper,
    make_reader,
    make_subscription,
    make_topic,
)

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=3)


def test_it_leaves_one_topic_and_keeps_what_is_planned() -> None:
    left, kept = make_topic("left"), make_topic("kept")
    reader = due_reader(left, kept)
    papers_for(kept, "Paper")
    plan_for(reader)
    subscription = reader.subscriptions.get(topic=left)

    assert subscriptions.leave(subscription, now=NOW) is True
    assert subscriptions.leave(subscription, now=LATER) is False

    subscription.refresh_from_db()
    assert (subscription.status, subscription.ended_at) == ("ended", NOW)
    assert topics_of(reader) == {"kept"}
    assert Delivery.objects.get().state == Delivery.State.PLANNED


def test_it_cancels_what_is_planned_when_the_last_topic_is_left() -> None:
    topic = make_topic()
    reader, other = due_reader(topic), due_reader(topic)
    papers_for(topic, "Paper")
    plan_for(reader)
    plan_for(other)

    subscriptions.leave(reader.subscriptions.get(), now=NOW)

    cancelled = Delivery.objects.get(digest__user=reader)
    assert (cancelled.state, cancelled.reason) == (
        Delivery.State.SKIPPED,
        "the reader left",
    )
    assert DigestItem.objects.get(user=reader).released_at == NOW
    assert Delivery.objects.get(digest__user=other).state == Delivery.State.PLANNED


def test_a_paused_subscription_brings_nothing_and_joins_again() -> None:
    topic = make_topic("robots")
    reader = due_reader()
    make_subscription(reader, topic, status=Subscription.Status.PAUSED)
    papers_for(topic, "Paper")

    plan_for(reader)
    subscriptions.join(reader, topic, now=NOW)

    assert outcomes(reader) == [("2026-11-20", "empty")]
    assert topics_of(reader) == {"robots"}


def test_leaving_one_topic_cancels_the_waiting_mail_with_its_papers() -> None:
    optics, robots = make_topic("optics"), make_topic("robots")
    user = make_reader("ada@example.org", optics, robots)
    digest = make_digest(user)
    item = make_item(digest, make_paper(), optics)
    other = make_item(digest, make_paper(), robots)
    delivery = make_delivery(digest)

    subscriptions.leave(user.subscriptions.get(topic=optics), now=NOW)

    for row in (delivery, item, other):
        row.refresh_from_db()
    assert delivery.state == Delivery.State.SKIPPED
    assert item.released_at == other.released_at == NOW


def test_leaving_one_topic_keeps_a_waiting_mail_without_its_papers() -> None:
    optics, robots = make_topic("optics"), make_topic("robots")
    user = make_reader("ada@example.org", optics, robots)
    digest = make_digest(user)
    make_item(digest, make_paper(), robots)
    delivery = make_delivery(digest)

    subscriptions.leave(user.subscriptions.get(topic=optics), now=NOW)

    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.PLANNED
