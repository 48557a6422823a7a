"""What a person's marks teach: liked and disliked papers beside the wish.

Promise: closed formulas, no training loop: the same marks give the same taste, in
milliseconds. The wish keeps at least a fifth of the say, and nearly all of it while
marks are few. Every term learned can be shown and muted.

Two linear scores: the centroid of the liked papers' tf-idf rows less a little of the
disliked (Rocchio 1971), and in each vector space the discriminant of Fisher, inverse
covariance of the recent papers times (mean of the liked - mean of all), a linear
classifier whose negatives are all recent papers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np

from digest.matching import words
from digest.matching.background import Background
from digest.matching.bags import Counts, Floats
from digest.matching.frequencies import Frequencies
from digest.matching.latent import known_rows
from digest.matching.shelf import Shelf

_MOST_TERMS = 300
_DISLIKED_SHARE = 0.15
_MOST_SHARE, _HALF_WAY = 0.8, 3  # w = .8 n / (n + 3)


@dataclass(frozen=True, slots=True)
class Marks:
    """Papers marked, each kind side by side as `Background.shelve` puts them.

    `muted`: stems that shall not be learned.
    """

    liked: Shelf
    disliked: Shelf
    muted: frozenset[str] = frozenset()

    @property
    def count(self) -> int:
        """How many papers are liked."""
        return self.liked.size


@dataclass(frozen=True, slots=True)
class Taste:
    """A weight for each term, ascending keys, and a direction in each space."""

    terms: Counts
    directions: dict[str, Floats]

    def score(self, shelf: Shelf, frequencies: Frequencies) -> dict[str, Floats]:
        """Return how much papers are to this taste, by part, shape (n,) each."""
        parts = {"terms": _score_terms(self.terms, shelf, frequencies)}
        for name, direction in self.directions.items():
            vectors: Floats | None = getattr(shelf, name)
            if vectors is not None:
                parts[name] = np.asarray(vectors @ direction, np.float32)
        return parts


def usual_share(marks: int) -> float:
    """Return how much the taste of so many marks counts beside the wish."""
    return _MOST_SHARE * marks / (marks + _HALF_WAY)


def learn(marks: Marks, background: Background) -> Taste:
    """Return the taste that marks show; at least one paper must be liked."""
    terms = _centroid(marks.liked, background.frequencies)
    if marks.disliked.size:
        unwanted = _centroid(marks.disliked, background.frequencies)
        terms = _subtract(terms, unwanted)
    return Taste(
        _strongest(_without(terms, marks.muted)), dict(_directions(marks, background))
    )


def _directions(marks: Marks, background: Background) -> Iterator[tuple[str, Floats]]:
    for name, spread in background.spreads.items():
        liked, disliked = (
            _rows(shelf, name) for shelf in (marks.liked, marks.disliked)
        )
        if not len(liked):
            continue
        wanted = liked.mean(axis=0) - spread.mean
        if len(disliked):
            wanted = wanted - _DISLIKED_SHARE * (disliked.mean(axis=0) - spread.mean)
        yield name, np.asarray(spread.inverse @ wanted, np.float32)


def _rows(shelf: Shelf, name: str) -> Floats:
    """Return the vectors of the papers that have one."""
    vectors: Floats | None = getattr(shelf, name)
    return np.zeros((0, 0), np.float32) if vectors is None else known_rows(vectors)


def _centroid(papers: Shelf, frequencies: Frequencies) -> Counts:
    """Return the mean of the papers' unit tf-idf rows."""
    stems = papers.channels["stems"]
    if not stems.keys.size:
        return Counts(stems.keys, stems.logs)
    sums = np.add.reduceat(stems.logs / papers.norms[stems.papers], stems.starts[:-1])
    mean = sums * frequencies.idf("stems", stems.keys) / np.float32(papers.size)
    return Counts(stems.keys, np.asarray(mean, np.float32))


def _subtract(terms: Counts, unwanted: Counts) -> Counts:
    """Return the terms less a share of the unwanted; what is left may be negative."""
    keys = np.union1d(terms.keys, unwanted.keys)
    values = np.zeros(keys.size, np.float32)
    values[np.searchsorted(keys, terms.keys)] += terms.counts
    values[np.searchsorted(keys, unwanted.keys)] -= (
        np.float32(_DISLIKED_SHARE) * unwanted.counts
    )
    return Counts(keys, values)


def _without(terms: Counts, muted: Collection[str]) -> Counts:
    keys = np.array([words.key_of(stem) for stem in muted], np.int64)
    kept = ~np.isin(terms.keys, keys)
    return Counts(terms.keys[kept], terms.counts[kept])


def _strongest(terms: Counts) -> Counts:
    most = np.sort(np.argsort(-np.abs(terms.counts), kind="stable")[:_MOST_TERMS])
    return Counts(terms.keys[most], terms.counts[most])


def _score_terms(terms: Counts, shelf: Shelf, frequencies: Frequencies) -> Floats:
    """Return the cosine of each paper's tf-idf row with the terms (but for length)."""
    worth = terms.counts * frequencies.idf("stems", terms.keys)
    columns = shelf.channels["stems"]
    numbers, entries = columns.gather(terms.keys)
    scores = np.bincount(
        columns.papers[entries],
        worth[numbers] * columns.logs[entries],
        minlength=shelf.size,
    )
    return np.asarray(scores / shelf.norms, np.float32)
