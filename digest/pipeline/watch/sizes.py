"""How much a source brings: day by day, and usually on a weekday."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from digest.models import Batch
from digest.pipeline.ingest.wholeness import USUAL_WEEKS, usual_of

SHOWN_DAYS = 14
MOST_DAYS_BACK = 7 * (USUAL_WEEKS + 3)
"""How far back eight lists of one weekday are looked for; some weeks have none."""

STEP, WIDTH, HEIGHT, TICK = 14, 10, 48, 3
"""Of the chart, in pixels: from bar to bar, a bar, the whole, a day without papers."""

MISSING = {Batch.Status.FAILED, Batch.Status.REPEATED, Batch.Status.WAITING}

Sizes = dict[date, int]


@dataclass(frozen=True, slots=True)
class Bar:
    """One day: what it brought, as `look` ("whole", "partial", "missing", "none")."""

    day: date
    papers: int
    look: str
    x: int
    height: int

    @property
    def y(self) -> int:
        """Top of the bar: pictures count downwards."""
        return HEIGHT - self.height


@dataclass(frozen=True, slots=True)
class Chart:
    """The last two weeks of a source as bars."""

    bars: tuple[Bar, ...]
    width: int = SHOWN_DAYS * STEP
    height: int = HEIGHT
    bar_width: int = WIDTH

    @property
    def most(self) -> int:
        """What the tallest bar stands for."""
        return max(bar.papers for bar in self.bars)

    @property
    def looks(self) -> set[str]:
        """Which kinds of bars there are, for a legend."""
        return {bar.look for bar in self.bars}


def draw(batches: Iterable[Batch], last_day: date) -> Chart:
    """The chart of the days up to the last one."""
    by_day = {batch.announced_on: batch for batch in batches}
    days = [last_day - timedelta(days=ago) for ago in reversed(range(SHOWN_DAYS))]
    most = max((by_day[d].entry_count for d in days if d in by_day), default=0)
    return Chart(
        tuple(
            _bar(day, by_day.get(day), number * STEP, most)
            for number, day in enumerate(days)
        )
    )


def _bar(day: date, batch: Batch | None, x: int, most: int) -> Bar:
    papers = batch.entry_count if batch else 0
    height = max(round(papers / most * HEIGHT), TICK) if papers else TICK
    return Bar(day, papers, _look(batch), x, height)


def _look(batch: Batch | None) -> str:
    if batch is None:
        return "none"
    if batch.entry_count:
        return "partial" if batch.status == Batch.Status.PARTIAL else "whole"
    return "missing" if batch.status in MISSING else "none"


def received_sizes(source_ids: Sequence[int], last_day: date) -> dict[int, Sizes]:
    """Sizes of whole batches by source and day, as far back as `usual_for` looks."""
    rows = Batch.objects.filter(
        source__in=source_ids,
        status=Batch.Status.RECEIVED,
        announced_on__gte=last_day - timedelta(days=MOST_DAYS_BACK),
    )
    sizes: dict[int, Sizes] = defaultdict(dict)
    for source_id, day, size in rows.values_list(
        "source_id", "announced_on", "entry_count"
    ):
        sizes[source_id][day] = size
    return sizes


def usual_for(day: date, sizes: Sizes) -> int | None:
    """What the source usually brings on this weekday, by the whole lists before it."""
    earlier = [
        sizes[known]
        for known in sorted(sizes, reverse=True)
        if known < day and known.weekday() == day.weekday()
    ]
    return usual_of(earlier[:USUAL_WEEKS])
