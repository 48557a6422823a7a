"""Where bars and lines stand in a picture: from numbers of days to units of an SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

STEP, WIDTH, HEIGHT, LEAST = 10, 7, 80, 1
"""From bar to bar, a bar, the whole, and the lowest piece that is seen."""

ROOM = 1.25
"""A line that a share must stay below is seen with so much room above it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a day's bar."""

    kind: str
    x: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Stack:
    """Bars of several kinds, with a row for each day and a sum for each kind."""

    kinds: tuple[str, ...]
    pieces: tuple[Piece, ...]
    rows: tuple[tuple[date, tuple[int, ...]], ...]
    sums: tuple[tuple[str, int], ...]
    most: int
    width: int
    height: int = HEIGHT
    bar_width: int = WIDTH


@dataclass(frozen=True, slots=True)
class Line:
    """A number of each day, joined; the picture begins at zero."""

    points: str
    rows: tuple[tuple[date, int], ...]
    width: int
    height: int = HEIGHT

    @property
    def last(self) -> int:
        """The number of the last day."""
        return self.rows[-1][1]

    @property
    def change(self) -> int:
        """By how much it moved since the first."""
        return self.last - self.rows[0][1]


@dataclass(frozen=True, slots=True)
class Mark:
    """A line that shares are to stay below."""

    percent: float
    y: float


@dataclass(frozen=True, slots=True)
class Shares:
    """A share of each day as bars, against lines; `rows` has percents."""

    pieces: tuple[Piece, ...]
    marks: tuple[Mark, ...]
    rows: tuple[tuple[date, float], ...]
    width: int
    height: int = HEIGHT
    bar_width: int = WIDTH


def days_until(last: date, count: int) -> list[date]:
    """So many days, the last one included."""
    return [last - timedelta(days=ago) for ago in reversed(range(count))]


def stack(
    days: Sequence[date],
    counts: Mapping[date, Mapping[str, int]],
    kinds: Sequence[str],
) -> Stack:
    """The bars of these days; the first kind stands at the bottom."""
    rows = tuple(
        (day, tuple(counts.get(day, {}).get(kind, 0) for kind in kinds)) for day in days
    )
    most = max(sum(row) for _day, row in rows)
    pieces: list[Piece] = []
    for place, (_day, row) in enumerate(rows):
        top = float(HEIGHT)
        for kind, count in zip(kinds, row, strict=True):
            if count:
                height = max(count / most * HEIGHT, LEAST)
                top -= height
                pieces.append(
                    Piece(kind, place * STEP, round(top, 2), round(height, 2))
                )
    sums = tuple(
        (kind, sum(row[at] for _day, row in rows)) for at, kind in enumerate(kinds)
    )
    return Stack(tuple(kinds), tuple(pieces), rows, sums, most, len(days) * STEP)


def line(days: Sequence[date], values: Sequence[int]) -> Line:
    """The line through the numbers of these days."""
    most = max(*values, 1)
    points = " ".join(
        f"{place * STEP + STEP // 2},{HEIGHT - round(value / most * HEIGHT, 2):g}"
        for place, value in enumerate(values)
    )
    return Line(points, tuple(zip(days, values, strict=True)), len(days) * STEP)


def shares(
    days: Sequence[date], values: Mapping[date, float], marks: Sequence[float]
) -> Shares:
    """The bars of these days, on a scale on which each line is seen."""
    top = max(*(mark * ROOM for mark in marks), *values.values(), 0.0)
    pieces = tuple(
        Piece("over" if value >= marks[-1] else "under", at * STEP, HEIGHT - high, high)
        for at, value in enumerate(values.get(day, 0.0) for day in days)
        if value and (high := max(round(value / top * HEIGHT, 2), LEAST))
    )
    return Shares(
        pieces,
        tuple(
            Mark(100 * mark, round(HEIGHT - mark / top * HEIGHT, 2)) for mark in marks
        ),
        tuple((day, 100 * values.get(day, 0.0)) for day in days),
        len(days) * STEP,
    )
