"""arXiv's timetable: which feed lists a submission, and when the next one comes."""

from datetime import UTC, date, datetime

import pytest

from digest.sources.timetable import (
    announced_at,
    announcement_day_from,
    feed_day_of,
    is_announcement_day,
    next_announcement,
)

THANKSGIVING = frozenset({date(2026, 11, 26)})  # a Thursday


@pytest.mark.parametrize(
    ("submitted_at", "feed_day"),
    [
        (datetime(2026, 4, 20, 17, 59, tzinfo=UTC), date(2026, 4, 21)),  # Mon 13:59
        (datetime(2026, 4, 20, 18, 0, tzinfo=UTC), date(2026, 4, 22)),  # Mon 14:00
        (datetime(2026, 4, 23, 20, 0, tzinfo=UTC), date(2026, 4, 27)),  # Thu 16:00
        (datetime(2026, 4, 24, 17, 0, tzinfo=UTC), date(2026, 4, 27)),  # Fri 13:00
        (datetime(2026, 4, 24, 19, 0, tzinfo=UTC), date(2026, 4, 28)),  # Fri 15:00
        (datetime(2026, 4, 25, 12, 0, tzinfo=UTC), date(2026, 4, 28)),  # Saturday
        (datetime(2026, 1, 5, 18, 30, tzinfo=UTC), date(2026, 1, 6)),  # winter 13:30
    ],
)
def test_it_names_the_feed_that_lists_a_submission(
    submitted_at: datetime, feed_day: date
) -> None:
    assert feed_day_of(submitted_at) == feed_day


@pytest.mark.parametrize(
    ("day", "is_one"),
    [
        (date(2026, 11, 23), True),  # Monday: announced on Sunday evening
        (date(2026, 11, 26), True),  # the holiday itself: announced the evening before
        (date(2026, 11, 27), False),  # nothing was announced on the holiday's evening
        (date(2026, 11, 28), False),
        (date(2026, 11, 29), False),
        (date(2026, 11, 30), True),
    ],
)
def test_weekends_and_the_day_after_a_holiday_have_no_announcement(
    day: date, *, is_one: bool
) -> None:
    assert is_announcement_day(day, THANKSGIVING) is is_one


def test_the_days_instant_follows_new_yorks_clocks() -> None:
    assert announced_at(date(2026, 4, 20)) == datetime(2026, 4, 20, 4, tzinfo=UTC)
    assert announced_at(date(2026, 11, 20)) == datetime(2026, 11, 20, 5, tzinfo=UTC)


def test_the_next_announcement_is_never_one_that_has_been() -> None:
    wednesday = announced_at(date(2026, 11, 25))

    assert next_announcement(wednesday, THANKSGIVING) == announced_at(
        date(2026, 11, 26)
    )
    assert next_announcement(
        announced_at(date(2026, 11, 26)), THANKSGIVING
    ) == announced_at(date(2026, 11, 30))


def test_a_day_without_announcement_moves_on_to_the_next_with_one() -> None:
    friday = date(2026, 11, 27)

    assert announcement_day_from(friday, THANKSGIVING) == date(2026, 11, 30)
    assert announcement_day_from(friday, frozenset()) == friday
