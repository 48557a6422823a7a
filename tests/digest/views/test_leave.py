"""Leaving one topic, less mail instead of none, and undo. U8, U12 and U13."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.test import Client

from accounts.models import User
from digest.models import Schedule, Subscription, Topic
from tests.digest.views.steps import one_click
from tests.factories import NOW

FORM = "application/x-www-form-urlencoded"


def has_ended(schedule: Schedule) -> bool:
    return Schedule.objects.get(pk=schedule.pk).ended_at is not None


def test_u8_leaving_one_topic_leaves_the_others(
    machine: Client, leave_url: str, ada: User, daily: Topic
) -> None:
    machine.post(leave_url, {"confirm": "1"})

    left = Subscription.objects.active().filter(user=ada)
    assert [subscription.topic for subscription in left] == [daily]
    assert not has_ended(ada.schedule)


def test_u12_leaving_a_topic_offers_all_pause_less_and_undo(
    machine: Client, leave_url: str
) -> None:
    page = machine.post(leave_url, {"confirm": "1"}).content.decode()

    for button in ("confirm", "pause", "weekly", "undo"):
        assert f'name="{button}"' in page


def test_u12_one_click_on_a_topic_ends_that_topic(
    machine: Client, leave_url: str, subscription: Subscription
) -> None:
    assert one_click(machine, leave_url).status_code == 200

    subscription.refresh_from_db()
    assert subscription.status == Subscription.Status.ENDED


def test_u12_a_pause_and_a_weekly_digest_are_kept(
    machine: Client, url: str, schedule: Schedule
) -> None:
    machine.post(url, {"pause": "1"})
    machine.post(url, {"weekly": "1"})

    schedule.refresh_from_db()
    assert schedule.paused_until == NOW.date() + timedelta(days=28)
    assert schedule.cadence == "weekly"
    assert schedule.next_due_at > NOW
    assert schedule.ended_at is None


def test_u12_a_weekly_digest_can_become_a_monthly_one(
    machine: Client, url: str, schedule: Schedule
) -> None:
    assert 'name="monthly"' not in machine.get(url).content.decode()
    Schedule.objects.update(cadence="weekly")
    assert 'name="monthly"' in machine.get(url).content.decode()

    machine.post(url, {"monthly": "1"})

    schedule.refresh_from_db()
    assert schedule.cadence == "monthly"
    assert schedule.next_due_at > NOW


def test_a_longer_pause_is_not_cut_short(
    machine: Client, url: str, schedule: Schedule
) -> None:
    far = NOW.date() + timedelta(days=90)
    Schedule.objects.update(paused_until=far)

    machine.post(url, {"pause": "1"})

    schedule.refresh_from_db()
    assert schedule.paused_until == far


def test_u13_the_end_can_be_undone_for_thirty_days(
    machine: Client, url: str, schedule: Schedule, clock: list[datetime]
) -> None:
    one_click(machine, url)
    clock[0] = NOW + timedelta(days=30)

    assert 'name="undo"' in machine.get(url).content.decode()
    assert has_ended(schedule)
    machine.post(url, {"undo": "1"})

    assert not has_ended(schedule)
    assert Subscription.objects.active().filter(user=schedule.user).count() == 2


def test_u13_after_thirty_days_only_a_new_sign_up_begins_again(
    machine: Client, url: str, schedule: Schedule, clock: list[datetime]
) -> None:
    one_click(machine, url)
    clock[0] = NOW + timedelta(days=30, seconds=1)

    assert 'name="undo"' not in machine.get(url).content.decode()
    machine.post(url, {"undo": "1"})

    assert has_ended(schedule)


def test_u13_leaving_a_topic_can_be_undone(
    machine: Client, leave_url: str, subscription: Subscription
) -> None:
    machine.post(leave_url, {"confirm": "1"})
    machine.post(leave_url, {"undo": "1"})

    subscription.refresh_from_db()
    assert subscription.status == Subscription.Status.ACTIVE
