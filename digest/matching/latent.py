"""Latent semantics: what papers are about, learned from which words go together.

Promise: deterministic for the same papers in the same order; vectors have length 1
or are all zero; a model stored and read again gives the same vectors.

Latent semantic analysis (Deerwester et al. 1990): the leading right singular vectors
of the tf-idf matrix, by randomised subspace iteration (Halko, Martinsson and Tropp
2011). A text's vector is its tf-idf row times those, (1 + log tf) x idf.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from digest.matching.bags import Bag, Floats, Keys
from digest.matching.frequencies import Frequencies

DIMENSIONS = 100
FEWEST_PAPERS = 300  # below this the words alone decide
_PAPERS_PER_DIMENSION = 5
_MOST_PAPERS = 3000  # more teach nothing new, and take longer
_MOST_WORDS = 8000
_FEWEST_OCCURRENCES = 2
_BLOCK = 512  # rows made dense at a time
_OVERSAMPLE, _ROUNDS, _SEED = 20, 3, 20261125


@dataclass(frozen=True, slots=True)
class LatentModel:
    """keys: stems in order, shape (t,); basis: (t, d); idf: (t,)."""

    keys: Keys
    idf: Floats
    basis: Floats

    @property
    def dimensions(self) -> int:
        """How long the vectors are."""
        return int(self.basis.shape[1])

    def project(self, bags: Sequence[Bag]) -> Floats:
        """Return the unit vectors of texts, shape (n, dimensions)."""
        vectors = np.zeros((len(bags), self.dimensions), np.float32)
        for row, bag in enumerate(bags):
            at, values = _weigh(bag, self.keys, self.idf)
            vectors[row] = values @ self.basis[at]  # few of the words are in a text
        return unit_rows(vectors)


def fit_latent(bags: Sequence[Bag], frequencies: Frequencies) -> LatentModel | None:
    """Learn from papers, the newest last; None while there are too few."""
    if len(bags) < FEWEST_PAPERS:
        return None
    chosen = bags[-_MOST_PAPERS:]
    keys = _frequent_stems(chosen)
    dimensions = min(DIMENSIONS, len(chosen) // _PAPERS_PER_DIMENSION, keys.size // 2)
    if dimensions < 1:
        return None
    idf = frequencies.idf("stems", keys)
    return LatentModel(keys, idf, _leading_vectors(chosen, keys, idf, dimensions))


def _frequent_stems(bags: Sequence[Bag]) -> Keys:
    every = np.concatenate([bag.stems.keys for bag in bags])
    keys, counts = np.unique(every, return_counts=True)
    keys, counts = (
        keys[counts >= _FEWEST_OCCURRENCES],
        counts[counts >= _FEWEST_OCCURRENCES],
    )
    most = np.argsort(-counts, kind="stable")[:_MOST_WORDS]
    return np.sort(keys[most])


def _leading_vectors(
    bags: Sequence[Bag], keys: Keys, idf: Floats, dimensions: int
) -> Floats:
    width = min(dimensions + _OVERSAMPLE, len(bags), keys.size)
    random = np.random.default_rng(_SEED)
    guess = random.standard_normal((keys.size, width)).astype(np.float32)
    for _ in range(_ROUNDS):
        guess = np.linalg.qr(_multiply_twice(bags, keys, idf, guess))[0]
    small = np.concatenate([b @ guess for b in _dense_blocks(bags, keys, idf)])
    _, turn = np.linalg.eigh(small.T @ small)
    leading = guess @ turn[:, ::-1][:, :dimensions]
    signs = np.sign(leading[np.abs(leading).argmax(axis=0), np.arange(dimensions)])
    return np.ascontiguousarray(leading * signs, np.float32)


def _multiply_twice(
    bags: Sequence[Bag], keys: Keys, idf: Floats, guess: Floats
) -> Floats:
    """Return A'A times the guess, block by block."""
    total = np.zeros_like(guess)
    for block in _dense_blocks(bags, keys, idf):
        total += block.T @ (block @ guess)
    return total


def _dense_blocks(bags: Sequence[Bag], keys: Keys, idf: Floats) -> Iterator[Floats]:
    """Yield the unit tf-idf rows of texts, some hundred at a time."""
    for first in range(0, len(bags), _BLOCK):
        chosen = bags[first : first + _BLOCK]
        block = np.zeros((len(chosen), keys.size), np.float32)
        for row, bag in enumerate(chosen):
            at, values = _weigh(bag, keys, idf)
            block[row, at] = values
        yield unit_rows(block)


def _weigh(bag: Bag, keys: Keys, idf: Floats) -> tuple[Keys, Floats]:
    """Return the places of a text's words among the keys, and their weights."""
    places = np.minimum(np.searchsorted(keys, bag.stems.keys), keys.size - 1)
    known = keys[places] == bag.stems.keys
    at = places[known]
    return at, (1 + np.log(bag.stems.counts[known])) * idf[at]


def unit_rows(rows: Floats) -> Floats:
    """Return the rows with length 1; rows of zeros stay."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def known_rows(vectors: Floats) -> Floats:
    """Return the rows that are no zeros: those of papers that have a vector."""
    return vectors[vectors.any(axis=1)]
