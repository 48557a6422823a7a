"""Many papers side by side, ready to be scored at once: who holds which word.

Promise: a wish is scored by reading the columns of its own words alone, whatever
else the papers say; the order of the papers is the caller's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from digest.matching.bags import CHANNELS, Bag, Channel, Floats, Keys
from digest.matching.frequencies import Frequencies
from digest.matching.latent import LatentModel

_SATURATION = 1.2  # BM25's k1: how soon repetition stops helping
_LENGTH_SHARE = 0.75  # BM25's b: how much a long paper is discounted

Places = npt.NDArray[np.int32]
NOTHING: tuple[Places, Floats] = (np.empty(0, np.int32), np.empty(0, np.float32))


@dataclass(frozen=True, slots=True)
class Columns:
    """A sparse matrix of papers and keys, column after column.

    keys: distinct, ascending, shape (k,); starts: shape (k + 1,); papers, counts and
    weights: shape (entries,). A weight is BM25's tf / (tf + k1 (1 - b + b l / l̄)).
    """

    keys: Keys
    starts: npt.NDArray[np.int64]
    papers: Places
    counts: Floats
    weights: Floats

    def find(self, key: int) -> tuple[Places, Floats]:
        """Return the papers that have a key and its weight in each."""
        at = int(np.searchsorted(self.keys, key))
        if at == self.keys.size or self.keys[at] != key:
            return NOTHING
        span = slice(self.starts[at], self.starts[at + 1])
        return self.papers[span], self.weights[span]


@dataclass(frozen=True, slots=True)
class Shelf:
    """`size` papers by their words, taken from `bags`.

    latent and meaning: unit vectors, shape (size, dimensions), or None.
    """

    bags: tuple[Bag, ...]
    channels: dict[Channel, Columns]
    latent: Floats | None = None
    meaning: Floats | None = None

    @property
    def size(self) -> int:
        """The number of papers."""
        return len(self.bags)


def make_shelf(
    bags: Sequence[Bag],
    frequencies: Frequencies,
    latent: LatentModel | None = None,
    meaning: Floats | None = None,
) -> Shelf:
    """Put texts side by side; lengths are compared with those of the archive.

    meaning: the unit vectors of an `Encoder`, shape (len(bags), dimensions).
    """
    lengths = np.array([bag.stems.total for bag in bags], np.float32)
    relative = lengths / np.float32(frequencies.average_length)
    norms = _SATURATION * (1 - _LENGTH_SHARE + _LENGTH_SHARE * relative)
    channels = {channel: _columns(bags, channel, norms) for channel in CHANNELS}
    vectors = latent.project(bags) if latent is not None else None
    return Shelf(tuple(bags), channels, vectors, meaning)


def _columns(bags: Sequence[Bag], channel: Channel, norms: Floats) -> Columns:
    rows = [getattr(bag, channel) for bag in bags]
    sizes = [row.keys.size for row in rows]
    if not sum(sizes):
        none = np.empty(0, np.int64)
        return Columns(none, np.zeros(1, np.int64), NOTHING[0], *([NOTHING[1]] * 2))
    keys = np.concatenate([row.keys for row in rows])
    counts = np.concatenate([row.counts for row in rows])
    papers = np.repeat(np.arange(len(rows), dtype=np.int32), sizes)
    order = np.argsort(keys, kind="stable")
    counts, papers = counts[order], papers[order]
    distinct, starts = np.unique(keys[order], return_index=True)
    starts = np.append(starts, keys.size).astype(np.int64)
    return Columns(distinct, starts, papers, counts, counts / (counts + norms[papers]))
