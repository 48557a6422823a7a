"""The digest that a reader asks for at confirmation: seen first, sent once."""

from datetime import timedelta
from typing import Any

import pytest

from accounts import services as accounts
from digest.models import Cadence, Delivery, Digest, DigestItem
from digest.pipeline import plan
from tests.digest.pipeline.planning import (
    due_reader,
    outcomes,
    papers_for,
    plan_for,
    titles,
)
from tests.factories import NOW, TODAY, make_reader, make_subscription, make_topic

pytestmark = pytest.mark.django_db

A_DAY = timedelta(days=1)


def test_it_shows_what_the_last_seven_days_would_have_brought() -> None:
    topic = make_topic()
    reader = make_reader()
    make_subscription(reader, topic, started_at=NOW)
    papers_for(topic, "A week ago", announced_on=TODAY - 6 * A_DAY)
    papers_for(topic, "Older", announced_on=TODAY - 7 * A_DAY)

    shown = plan.preview(reader.pk, now=NOW)

    assert len(shown) == 1
    assert shown[0].candidate.evidence[0]["text"] == "A"
    assert not Digest.objects.exists()
    assert not DigestItem.objects.exists()


def test_it_sends_what_it_showed_and_counts_it_as_sent() -> None:
    topic = make_topic()
    reader = due_reader(topic)
    papers_for(topic, "Shown", announced_on=TODAY - 3 * A_DAY)

    delivery_id = plan.plan_welcome(reader.pk, now=NOW)

    delivery = Delivery.objects.get()
    assert (delivery.pk, delivery.state) == (delivery_id, Delivery.State.PLANNED)
    assert delivery.digest.cadence == Cadence.WELCOME
    assert delivery.expires_at == NOW + timedelta(hours=6)
    papers_for(topic, "New")
    plan_for(reader, NOW)
    assert titles(reader) == ["Shown", "New"]
    assert plan.preview(reader.pk, now=NOW) == []


def test_it_is_sent_once_however_often_it_is_asked_for() -> None:
    topic = make_topic()
    reader = make_reader("", topic)
    papers_for(topic, "First")
    plan.plan_welcome(reader.pk, now=NOW)
    papers_for(topic, "Second")

    assert plan.plan_welcome(reader.pk, now=NOW + A_DAY) is None
    assert outcomes(reader) == [("welcome", "")]
    assert titles(reader) == ["First"]


def test_it_can_be_asked_for_again_where_there_was_nothing_to_send() -> None:
    topic = make_topic()
    reader = make_reader("", topic)

    assert plan.plan_welcome(reader.pk, now=NOW) is None
    papers_for(topic, "First")

    assert plan.plan_welcome(reader.pk, now=NOW) is not None


def test_it_holds_the_cap() -> None:
    topic = make_topic()
    reader = make_reader("", topic, max_papers=1)
    papers_for(topic, "Best", "Good")

    plan.plan_welcome(reader.pk, now=NOW)

    assert titles(reader) == ["Best"]
    assert titles(reader, is_in_mail=False) == ["Good"]


def test_it_writes_to_no_suppressed_address() -> None:
    topic = make_topic()
    reader = make_reader("gone@example.org", topic)
    papers_for(topic, "Paper")
    accounts.suppress("gone@example.org", "complaint", "all", NOW)

    assert plan.plan_welcome(reader.pk, now=NOW) is None
    assert not Digest.objects.exists()


def test_it_does_not_put_off_the_digest_of_the_day() -> None:
    topic = make_topic()
    reader = due_reader(topic)
    papers_for(topic, "Shown")
    plan.plan_welcome(reader.pk, now=NOW)
    papers_for(topic, "New")

    plan_for(reader, NOW + timedelta(minutes=1))

    assert outcomes(reader) == [("2026-11-20", ""), ("welcome", "")]


@pytest.mark.parametrize(
    "wish", [{"ended_at": NOW}, {"paused_until": TODAY + timedelta(days=1)}]
)
def test_it_sends_nothing_to_a_reader_who_left_or_paused(wish: dict[str, Any]) -> None:
    topic = make_topic()
    papers_for(topic, "Paper")
    reader = make_reader("", topic, **wish)

    assert plan.plan_welcome(reader.pk, now=NOW) is None
    assert not Digest.objects.exists()
