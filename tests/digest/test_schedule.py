"""Local hours become instants: over clock changes, skipped dates and year ends."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.schedule import (
    DAILY,
    MONTHLY,
    WEEKLY,
    Period,
    Rule,
    latest_due,
    next_due,
    period_key,
    resolve,
)

ZONES = sorted(available_timezones())
SATURDAY = 6

rules = st.builds(
    Rule,
    st.sampled_from([DAILY, WEEKLY, MONTHLY]),
    st.integers(1, 7),
    st.integers(0, 23),
    st.sampled_from(ZONES),
    st.integers(1, 28),
)
instants = st.datetimes(
    datetime(1990, 1, 15),  # noqa: DTZ001  hypothesis adds the zone itself
    datetime(2100, 12, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(period: Period, zone: str) -> str:
    return period.due_at.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes")


def periods_from(rule: Rule, start: datetime, count: int) -> list[Period]:
    """The next periods, one after the other, as a sweep meets them."""
    periods = [next_due(rule, start)]
    while len(periods) < count:
        periods.append(next_due(rule, periods[-1].due_at))
    return periods


@pytest.mark.parametrize(
    ("zone", "day", "hour", "expected"),
    [
        ("Europe/Berlin", "2026-03-29", 2, "2026-03-29T03:00+02:00"),
        ("America/New_York", "2026-03-08", 2, "2026-03-08T03:00-04:00"),
        ("Australia/Lord_Howe", "2026-10-04", 2, "2026-10-04T02:30+11:00"),
        ("America/Santiago", "2026-09-06", 0, "2026-09-06T01:00-03:00"),
        ("Africa/Cairo", "2026-04-24", 0, "2026-04-24T01:00+03:00"),
    ],
)
def test_it_moves_an_hour_that_the_clocks_skip_forward(
    zone: str, day: str, hour: int, expected: str
) -> None:
    instant, is_real = resolve(date.fromisoformat(day), hour, zone)

    assert instant.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes") == expected
    assert is_real


@pytest.mark.parametrize(
    ("zone", "day", "hour", "expected"),
    [
        ("Europe/Berlin", "2026-10-25", 2, "2026-10-25T00:00"),
        ("America/New_York", "2026-11-01", 1, "2026-11-01T05:00"),
        ("Australia/Lord_Howe", "2026-04-05", 1, "2026-04-04T14:00"),
        ("America/Santiago", "2026-04-04", 23, "2026-04-05T02:00"),
        ("Africa/Cairo", "2026-10-29", 23, "2026-10-29T20:00"),
    ],
)
def test_it_takes_the_first_of_two_equal_hours(
    zone: str, day: str, hour: int, expected: str
) -> None:
    instant, is_real = resolve(date.fromisoformat(day), hour, zone)

    assert instant == utc(expected)
    assert is_real


@pytest.mark.parametrize(
    ("zone", "change", "hour"),
    [
        ("Europe/Berlin", "2026-03-29", 2),
        ("Europe/Berlin", "2026-10-25", 2),
        ("America/New_York", "2026-11-01", 1),
        ("Australia/Lord_Howe", "2026-10-04", 2),
        ("America/Santiago", "2026-09-06", 0),
        ("Africa/Cairo", "2026-04-24", 0),
        ("Africa/Cairo", "2026-10-29", 23),
    ],
)
def test_it_is_due_once_on_each_day_around_a_clock_change(
    zone: str, change: str, hour: int
) -> None:
    first = date.fromisoformat(change) - timedelta(days=2)
    days = [(first + timedelta(days=n)).isoformat() for n in range(5)]
    eve = datetime.combine(first, datetime.min.time(), UTC) - timedelta(days=1)

    periods = periods_from(Rule(DAILY, 1, hour, zone), eve, 8)
    keys = [period.key for period in periods]

    assert [key for key in keys if key in days] == days
    assert [local(p, zone)[:10] for p in periods] == keys


def test_it_leaves_out_the_date_that_samoa_never_had() -> None:
    rule = Rule(DAILY, 1, 9, "Pacific/Apia")

    periods = periods_from(rule, utc("2011-12-28T00:00"), 4)

    assert [p.key for p in periods] == [
        "2011-12-28",
        "2011-12-29",
        "2011-12-31",
        "2012-01-01",
    ]
    assert all(p.is_real for p in periods)
    assert resolve(date(2011, 12, 30), 9, "Pacific/Apia")[1] is False
    at_once = latest_due(rule, periods[2].due_at)
    assert at_once == periods[2]


def test_it_marks_a_week_whose_day_the_zone_left_out() -> None:
    friday = Rule(WEEKLY, 5, 9, "Pacific/Apia")

    week = next_due(friday, utc("2011-12-28T00:00"))
    a_moment_before = next_due(friday, week.due_at - timedelta(hours=1))

    assert (week.key, week.is_real) == ("2011-W52", False)
    assert a_moment_before == week


def test_it_marks_an_hour_that_moves_to_the_next_date() -> None:
    # In Nuuk the clocks go from 23:00 on Saturday to 0:00 on Sunday.
    rule = Rule(DAILY, 1, 23, "America/Nuuk")

    saturday, sunday = periods_from(rule, utc("2026-03-28T12:00"), 2)

    assert (saturday.key, saturday.is_real) == ("2026-03-28", False)
    assert (sunday.key, sunday.is_real) == ("2026-03-29", True)


def test_it_is_due_once_where_the_clocks_go_back_over_midnight() -> None:
    # In St. John's a minute past midnight became 23:01 of the day before.
    rule = Rule(DAILY, 1, 0, "America/St_Johns")
    second_evening = utc("2010-11-07T02:45")

    assert second_evening.astimezone(ZoneInfo(rule.zone)).date() == date(2010, 11, 6)
    assert latest_due(rule, second_evening).key == "2010-11-07"
    assert next_due(rule, second_evening).key == "2010-11-08"


@pytest.mark.parametrize(
    ("day", "key"),
    [
        ("2024-12-29", "2024-W52"),
        ("2024-12-30", "2025-W01"),
        ("2026-12-31", "2026-W53"),
        ("2027-01-01", "2026-W53"),
        ("2027-01-04", "2027-W01"),
        ("2028-02-29", "2028-W09"),
    ],
)
def test_it_names_a_week_by_the_iso_year_it_belongs_to(day: str, key: str) -> None:
    assert period_key(WEEKLY, date.fromisoformat(day)) == key
    assert period_key(DAILY, date.fromisoformat(day)) == day


def test_it_is_due_weekly_on_the_day_that_was_asked_for() -> None:
    rule = Rule(WEEKLY, SATURDAY, 8, "Asia/Tokyo")

    periods = periods_from(rule, utc("2026-12-15T00:00"), 4)

    assert [local(p, "Asia/Tokyo") for p in periods] == [
        "2026-12-19T08:00+09:00",
        "2026-12-26T08:00+09:00",
        "2027-01-02T08:00+09:00",
        "2027-01-09T08:00+09:00",
    ]
    assert [p.key for p in periods] == ["2026-W51", "2026-W52", "2026-W53", "2027-W01"]


def test_it_is_due_monthly_on_the_day_that_was_asked_for() -> None:
    rule = Rule(MONTHLY, 1, 2, "Europe/Berlin", 28)

    periods = periods_from(rule, utc("2026-11-28T01:00"), 5)

    assert [local(p, "Europe/Berlin") for p in periods] == [
        "2026-12-28T02:00+01:00",
        "2027-01-28T02:00+01:00",
        "2027-02-28T02:00+01:00",
        # The clocks skip 2:00 on this day.
        "2027-03-28T03:00+02:00",
        "2027-04-28T02:00+02:00",
    ]
    assert [p.key for p in periods][:2] == ["2026-12", "2027-01"]
    assert all(p.is_real for p in periods)


def test_it_marks_a_month_whose_day_the_zone_left_out() -> None:
    # Kwajalein went from 20 to 22 August 1993.
    rule = Rule(MONTHLY, 1, 9, "Pacific/Kwajalein", 21)

    month = next_due(rule, utc("1993-08-20T00:00"))

    assert (month.key, month.is_real) == ("1993-08", False)


def test_it_is_due_at_the_very_instant() -> None:
    rule = Rule(DAILY, 1, 7, "UTC")
    seven = utc("2026-11-20T07:00")

    assert latest_due(rule, seven).key == "2026-11-20"
    assert latest_due(rule, seven - timedelta(microseconds=1)).key == "2026-11-19"
    assert next_due(rule, seven).key == "2026-11-21"
    assert next_due(rule, seven - timedelta(microseconds=1)).key == "2026-11-20"


@settings(deadline=None)
@given(rules, instants)
def test_it_always_stands_between_a_due_period_and_a_later_one(
    rule: Rule, now: datetime
) -> None:
    latest, following = latest_due(rule, now), next_due(rule, now)

    assert latest.due_at <= now < following.due_at
    # Nothing lies between them.
    assert next_due(rule, latest.due_at) == following
    assert latest_due(rule, following.due_at - timedelta(microseconds=1)) == latest
    assert latest_due(rule, following.due_at) == following


@settings(deadline=None)
@given(rules, instants)
def test_it_never_names_two_periods_alike(rule: Rule, start: datetime) -> None:
    periods = periods_from(rule, start, 10)

    assert len({period.key for period in periods}) == len(periods)
    assert all(a.due_at < b.due_at and a.key < b.key for a, b in pairwise(periods))


@settings(deadline=None)
@given(st.integers(0, 23), st.sampled_from(ZONES), instants)
def test_it_has_one_daily_period_for_each_date_that_the_zone_has(
    hour: int, zone: str, start: datetime
) -> None:
    periods = periods_from(Rule(DAILY, 1, hour, zone), start, 10)

    days = [date.fromisoformat(period.key) for period in periods]
    for period, day in zip(periods, days, strict=True):
        assert resolve(day, hour, zone) == (period.due_at, period.is_real)
        if period.is_real:
            assert local(period, zone)[:10] == period.key
    skipped = [
        before + timedelta(days=n)
        for before, after in pairwise(days)
        for n in range(1, (after - before).days)
    ]
    assert not any(resolve(day, hour, zone)[1] for day in skipped)


@settings(deadline=None)
@given(st.integers(1, 7), st.integers(0, 23), st.sampled_from(ZONES), instants)
def test_it_has_one_weekly_period_for_each_iso_week(
    weekday: int, hour: int, zone: str, start: datetime
) -> None:
    periods = periods_from(Rule(WEEKLY, weekday, hour, zone), start, 4)

    mondays = [datetime.strptime(f"{p.key}-1", "%G-W%V-%u").date() for p in periods]  # noqa: DTZ007  a date

    assert all(b - a == timedelta(days=7) for a, b in pairwise(mondays))


@settings(deadline=None)
@given(st.integers(1, 28), st.integers(0, 23), st.sampled_from(ZONES), instants)
def test_it_has_one_monthly_period_for_each_month(
    month_day: int, hour: int, zone: str, start: datetime
) -> None:
    periods = periods_from(Rule(MONTHLY, 1, hour, zone, month_day), start, 4)

    months = [int(p.key[:4]) * 12 + int(p.key[5:]) for p in periods]

    assert all(b - a == 1 for a, b in pairwise(months))
