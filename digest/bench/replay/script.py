"""What arXiv answers when: the days' lists, and what goes wrong with them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from digest.bench.replay.days import DayList
from digest.sources.timetable import NEW_YORK

Answer = tuple[int, dict[str, str], bytes]

STALE: Final = date(2026, 4, 20)
STALE_UNTIL: Final = 3
BUSY: Final = date(2026, 4, 21)
BUSY_SECONDS: Final = 600
LATE: Final = date(2026, 4, 22)
LATE_UNTIL: Final = 5
HALF: Final = date(2026, 4, 23)
CUT: Final = date(2026, 4, 24)
DOWN: Final = date(2026, 4, 27)

FAULTS: Final = {
    STALE: "yesterday's list under today's date until 03:00",
    BUSY: "429 with Retry-After at the first request",
    LATE: "an empty list until 05:00",
    HALF: "500 at the first request, then 40 % of the list",
    CUT: "a body that breaks off at the first request",
    DOWN: "nothing answers all day",
}

OK, BUSY_STATUS, ERROR = 200, 429, 500
HALF_SHARE = 0.4


class Script:
    """Answers requests for a feed by the day and hour in New York."""

    def __init__(self, days: Sequence[DayList]) -> None:
        """Play these days; whatever lies outside them is a day without a list."""
        self._days = {each.day: each for each in days}
        self._asked: Counter[tuple[date, str]] = Counter()

    def is_down(self, now: datetime) -> bool:
        """Whether nothing answers."""
        return now.astimezone(NEW_YORK).date() == DOWN

    def feed(self, category: str, now: datetime) -> Answer:
        """What the feed of a category answers."""
        local = now.astimezone(NEW_YORK)
        day = local.date()
        self._asked[day, category] += 1
        times = self._asked[day, category]
        shown = self._list(day, category)
        if day == STALE and local.hour < STALE_UNTIL:
            return _found(self._list(self._before(day), category), day)
        if day == LATE and local.hour < LATE_UNTIL:
            return _found(replace(shown, items=()), day)
        if times == 1 and day == BUSY:
            return BUSY_STATUS, {"Retry-After": str(BUSY_SECONDS)}, b""
        if times == 1 and day == HALF:
            return ERROR, {}, b""
        if times == 2 and day == HALF:  # noqa: PLR2004  the second request
            return _found(_share(shown, HALF_SHARE), day)
        if times == 1 and day == CUT:
            status, headers, body = _found(shown, day)
            return status, headers, body[: len(body) * 2 // 3]
        return _found(shown, day)

    def _list(self, day: date, category: str) -> DayList:
        found = self._days.get(day)
        if found is None:
            first = next(iter(self._days.values()))
            found = replace(first, day=day, items=())
        return found if category == "cs.CV" else found.in_category(category)

    def _before(self, day: date) -> date:
        """The last day before that had a list."""
        return max(
            each.day for each in self._days.values() if each.day < day and each.items
        )


def _share(shown: DayList, share: float) -> DayList:
    return replace(shown, items=shown.items[: int(len(shown.items) * share)])


def _found(shown: DayList, served_on: date) -> Answer:
    headers = {"Content-Type": "text/xml; charset=utf-8"}
    return OK, headers, shown.document(served_on=served_on)
