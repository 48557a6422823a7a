"""What was measured, and whether it is good enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from digest.bench.bounds import Bound

LEAST_OF_PLAIN = 20.0


@dataclass(frozen=True, slots=True)
class Lap:
    """Readers once: `mails` with so many `papers` in so many seconds.

    `cpu`: seconds of the processor that our own processes took, not the database's.
    `matching`: the seconds that went before the first reader was planned; a script
    that asks the database for each reader has none.
    """

    mails: int
    papers: int
    seconds: float
    cpu: float
    matching: float = 0.0

    @property
    def rate(self) -> float:
        """Mails in a second."""
        return self.mails / self.seconds

    @property
    def size(self) -> float:
        """Papers in a mail, at the mean."""
        return self.papers / self.mails


@dataclass(slots=True)
class Outcome:
    """Laps of both, one a round."""

    readers: int
    papers: int
    workers: int
    script_readers: int
    ours: list[Lap] = field(default_factory=list)
    plain: list[Lap] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """How many times as fast as the script of the same round, at the median."""
        pairs = zip(self.ours, self.plain, strict=True)
        return median(ours.rate / plain.rate for ours, plain in pairs)

    @property
    def bounds(self) -> Sequence[Bound]:
        """All that must hold."""
        return [Bound("plain", self.ratio, LEAST_OF_PLAIN)]

    @property
    def holds(self) -> bool:
        """Whether every mail went once, and fast enough."""
        return not self.problems and all(bound.holds for bound in self.bounds)
