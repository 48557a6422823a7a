"""When arXiv announces, by its own timetable and the holidays it names.

What is submitted until 14:00 in New York is announced at 20:00 that evening, Sunday
to Thursday, and stands in the feed of the next day, Monday to Friday; from Friday
14:00 on it waits for Monday (info.arxiv.org/help/availability). In the evening of a
holiday nothing is announced, so the feed of the day after lists nothing. A day here
is the day of the feed, which begins at midnight in New York.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")
CLOSING_TIME = time(14)
SATURDAY = 6
DAY = timedelta(days=1)


def is_announcement_day(day: date, holidays: frozenset[date]) -> bool:
    """Whether the feed of this day lists papers; `holidays` are the evenings off."""
    return day.isoweekday() < SATURDAY and day - DAY not in holidays


def announced_at(day: date) -> datetime:
    """The instant (UTC) from which on the feed of this day can be read."""
    return datetime.combine(day, time(), tzinfo=NEW_YORK).astimezone(UTC)


def next_announcement(after: datetime, holidays: frozenset[date]) -> datetime:
    """The instant (UTC) of the first announcement that is later than `after`."""
    day = after.astimezone(NEW_YORK).date() + DAY
    return announced_at(announcement_day_from(day, holidays))


def announcement_day_from(day: date, holidays: frozenset[date]) -> date:
    """The first day with an announcement, from `day` on."""
    while not is_announcement_day(day, holidays):
        day += DAY
    return day


def feed_day_of(submitted_at: datetime) -> date:
    """Day of the feed that first lists what was submitted at this (aware) time.

    Holidays are not looked at: `announcement_day_from` moves the day on over them.
    """
    local = submitted_at.astimezone(NEW_YORK)
    closing_day = local.date()
    if local.time() >= CLOSING_TIME:
        closing_day += DAY
    day = announcement_day_from(closing_day, frozenset()) + DAY
    return announcement_day_from(day, frozenset())
