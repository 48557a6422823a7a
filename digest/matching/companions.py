"""Papers that say nearly the same: two parts of one work, or one rewritten.

Promise: pairs of different papers by the cosine of their tf-idf rows, none twice. A
pair is looked at if its strongest words meet; pairs above the bound practically do.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from digest.matching.bags import Bag, Floats
from digest.matching.frequencies import Frequencies, look_up
from digest.matching.shelf import Shelf
from digest.matching.tf_idf import Row, tf_idf

_STRONGEST = 12  # words of a paper by which its companions are looked for
_LEAST_SHARED = 0.2  # what these alone must bring to the cosine


class Likeness(NamedTuple):
    """Two papers by their places on the two shelves, and their cosine."""

    place: int
    other: int
    cosine: float


def find_alike(
    shelf: Shelf, others: Shelf, frequencies: Frequencies, least: float
) -> Iterator[Likeness]:
    """Yield pairs of a paper and another that are at least so alike."""
    for place, bag in enumerate(shelf.bags):
        row = tf_idf(bag.stems, frequencies)
        for other in _candidates(row, others, frequencies).tolist():
            cosine = _cosine(row, others.bags[other], frequencies)
            if cosine >= least:
                yield Likeness(place, other, cosine)


def _candidates(
    row: Row, others: Shelf, frequencies: Frequencies
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the places of papers with which the strongest words have in common."""
    strongest = np.sort(np.argsort(-row.counts, kind="stable")[:_STRONGEST])
    keys, weights = row.keys[strongest], row.counts[strongest]
    worth = weights * frequencies.idf("stems", keys)
    shared = np.zeros(others.size, np.float32)
    columns = others.channels["stems"]
    for number, entries in columns.find(keys):
        shared[columns.papers[entries]] += worth[number] * columns.logs[entries]
    return np.flatnonzero(shared >= _LEAST_SHARED * others.norms)


def _cosine(row: Row, other: Bag, frequencies: Frequencies) -> float:
    found = tf_idf(other.stems, frequencies)
    product: Floats = row.counts * look_up(found.keys, found.counts, row.keys)
    return float(product.sum())
