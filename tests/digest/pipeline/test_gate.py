"""I13: a restored copy sends nothing before it was released; a small site just runs."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Notice, User
from digest.models import Delivery, Digest, Heartbeat, Schedule, SendingHold
from digest.pipeline import gate, reconcile, states
from digest.pipeline.gate.restored import DAY, LEAST
from digest.pipeline.watch import heartbeats
from tests.digest.pipeline.sending import State, deliver_one, queue, state_of
from tests.factories import NOW, make_digest, make_reader

pytestmark = pytest.mark.django_db


def be_alive(at: datetime) -> None:
    """The last sweep was then."""
    heartbeats.leave(heartbeats.SWEEP, now=at)


def make_due(count: int, at: datetime = NOW) -> None:
    """So many readers whose digest is due."""
    users = User.objects.bulk_create(
        User(
            email=f"r{n}@example.org", email_key=f"r{n}@example.org", email_hmac=str(n)
        )
        for n in range(count)
    )
    Schedule.objects.bulk_create(
        Schedule(
            user=user,
            next_due_at=at,
            unsubscribe_token=f"u{user.pk}",
            manage_token=f"m{user.pk}",
            feedback_token=f"f{user.pk}",
            list_token=f"l{user.pk}",
            created_at=at,
        )
        for user in users
    )


def make_past(*counts: int) -> None:
    """Digests of the days before, the day that lies furthest back first."""
    for ago, count in enumerate(reversed(counts)):
        at = NOW - ago * DAY - timedelta(hours=1)
        make_digest(due_at=at)
        Digest.objects.bulk_create(
            Digest(
                cadence="daily",
                period_key=f"{ago}-{n}",
                due_at=at,
                zone="UTC",
                planned_at=at,
                status=Digest.Status.PLANNED,
            )
            for n in range(count - 1)
        )


def test_a_restored_copy_sends_nothing_until_an_operator_releases_it() -> None:
    User.objects.create_superuser("boss@example.org")
    be_alive(NOW - timedelta(hours=49))
    delivery = queue()
    make_due(LEAST)
    assert deliver_one(delivery.pk, now=NOW) == "", "not even before the first sweep"

    reconcile.find_work(now=NOW)

    hold = SendingHold.objects.get()
    assert hold.reason.startswith("Nothing was sent for 49 hours, and 101 digests are")
    note = Notice.objects.get()
    assert (note.email, note.kind) == ("boss@example.org", "operator_note")
    assert hold.reason in note.value
    for minute in range(3):
        soon = NOW + timedelta(minutes=minute)
        reconcile.find_work(now=soon)
        assert deliver_one(delivery.pk, now=soon) == ""
    assert state_of(delivery) == State.QUEUED
    assert SendingHold.objects.count() == Notice.objects.count() == 1

    SendingHold.objects.update(released_at=NOW)
    reconcile.find_work(now=NOW + timedelta(minutes=5))

    assert not states.is_held()
    assert deliver_one(delivery.pk, now=NOW + timedelta(minutes=5)) == State.ACCEPTED
    assert Delivery.objects.get(pk=delivery.pk).attempt_count == 1


@pytest.mark.parametrize("hours", [0, 1, 6])
def test_a_short_stop_holds_nothing(hours: int) -> None:
    be_alive(NOW - timedelta(hours=hours))
    make_due(LEAST)

    assert not gate.hold_if_suspicious(now=NOW)


def test_a_small_site_that_slept_for_a_week_just_goes_on() -> None:
    be_alive(NOW - timedelta(days=7))
    make_due(LEAST - 2)
    delivery = queue()

    reconcile.find_work(now=NOW)

    assert not SendingHold.objects.exists()
    assert deliver_one(delivery.pk, now=NOW) == State.ACCEPTED


def test_a_first_start_holds_nothing_however_many_are_due() -> None:
    make_due(LEAST * 3)
    assert not Heartbeat.objects.exists()

    reconcile.find_work(now=NOW)

    assert not SendingHold.objects.exists()


@pytest.mark.parametrize(
    ("days", "due", "is_held"),
    [
        ((90, 90, 90, 90, 90, 90, 90, 90), 180, False),
        ((90, 90, 90, 90, 90, 90, 90, 90), 181, True),
        ((10, 10, 10, 10, 10, 10, 10, 10), LEAST - 1, False),
        ((10, 10, 10, 10, 10, 10, 10, 10), LEAST, True),
        ((90, 160, 90, 90, 90, 90, 90, 90), 240, False),  # a day of weekly digests
        ((90, 160, 90, 90, 90, 90, 90, 90), 241, True),
        ((90, 90, 90), 500, False),  # younger than a week
    ],
)
def test_far_more_than_in_the_last_seven_days_is_held(
    days: tuple[int, ...], due: int, *, is_held: bool
) -> None:
    be_alive(NOW)
    make_past(*days)
    make_due(due)

    assert gate.hold_if_suspicious(now=NOW) is is_held
    if is_held:
        words = f"{due} digests are due at once, where {days[-1]} in a day are usual."
        assert SendingHold.objects.get().reason.startswith(words)


def test_who_released_a_hold_is_not_asked_again_about_the_same() -> None:
    be_alive(NOW)
    make_past(*[10] * 8)
    make_due(LEAST)
    assert gate.hold_if_suspicious(now=NOW)
    SendingHold.objects.update(released_at=NOW)

    for hours, is_held in ((23, False), (25, True)):
        later = NOW + timedelta(hours=hours)
        be_alive(later)
        assert gate.hold_if_suspicious(now=later) is is_held


def test_what_was_tried_before_is_no_backlog() -> None:
    be_alive(NOW - timedelta(days=1))
    make_due(LEAST - 1)
    queue(attempt_count=2)

    assert not gate.hold_if_suspicious(now=NOW)


def test_a_day_like_any_other_costs_two_queries() -> None:
    be_alive(NOW)
    make_reader()

    with CaptureQueriesContext(
        connection,
    ) as queries:
        gate.hold_if_suspicious(now=NOW)

    assert len(queries) == 2
