"""Papers that say nearly the same: two parts of one work, or one rewritten.

Promise: pairs of papers by the cosine of their tf-idf rows, none twice. A pair is
looked at if its strongest words meet; pairs above the bound practically do. A text of
a few words, such as a title alone, has no companions: "Editorial" says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from digest.matching.bags import Bag, Floats
from digest.matching.frequencies import Frequencies, look_up
from digest.matching.shelf import Shelf
from digest.matching.tf_idf import Row, tf_idf

_STRONGEST = 12  # words of a paper by which its companions are looked for
_LEAST_SHARED = 0.2  # what these alone must bring to the cosine
_FEWEST_WORDS = 20  # different words that a text must have to be like another


class Likeness(NamedTuple):
    """A paper by its place among the bags, one by its place on the shelf; cosine."""

    place: int
    other: int
    cosine: float


def find_alike(
    bags: Sequence[Bag], others: Shelf, frequencies: Frequencies, least: float
) -> Iterator[Likeness]:
    """Yield pairs of a paper and one of the shelf that are at least so alike.

    The shelf is best the smaller of the two: it is what stays in memory.
    """
    long_enough = np.array([_is_long(bag) for bag in others.bags], np.bool_)
    for place, bag in enumerate(bags):
        if not _is_long(bag):
            continue
        row = tf_idf(bag.stems, frequencies)
        for other in _candidates(row, others, frequencies, long_enough).tolist():
            cosine = _cosine(row, others.bags[other], frequencies)
            if cosine >= least:
                yield Likeness(place, other, cosine)


def _is_long(bag: Bag) -> bool:
    return bag.stems.keys.size >= _FEWEST_WORDS


def _candidates(
    row: Row,
    others: Shelf,
    frequencies: Frequencies,
    allowed: npt.NDArray[np.bool_],
) -> npt.NDArray[np.int64]:
    """Return the places of allowed papers that the strongest words lead to."""
    strongest = np.sort(np.argsort(-row.counts, kind="stable")[:_STRONGEST])
    keys, weights = row.keys[strongest], row.counts[strongest]
    worth = weights * frequencies.idf("stems", keys)
    shared = np.zeros(others.size, np.float32)
    columns = others.channels["stems"]
    for number, entries in columns.find(keys):
        shared[columns.papers[entries]] += worth[number] * columns.logs[entries]
    return np.flatnonzero(allowed & (shared >= _LEAST_SHARED * others.norms))


def _cosine(row: Row, other: Bag, frequencies: Frequencies) -> float:
    found = tf_idf(other.stems, frequencies)
    product: Floats = row.counts * look_up(found.keys, found.counts, row.keys)
    return float(product.sum())
