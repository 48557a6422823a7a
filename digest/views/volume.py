"""How much a topic brought day by day: a chart, and the same in a table of weeks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

SHOWN_DAYS = 60

STEP, WIDTH, HEIGHT, LEAST = 10, 7, 80, 2
"""Of the chart, in its own units: from bar to bar, a bar, the whole, the lowest bar."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One day with papers."""

    day: date
    papers: int
    x: int
    height: int

    @property
    def y(self) -> int:
        """Top of the bar: pictures count downwards."""
        return HEIGHT - self.height


@dataclass(frozen=True, slots=True)
class Week:
    """What a week brought, from its Monday or the first day that is shown."""

    first: date
    papers: int


@dataclass(frozen=True, slots=True)
class Volume:
    """The last 60 days; `bars` are the days that brought something."""

    first: date
    last: date
    bars: tuple[Bar, ...]
    weeks: tuple[Week, ...]
    width: int = SHOWN_DAYS * STEP
    height: int = HEIGHT
    bar_width: int = WIDTH
    days: int = SHOWN_DAYS

    @property
    def total(self) -> int:
        """How many papers there are in all."""
        return sum(bar.papers for bar in self.bars)

    @property
    def top(self) -> Bar:
        """The first of the days that brought the most; there must be one."""
        return max(self.bars, key=lambda bar: bar.papers)


def draw(counts: Mapping[date, int], last: date) -> Volume:
    """The chart of the days up to the last one, from the papers of each."""
    days = [last - timedelta(days=ago) for ago in reversed(range(SHOWN_DAYS))]
    most = max(counts.values(), default=0)
    bars = tuple(
        _bar(day, counts[day], place, most)
        for place, day in enumerate(days)
        if counts.get(day)
    )
    weeks = []
    for _week, of_week in groupby(days, key=lambda day: day.isocalendar()[:2]):
        shown = list(of_week)
        weeks.append(Week(shown[0], sum(counts.get(day, 0) for day in shown)))
    return Volume(days[0], last, bars, tuple(weeks))


def _bar(day: date, papers: int, place: int, most: int) -> Bar:
    height = max(round(papers / most * HEIGHT), LEAST)
    return Bar(day, papers, place * STEP, height)
