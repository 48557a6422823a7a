"""What readers change about their schedule, weeks, and clocks that jump."""

from datetime import date, datetime, timedelta

import pytest

from digest.models import Schedule, Topic
from digest.pipeline import plan
from digest.pipeline.match.window import MONTHLY_DAYS
from tests.digest.pipeline.planning import (
    SEVEN,
    due_reader,
    outcomes,
    papers_for,
    plan_for,
    titles,
)
from tests.factories import NOW, TODAY, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic() -> Topic:
    """A topic with three papers of two days ago."""
    topic = make_topic("robots")
    papers_for(topic, "Best", "Good", "Fair", announced_on=TODAY - timedelta(days=2))
    return topic


def test_it_leaves_twelve_hours_between_two_digests(topic: Topic) -> None:
    reader = due_reader(topic, hour=23, next_due_at=SEVEN - timedelta(hours=8))
    plan_for(reader, SEVEN - timedelta(hours=8))
    papers_for(topic, "Of the morning")
    Schedule.objects.filter(user=reader).update(hour=10, next_due_at=NOW)
    reader.schedule.refresh_from_db()

    plan_for(reader, NOW)

    assert outcomes(reader) == [("2026-11-19", ""), ("2026-11-20", "too_soon")]
    plan_for(reader, NOW + timedelta(days=1))
    assert outcomes(reader)[-1] == ("2026-11-21", "")
    assert titles(reader)[-1] == "Of the morning"


def test_it_counts_no_period_without_a_mail_as_too_soon() -> None:
    topic = make_topic()
    eleven = SEVEN - timedelta(hours=8)
    reader = due_reader(topic, hour=23, next_due_at=eleven)
    plan_for(reader, eleven)
    papers_for(topic, "Of the morning")
    Schedule.objects.filter(user=reader).update(hour=10, next_due_at=NOW)
    reader.schedule.refresh_from_db()

    plan_for(reader, NOW)

    assert outcomes(reader) == [("2026-11-19", "empty"), ("2026-11-20", "")]


def test_it_changes_zone_and_hour_from_the_next_period_on(topic: Topic) -> None:
    reader = due_reader(topic)
    plan_for(reader, SEVEN)
    papers_for(topic, "Later")
    # The same day again, at an hour that is still to come.
    Schedule.objects.filter(user=reader).update(hour=20, zone="Asia/Kolkata")
    reader.schedule.refresh_from_db()
    plan.reschedule(reader.schedule, now=SEVEN + timedelta(hours=1))

    plan_for(reader, SEVEN + timedelta(hours=8))

    reader.schedule.refresh_from_db()
    assert outcomes(reader) == [("2026-11-20", "")]
    assert reader.schedule.next_due_at.isoformat() == "2026-11-21T14:30:00+00:00"
    plan_for(reader, SEVEN + timedelta(hours=32))
    assert outcomes(reader)[-1] == ("2026-11-21", "")


@pytest.mark.parametrize(
    ("offset", "key"), [(timedelta(), "2026-W47"), (timedelta(days=3), "2026-W47")]
)
def test_it_sends_a_weekly_digest_for_the_iso_week(
    offset: timedelta, key: str, topic: Topic
) -> None:
    reader = due_reader(topic, cadence="weekly", weekday=5)

    delivery = plan_for(reader, SEVEN + offset)

    assert delivery is not None
    assert outcomes(reader) == [(key, "")]
    assert delivery.expires_at == SEVEN + timedelta(days=3)
    reader.schedule.refresh_from_db()
    assert reader.schedule.next_due_at == SEVEN + timedelta(days=7)


def test_it_gives_up_a_weekly_digest_after_three_days(topic: Topic) -> None:
    reader = due_reader(topic, cadence="weekly", weekday=5)

    plan_for(reader, SEVEN + timedelta(days=3, seconds=1))

    assert outcomes(reader) == [("2026-W47", "expired")]


