"""Which announcement of arXiv a submission belongs to, by arXiv's own timetable.

What is submitted until 14:00 in New York is announced at 20:00 that evening, Sunday
to Thursday, and stands in the feed of the next day, Monday to Friday; from Friday
14:00 on it waits for Monday (info.arxiv.org/help/availability). Holidays shift it
further: they are not known here, so a day may be named that had no announcement.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")
CLOSING_TIME = time(14)
SATURDAY = 6


def feed_day_of(submitted_at: datetime) -> date:
    """Day of the feed that first lists what was submitted at this (aware) time."""
    local = submitted_at.astimezone(NEW_YORK)
    closing_day = local.date()
    if local.time() >= CLOSING_TIME:
        closing_day += timedelta(days=1)
    day = _weekday_from(closing_day) + timedelta(days=1)
    return _weekday_from(day)


def _weekday_from(day: date) -> date:
    while day.isoweekday() >= SATURDAY:
        day += timedelta(days=1)
    return day
