"""When a digest is due: local hours turned into instants and period keys.

Pure: plain values in and out, no clock. A local hour that the clocks skip moves
forward, one that they show twice means its first showing (RFC 5545, 3.3.5).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAILY = "daily"
WEEKLY = "weekly"
MONTHLY = "monthly"

MAX_LATENESS = {
    DAILY: timedelta(hours=18),
    WEEKLY: timedelta(days=3),
    MONTHLY: timedelta(days=7),
}
"""How long after its instant a digest may still go."""

MIN_GAP = timedelta(hours=12)
"""Least time between two digests of one reader, whatever they change."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A reader's wish: cadence, ISO weekday (for weekly), local hour, IANA zone.

    `month_day`, for monthly, is 1 to 28.
    """

    cadence: str
    weekday: int
    hour: int
    zone: str
    month_day: int = 1


@dataclass(frozen=True, slots=True)
class Period:
    """One period of a rule: its key and the instant (UTC) it is due.

    `is_real` is false where the zone never had that local date
    (Pacific/Apia left out 2011-12-30).
    """

    key: str
    due_at: datetime
    is_real: bool = True


def period_key(cadence: str, day: date) -> str:
    """Key of the period that `day` stands for.

    "2026-11-21", ISO "2026-W47", or "2026-11".
    """
    if cadence == WEEKLY:
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02d}"
    if cadence == MONTHLY:
        return day.isoformat()[:7]
    return day.isoformat()


def resolve(day: date, hour: int, zone: str) -> tuple[datetime, bool]:
    """Turn a local date and hour into an instant.

    Returns:
        The instant in UTC, and whether it falls on the local date asked for.
    """
    local = datetime.combine(day, time(hour), tzinfo=ZoneInfo(zone))
    instant = local.astimezone(UTC)
    return instant, instant.astimezone(ZoneInfo(zone)).date() == day


def _days(rule: Rule, start: date, step: int) -> Iterator[date]:
    """Days on which the rule is due, from `start` on, forward or backward."""
    day = start
    while True:
        if _is_due(rule, day):
            yield day
        day += timedelta(days=step)


def _is_due(rule: Rule, day: date) -> bool:
    if rule.cadence == WEEKLY:
        return day.isoweekday() == rule.weekday
    return rule.cadence == DAILY or day.day == rule.month_day


def _period(rule: Rule, day: date) -> Period:
    instant, is_real = resolve(day, rule.hour, rule.zone)
    return Period(period_key(rule.cadence, day), instant, is_real)


def latest_due(rule: Rule, now: datetime) -> Period:
    """The last period of the rule that is due at `now`."""
    today = now.astimezone(ZoneInfo(rule.zone)).date()
    # A day ahead: clocks that go back over midnight show tomorrow's first hour before
    # today is over.
    for day in _days(rule, today + timedelta(days=1), -1):
        period = _period(rule, day)
        if period.due_at <= now:
            return period
    raise AssertionError("unreachable: days go back without end")


def next_due(rule: Rule, after: datetime) -> Period:
    """The first period of the rule that is due later than `after`."""
    today = after.astimezone(ZoneInfo(rule.zone)).date()
    # A day back: an hour of a date that the zone left out comes on the date after.
    for day in _days(rule, today - timedelta(days=1), 1):
        period = _period(rule, day)
        if period.due_at > after:
            # A date that the zone left out shares its instant with the one after.
            return latest_due(rule, period.due_at)
    raise AssertionError("unreachable: days go on without end")