def test_it_sends_no_second_weekly_digest_when_the_day_is_changed(topic: Topic) -> None:
    reader = due_reader(topic, cadence="weekly", weekday=4, next_due_at=SEVEN)
    Schedule.objects.update(next_due_at=SEVEN - timedelta(days=1))
    reader.schedule.refresh_from_db()
    plan_for(reader, SEVEN - timedelta(days=1))
    papers_for(topic, "Later")
    Schedule.objects.update(weekday=5, next_due_at=SEVEN)
    reader.schedule.refresh_from_db()

    assert plan_for(reader, SEVEN) is None
    assert outcomes(reader) == [("2026-W47", "")]
    reader.schedule.refresh_from_db()
    assert reader.schedule.next_due_at == SEVEN + timedelta(days=7)


def test_it_sends_a_monthly_digest_of_what_came_since_the_one_before(
    topic: Topic,
) -> None:
    papers_for(topic, "A month old", announced_on=TODAY - timedelta(days=30))
    papers_for(topic, "Too old", announced_on=TODAY - timedelta(days=MONTHLY_DAYS))
    reader = due_reader(topic, cadence="monthly", month_day=20)

    delivery = plan_for(reader, SEVEN)

    assert delivery is not None
    assert outcomes(reader) == [("2026-11", "")]
    assert sorted(titles(reader)) == ["A month old", "Best", "Fair", "Good"]
    assert delivery.expires_at == SEVEN + timedelta(days=7)
    reader.schedule.refresh_from_db()
    assert reader.schedule.next_due_at.isoformat() == "2026-12-20T07:00:00+00:00"


def test_a_monthly_digest_that_is_a_week_late_leaves_no_day_out(topic: Topic) -> None:
    papers_for(topic, "Of the first day", announced_on=date(2026, 10, 20))
    reader = due_reader(topic, cadence="monthly", month_day=20)

    assert plan_for(reader, SEVEN + timedelta(days=7)) is not None
    assert "Of the first day" in titles(reader)


def test_it_gives_up_a_monthly_digest_after_a_week(topic: Topic) -> None:
    reader = due_reader(topic, cadence="monthly", month_day=20)

    plan_for(reader, SEVEN + timedelta(days=7, seconds=1))

    assert outcomes(reader) == [("2026-11", "expired")]


def test_it_sends_no_second_monthly_digest_when_the_day_is_changed(
    topic: Topic,
) -> None:
    reader = due_reader(topic, cadence="monthly", month_day=20)
    plan_for(reader, SEVEN)
    papers_for(topic, "Later")
    Schedule.objects.update(month_day=25, next_due_at=SEVEN + timedelta(days=5))
    reader.schedule.refresh_from_db()

    assert plan_for(reader, SEVEN + timedelta(days=5)) is None
    assert outcomes(reader) == [("2026-11", "")]


def test_it_notes_an_hour_that_its_zone_did_not_have(topic: Topic) -> None:
    due = datetime.fromisoformat("2026-03-29T01:00+00:00")
    reader = due_reader(topic, zone="America/Nuuk", hour=23, next_due_at=due)

    plan_for(reader, due)

    assert outcomes(reader) == [("2026-03-28", "nonexistent")]


def test_it_plans_one_digest_for_the_two_days_that_samoa_had_at_once() -> None:
    noon = datetime.fromisoformat("2011-12-28T19:00+00:00")
    topic = make_topic()
    reader = due_reader(topic, zone="Pacific/Apia", hour=9, next_due_at=noon)

    for hours in range(0, 24 * 5, 12):
        moment = noon + timedelta(hours=hours)
        if Schedule.objects.due(moment).exists():
            plan_for(reader, moment)

    keys = [key for key, _ in outcomes(reader)]
    assert keys == [
        "2011-12-28",
        "2011-12-29",
        "2011-12-31",
        "2012-01-01",
        "2012-01-02",
    ]
