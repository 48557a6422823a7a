"""A reader's schedule as planning reads it: when, from which days, or paused."""

from datetime import datetime
from zoneinfo import ZoneInfo

from digest.models import Cadence, Schedule, Timing
from digest.pipeline.match.window import MONTHLY_DAYS, WINDOW_DAYS
from digest.pipeline.plan.gathering import Span
from digest.pipeline.plan.selection import window_start
from digest.schedule import Rule
from digest.sources.timetable import NEW_YORK


def rule_of(schedule: Schedule) -> Rule:
    """The reader's wish as the schedule's arithmetic takes it.

    "As soon as today's papers are in" is due when arXiv's day begins; from then on
    the digest waits for them.
    """
    hour, zone = schedule.hour, schedule.zone
    if schedule.timing == Timing.WHEN_IN:
        hour, zone = 0, NEW_YORK.key
    return Rule(schedule.cadence, schedule.weekday, hour, zone, schedule.month_day)


def span_of(schedule: Schedule, now: datetime) -> Span:
    """The days from which the reader's regular digest takes papers."""
    is_monthly = schedule.cadence == Cadence.MONTHLY
    days = MONTHLY_DAYS if is_monthly else WINDOW_DAYS
    return Span(window_start(now.date(), days), now.date())


def is_paused(schedule: Schedule, now: datetime) -> bool:
    """A pause ends with a day of the reader's own calendar."""
    today = now.astimezone(ZoneInfo(schedule.zone)).date()
    return schedule.paused_until is not None and today < schedule.paused_until
