"""A little variety: of papers that score alike, first the one that says something new.

Promise: greedy, by what a paper scores less what it repeats of one taken before it
(maximal marginal relevance). The same papers give the same order; nothing is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Self

import numpy as np

from digest.matching.bags import Bag, Floats
from digest.matching.frequencies import Frequencies, look_up
from digest.matching.tf_idf import Row, tf_idf

_NO_KEYS = np.empty(0, np.int64)

REPETITION = 2.0
"""What a paper loses that says the same as one taken before it; scores go to ten."""


class Cosines:
    """How alike papers are by their words: row by row, each worked out when asked."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        sizes = [row.keys.size for row in self._rows]
        self._papers = np.repeat(np.arange(len(rows)), sizes)
        self._keys = np.concatenate([row.keys for row in self._rows] or [_NO_KEYS])
        self._weights = np.concatenate(
            [row.counts for row in self._rows] or [np.empty(0, np.float32)]
        )
        self._known: dict[int, Floats] = {}

    @classmethod
    def of_bags(cls, bags: Iterable[Bag], frequencies: Frequencies) -> Self:
        """Weigh the papers' words first."""
        return cls([tf_idf(bag.stems, frequencies) for bag in bags])

    def row(self, place: int) -> Floats:
        """Return the cosines of all papers with this one, shape (papers,)."""
        if place not in self._known:
            row = self._rows[place]
            products = self._weights * look_up(row.keys, row.counts, self._keys)
            self._known[place] = np.bincount(
                self._papers, products, minlength=len(self._rows)
            ).astype(np.float32)
        return self._known[place]


class Variety:
    """Papers of one topic, taken one after the other; the first of equals first."""

    def __init__(
        self, scores: Sequence[float], cosines: Callable[[int], Floats]
    ) -> None:
        self._left = np.array(scores, np.float64)  # -inf once taken
        self._repeated = np.zeros(len(scores), np.float32)
        self._cosines = cosines

    def take(self) -> int:
        """Return the place of the next paper."""
        place = int(np.argmax(self._left - REPETITION * self._repeated))
        self._left[place] = -np.inf
        self._repeated = np.maximum(self._repeated, self._cosines(place))
        return place
