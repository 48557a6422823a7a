"""What was measured, and whether it is fast and light enough."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from digest.bench.pages.weight import Weight

MOST_PAGE_MS = 60.0
MOST_PREVIEW_MS = 300.0
MOST_HELLOS = 20.0
MOST_FRONT_BYTES = 60 * 1024
"""Bounds: the first three at the 95th percentile, the ratio between percentiles."""

_SLOW = 95


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds: of the first time, of the rounds that count, and computed alone.

    `cpu` is the worker's own work without the database: where a computer is shared, it
    moves less than the rest.
    """

    first: float
    later: Sequence[float]
    cpu: Sequence[float]

    @property
    def usual_cpu(self) -> float:
        """The median of what was computed."""
        return float(np.median(self.cpu))

    @property
    def usual(self) -> float:
        """The median."""
        return float(np.median(self.later))

    @property
    def slow(self) -> float:
        """What one time in twenty exceeds."""
        return float(np.percentile(self.later, _SLOW))


@dataclass(frozen=True, slots=True)
class Outcome:
    """Times of hello, of each page by its name, of the preview; what the front moves.

    `odd`: pages that did not answer with 200 each time, by their status.
    """

    papers: int
    readers: int
    hello: Times
    pages: Mapping[str, Times]
    preview: Times
    weight: Weight
    odd: Mapping[str, int] = field(default_factory=dict)

    @property
    def slowest(self) -> str:
        """The page with the worst slow time."""
        return max(self.pages, key=lambda name: self.pages[name].slow)

    @property
    def ratio(self) -> float:
        """The slowest page as a multiple of hello, both where they are slow."""
        return self.pages[self.slowest].slow / self.hello.slow

    @property
    def holds(self) -> bool:
        """Whether every bound holds."""
        return (
            self.pages[self.slowest].slow < MOST_PAGE_MS
            and self.ratio <= MOST_HELLOS
            and self.preview.slow < MOST_PREVIEW_MS
            and self.weight.total < MOST_FRONT_BYTES
            and not self.weight.other_hosts
            and not self.odd
        )
