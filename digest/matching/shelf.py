"""Many papers side by side, ready to be scored at once: who holds which word.

Promise: a wish is scored by reading the columns of its own words alone, whatever
else the papers say; the order of the papers is the caller's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from digest.matching.bags import CHANNELS, Bag, Channel, Floats, Keys
from digest.matching.frequencies import Frequencies
from digest.matching.latent import LatentModel

_SATURATION = 1.2  # BM25's k1: how soon repetition stops helping
_LENGTH_SHARE = 0.75  # BM25's b: how much a long paper is discounted

Places = npt.NDArray[np.int32]
Numbers = npt.NDArray[np.int64]
_NOTHING: tuple[Places, Floats] = (np.empty(0, np.int32), np.empty(0, np.float32))


@dataclass(frozen=True, slots=True)
class Columns:
    """A sparse matrix of papers and keys, column after column.

    keys: distinct, ascending, shape (k,); starts: shape (k + 1,); papers, logs and
    weights: shape (entries,). A log is 1 + ln tf, a weight BM25's
    tf / (tf + k1 (1 - b + b length / mean length)).
    """

    keys: Keys
    starts: Numbers
    papers: Places
    logs: Floats
    weights: Floats

    def find(self, keys: Keys) -> Iterator[tuple[int, slice]]:
        """Yield the number of each key that any paper has, and where it has entries."""
        known, begins, ends = self._spans(keys)
        for number, begin, end in zip(
            known.tolist(), begins.tolist(), ends.tolist(), strict=True
        ):
            yield number, slice(begin, end)

    def gather(self, keys: Keys) -> tuple[Numbers, Numbers]:
        """Return every entry of any of the keys, and the number of its key.

        The same as all that `find` yields, for many keys without a loop over them.
        """
        known, begins, ends = self._spans(keys)
        sizes = ends - begins
        offsets = np.repeat(begins - np.cumsum(sizes) + sizes, sizes)
        return np.repeat(known, sizes), offsets + np.arange(offsets.size)

    def _spans(self, keys: Keys) -> tuple[Numbers, Numbers, Numbers]:
        """Return the numbers of the keys that papers have, and where each lies."""
        if not self.keys.size:
            none = np.empty(0, np.int64)
            return none, none, none
        at = np.minimum(np.searchsorted(self.keys, keys), self.keys.size - 1)
        known = np.flatnonzero(self.keys[at] == keys)
        return known, self.starts[at[known]], self.starts[at[known] + 1]


@dataclass(frozen=True, slots=True)
class Shelf:
    """`size` papers by their words, taken from `bags`.

    lengths: BM25's k1 (1 - b + b length / mean length), shape (size,);
    norms: the length of each paper's tf-idf row, shape (size,), never 0.
    latent and meaning: unit vectors, shape (size, dimensions), or None.
    """

    bags: tuple[Bag, ...]
    channels: dict[Channel, Columns]
    lengths: Floats
    norms: Floats
    latent: Floats | None = None
    meaning: Floats | None = None

    @property
    def size(self) -> int:
        """The number of papers."""
        return len(self.bags)

    def take(self, places: Sequence[int]) -> Shelf:
        """Return a shelf of some of the papers, in the order given.

        It costs what these papers do, not what the others would.
        """
        chosen = np.asarray(places, np.int64)
        bags = tuple(self.bags[place] for place in places)
        return Shelf(
            bags,
            _turn(bags, self.lengths[chosen]),
            self.lengths[chosen],
            self.norms[chosen],
            None if self.latent is None else self.latent[chosen],
            None if self.meaning is None else self.meaning[chosen],
        )


def make_shelf(
    bags: Sequence[Bag],
    frequencies: Frequencies,
    latent: LatentModel | None = None,
    meaning: Floats | None = None,
) -> Shelf:
    """Put texts side by side; lengths are compared with those of the archive.

    meaning: the unit vectors of an `Encoder`, shape (len(bags), dimensions).
    """
    totals = np.array([bag.stems.total for bag in bags], np.float32)
    relative = totals / np.float32(frequencies.average_length)
    lengths = _SATURATION * (1 - _LENGTH_SHARE + _LENGTH_SHARE * relative)
    channels = _turn(bags, lengths)
    vectors = latent.project(bags) if latent is not None else None
    tf_idf_norms = _tf_idf_norms(bags, channels["stems"], frequencies)
    return Shelf(tuple(bags), channels, lengths, tf_idf_norms, vectors, meaning)


def _tf_idf_norms(
    bags: Sequence[Bag], stems: Columns, frequencies: Frequencies
) -> Floats:
    idf = np.repeat(frequencies.idf("stems", stems.keys), np.diff(stems.starts))
    squares = (stems.logs * idf) ** 2
    totals = np.bincount(stems.papers, squares, minlength=len(bags))
    return np.sqrt(np.where(totals > 0, totals, 1)).astype(np.float32)


def _turn(bags: Sequence[Bag], lengths: Floats) -> dict[Channel, Columns]:
    return {channel: _columns(bags, channel, lengths) for channel in CHANNELS}


def _columns(bags: Sequence[Bag], channel: Channel, lengths: Floats) -> Columns:
    rows = [getattr(bag, channel) for bag in bags]
    sizes = [row.keys.size for row in rows]
    if not sum(sizes):
        none = np.empty(0, np.int64)
        return Columns(none, np.zeros(1, np.int64), _NOTHING[0], *([_NOTHING[1]] * 2))
    keys = np.concatenate([row.keys for row in rows])
    counts = np.concatenate([row.counts for row in rows])
    papers = np.repeat(np.arange(len(rows), dtype=np.int32), sizes)
    order = np.argsort(keys, kind="stable")
    counts, papers = counts[order], papers[order]
    distinct, starts = np.unique(keys[order], return_index=True)
    starts = np.append(starts, keys.size).astype(np.int64)
    return Columns(
        distinct,
        starts,
        papers,
        (1 + np.log(counts)).astype(np.float32),
        (counts / (counts + lengths[papers])).astype(np.float32),
    )
