"""One digest a reader and period, written whole, or a period skipped with a reason."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts import services as accounts
from digest.models import (
    Cadence,
    Delivery,
    Digest,
    DigestItem,
    Schedule,
    Topic,
)
from digest.pipeline import plan
from digest.pipeline.plan.writing import Draft, write
from digest.reading import subscriptions
from tests.digest.pipeline.planning import (
    SEVEN,
    due_reader,
    outcomes,
    papers_for,
    plan_for,
    titles,
)
from tests.factories import (
    NOW,
    TODAY,
    make_digest,
    make_item,
    make_paper,
    make_topic,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic() -> Topic:
    """A topic with three papers of two days ago."""
    topic = make_topic("robots")
    papers_for(topic, "Best", "Good", "Fair", announced_on=TODAY - timedelta(days=2))
    return topic


def test_it_writes_digest_items_and_delivery_together(topic: Topic) -> None:
    reader = due_reader(topic)

    delivery = plan_for(reader)

    digest = Digest.objects.get()
    assert (digest.user, digest.cadence, digest.period_key) == (
        reader,
        Cadence.DAILY,
        "2026-11-20",
    )
    assert (digest.due_at, digest.zone, digest.planned_at) == (SEVEN, "UTC", NOW)
    assert titles(reader) == ["Best", "Good", "Fair"]
    assert delivery is not None
    assert (delivery.digest, delivery.state) == (digest, Delivery.State.PLANNED)
    assert delivery.next_attempt_at == NOW
    assert delivery.expires_at == SEVEN + timedelta(hours=18)
    assert delivery.message_id == f"<{delivery.public_id.hex}@papers.example.org>"


def test_it_plans_a_period_once_however_often_it_is_asked(topic: Topic) -> None:
    reader = due_reader(topic)
    plan_for(reader)
    # A second sweep that read the schedule before the first one moved it on.
    Schedule.objects.update(next_due_at=SEVEN)

    assert plan_for(reader) is None
    assert outcomes(reader) == [("2026-11-20", "")]
    assert DigestItem.objects.count() == 3


def test_it_moves_the_schedule_on_by_one_period(topic: Topic) -> None:
    reader = due_reader(topic)

    plan_for(reader)

    reader.schedule.refresh_from_db()
    assert reader.schedule.next_due_at == SEVEN + timedelta(days=1)
    assert not Schedule.objects.due(NOW).exists()


def test_it_plans_nothing_before_the_hour(topic: Topic) -> None:
    reader = due_reader(topic)

    assert plan_for(reader, SEVEN - timedelta(seconds=1)) is None
    assert outcomes(reader) == []


def test_the_database_allows_one_digest_a_reader_and_period() -> None:
    reader = due_reader()
    make_digest(reader, period_key="2026-11-20")

    with pytest.raises(IntegrityError), transaction.atomic():
        make_digest(reader, period_key="2026-11-20")


def test_the_database_allows_a_paper_once_to_a_reader_while_it_is_reserved() -> None:
    reader, paper = due_reader(), make_paper()
    item = make_item(make_digest(reader), paper)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_item(make_digest(reader), paper)

    item.released_at = NOW
    item.save()
    make_item(make_digest(reader), paper)
    make_item(make_digest(due_reader()), paper)


def test_it_writes_nothing_at_all_when_a_paper_turns_out_to_be_taken(
    topic: Topic,
) -> None:
    reader = due_reader(topic)
    chosen = plan.preview(reader.pk, now=NOW)
    make_item(make_digest(reader), topic.matches.best_first()[1].paper)
    digest, _items = plan.draft_next(reader.schedule, now=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        write([Draft(digest, chosen, NOW)], now=NOW)

    assert not Digest.objects.filter(public_id=digest.public_id).exists()
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("lateness", "reason"),
    [(timedelta(hours=18), ""), (timedelta(hours=18, seconds=1), "expired")],
)
def test_it_gives_up_a_daily_digest_after_18_hours(
    lateness: timedelta, reason: str, topic: Topic
) -> None:
    reader = due_reader(topic)

    plan_for(reader, SEVEN + lateness)

    assert outcomes(reader) == [("2026-11-20", reason)]


def test_it_plans_the_latest_period_alone_after_a_downtime(topic: Topic) -> None:
    reader = due_reader(topic, next_due_at=SEVEN - timedelta(days=3))

    plan_for(reader)

    assert outcomes(reader) == [
        ("2026-11-17", "superseded"),
        ("2026-11-18", "superseded"),
        ("2026-11-19", "superseded"),
        ("2026-11-20", ""),
    ]
    assert titles(reader) == ["Best", "Good", "Fair"]


def test_it_skips_a_period_for_which_nothing_matched() -> None:
    reader = due_reader(make_topic())

    assert plan_for(reader) is None
    assert outcomes(reader) == [("2026-11-20", "empty")]
    reader.schedule.refresh_from_db()
    assert reader.schedule.next_due_at == SEVEN + timedelta(days=1)


def test_it_skips_a_suppressed_address(topic: Topic) -> None:
    reader = due_reader(topic, email="bounced@example.org")
    accounts.suppress("Bounced@Example.org", "hard_bounce", "all", NOW)

    plan_for(reader)

    assert outcomes(reader) == [("2026-11-20", "suppressed")]
    assert titles(reader) == []


def test_it_skips_while_the_reader_pauses_and_brings_the_papers_after(
    topic: Topic,
) -> None:
    reader = due_reader(topic, paused_until=TODAY + timedelta(days=1))

    plan_for(reader)
    plan_for(reader, NOW + timedelta(days=1))

    assert outcomes(reader) == [("2026-11-20", "paused"), ("2026-11-21", "")]
    assert titles(reader) == ["Best", "Good", "Fair"]


def test_it_reads_a_pause_on_the_readers_own_calendar(topic: Topic) -> None:
    # In Auckland it is 7:00 on the 21st when UTC still shows the 20th.
    due = datetime.fromisoformat("2026-11-20T18:00+00:00")
    back_on_the_21st = due_reader(
        topic, zone="Pacific/Auckland", next_due_at=due, paused_until=date(2026, 11, 21)
    )
    back_on_the_22nd = due_reader(
        topic, zone="Pacific/Auckland", next_due_at=due, paused_until=date(2026, 11, 22)
    )

    plan_for(back_on_the_21st, due)
    plan_for(back_on_the_22nd, due)

    assert outcomes(back_on_the_21st) == [("2026-11-21", "")]
    assert outcomes(back_on_the_22nd) == [("2026-11-21", "paused")]


def test_it_plans_nothing_for_a_reader_who_left(topic: Topic) -> None:
    reader = due_reader(topic)
    subscriptions.end_all(reader.schedule, now=NOW)

    assert plan_for(reader) is None
    assert not Schedule.objects.due(NOW).exists()
    assert outcomes(reader) == []


def test_it_keeps_the_counts_of_a_reader_who_was_erased(topic: Topic) -> None:
    reader = due_reader(topic)
    plan_for(reader)
    accounts.erase_user(reader, NOW)

    digest = Digest.objects.get()
    assert (digest.user, digest.items.count()) == (None, 3)
    assert Delivery.objects.get().state == Delivery.State.SKIPPED
    assert not Schedule.objects.exists()
