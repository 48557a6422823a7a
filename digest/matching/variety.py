"""A little variety: of papers that score alike, first the one that says something new.

Promise: greedy, by what a paper scores less what it repeats of one taken before it
(maximal marginal relevance). The same papers give the same order; nothing is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Self

import numpy as np

from digest.matching.bags import Floats, Keys
from digest.matching.frequencies import look_up
from digest.matching.tf_idf import Row

REPETITION = 2.0
"""What a paper loses that says the same as one taken before it; scores go to ten."""


class Cosines:
    """How alike papers are by their words: row by row, each worked out when asked.

    It is made of what `tf_idf` says of each.
    """

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self._known: dict[int, Floats] = {}

    def take(self, places: Sequence[int]) -> Self:
        """Of these papers alone, in this order."""
        return type(self)([self._rows[place] for place in places])

    def row(self, place: int) -> Floats:
        """Return the cosines of all papers with this one, shape (papers,)."""
        if place not in self._known:
            row = self._rows[place]
            papers, keys, weights = self._joined
            products = weights * look_up(row.keys, row.counts, keys)
            self._known[place] = np.bincount(
                papers, products, minlength=len(self._rows)
            ).astype(np.float32)
        return self._known[place]

    @cached_property
    def _joined(self) -> tuple[Keys, Keys, Floats]:
        """All rows end to end: whose each word is, the word, and what it weighs."""
        sizes = [row.keys.size for row in self._rows]
        return (
            np.repeat(np.arange(len(sizes)), sizes),
            np.concatenate([row.keys for row in self._rows]),
            np.concatenate([row.counts for row in self._rows]),
        )


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
