"""arXiv's timetable: submissions until 14:00 in New York are in tomorrow's feed."""

from datetime import UTC, date, datetime

import pytest

from digest.sources.announcement import feed_day_of


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
