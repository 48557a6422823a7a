"""In how many papers each word occurs: how telling it is.

Promise: finite and positive, for no papers and for unknown words too; adding up
counts of two archives and counting them together is the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from digest.matching.bags import CHANNELS, Bag, Channel, Counts, Floats, Keys

_FEWEST_PAPERS = 300  # so many are imagined, or a young archive knows no rarity
_USUAL_LENGTH = 120.0  # weighted content words of a paper, while there is none


@dataclass(frozen=True, slots=True)
class Frequencies:
    """Document frequencies by channel, number of papers and their mean length.

    Pairs that occurred once are not kept: an unknown pair counts as one that did.
    """

    papers: int
    average_length: float
    channels: dict[Channel, Counts]

    def idf(self, channel: Channel, keys: Keys) -> Floats:
        """Return log(1 + (N - n + .5) / (n + .5)) for each key, shape (n,) (BM25's)."""
        found = self.channels[channel]
        counts = look_up(found.keys, found.counts, keys)
        if channel == "pairs":
            counts = np.maximum(counts, 1)
        papers = max(self.papers, _FEWEST_PAPERS)
        share = (papers - counts + 0.5) / (counts + 0.5)
        return np.log1p(np.maximum(share, 0.0)).astype(np.float32)


def count_papers(bags: Sequence[Bag]) -> Frequencies:
    """Count in how many of the texts each key occurs."""
    channels: dict[Channel, Counts] = {}
    for channel in CHANNELS:
        every = [getattr(bag, channel).keys for bag in bags]
        joined = np.concatenate(every) if every else np.empty(0, np.int64)
        keys, counts = np.unique(joined, return_counts=True)
        if channel == "pairs":
            keys, counts = keys[counts > 1], counts[counts > 1]
        channels[channel] = Counts(keys, counts.astype(np.float32))
    length = sum(bag.stems.total for bag in bags) / max(len(bags), 1)
    return Frequencies(len(bags), length or _USUAL_LENGTH, channels)


def look_up(known: Keys, values: Floats, keys: Keys) -> Floats:
    """Return the value of each key, 0 where it is not known; `known` is in order."""
    if not known.size:
        return np.zeros(keys.size, np.float32)
    at = np.minimum(np.searchsorted(known, keys), known.size - 1)
    return np.where(known[at] == keys, values[at], np.float32(0))
