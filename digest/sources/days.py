"""Calendar days out of what feeds say, or None where they say nothing believable.

No clock is read here, so a day in the near future is let through: whoever takes
the entries in compares it with the day of the fetch.
"""

import calendar
import re
import time
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_NUMBERS = re.compile(r"\s*(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")

ARXIV_ZONE = ZoneInfo("America/New_York")
# arXiv opened in 1991; a year past 2100 is a fault, not a plan.
_FIRST_YEAR, _LAST_YEAR = 1991, 2100


def day_in_new_york(moment: time.struct_time | None) -> date | None:
    """The day on arXiv's calendar at that UTC moment (feedparser's parsed dates)."""
    if moment is None:
        return None
    try:
        instant = datetime.fromtimestamp(calendar.timegm(moment), UTC)
        return _believable(instant.astimezone(ARXIV_ZONE).date())
    except (ValueError, OverflowError, OSError):
        return None


def day_of_iso(text: str) -> date | None:
    """The day that an ISO 8601 date or time begins with, as it is written."""
    try:
        return _believable(date.fromisoformat(text[:10]))
    except ValueError:
        return None


def day_of_numbers(text: str) -> date | None:
    """The day of "2026-6-30" and of anything that begins so; zeros may be left out."""
    numbers = _NUMBERS.match(text)
    try:
        return _believable(date(*map(int, numbers.groups()))) if numbers else None
    except ValueError:
        return None


def day_in_utc(moment: time.struct_time | None) -> date | None:
    """The day at that UTC moment (feedparser's parsed dates)."""
    try:
        return _believable(date(*moment[:3])) if moment else None
    except ValueError:
        return None


def _believable(day: date) -> date | None:
    return day if _FIRST_YEAR <= day.year <= _LAST_YEAR else None
