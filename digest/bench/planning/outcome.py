"""What was measured, and whether it is good enough."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from digest.bench.bounds import Bound

LEAST_OF_COPY = 0.25
MOST_GROWTH = 3.5
"""How many times its first third all may cost."""

MOST_MEGABYTES = 300.0


@dataclass(frozen=True, slots=True)
class Lap:
    """Planning all readers, `size` in one transaction, and the COPY beside it.

    `growth`: seconds for all as a multiple of those for the first third.
    """

    size: int
    readers: int
    rows: int
    queries: int
    seconds: float
    copy_seconds: float
    growth: float

    @property
    def rate(self) -> float:
        """Readers planned in a second."""
        return self.readers / self.seconds

    @property
    def copy_rate(self) -> float:
        """Readers whose rows COPY writes in a second."""
        return self.readers / self.copy_seconds

    @property
    def ratio(self) -> float:
        """How fast planning was beside COPY."""
        return self.copy_seconds / self.seconds


@dataclass(frozen=True, slots=True)
class Outcome:
    """A lap for each size, and the most memory that the planner ever had."""

    subscribers: int
    laps: Sequence[Lap]
    peak_megabytes: float

    @property
    def bounds(self) -> Iterator[Bound]:
        """All that must hold; of the laps, the worst counts."""
        yield Bound("copy", min(lap.ratio for lap in self.laps), LEAST_OF_COPY)
        growth = max(lap.growth for lap in self.laps)
        yield Bound("growth", growth, MOST_GROWTH, is_least=False)
        yield Bound("memory", self.peak_megabytes, MOST_MEGABYTES, is_least=False)

    @property
    def holds(self) -> bool:
        """Whether everybody was planned, and all was cheap enough."""
        is_whole = all(lap.readers == self.subscribers for lap in self.laps)
        return is_whole and all(bound.holds for bound in self.bounds)
