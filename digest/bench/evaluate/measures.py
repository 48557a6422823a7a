"""Measures of a ranking and of a decision, and how sure one can be of their means.

Promise: as trec_eval has them: gains are the grades themselves, ties keep the order of
the documents; a query without any wanted document is for the caller to leave out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.floating]
Grades = Mapping[int, float]

CUT, RECALL_CUT = 10, 20
_DRAWS = 1000


class Ranking(NamedTuple):
    """How good one ranking is."""

    ndcg: float
    average_precision: float
    recall: float
    precision: float
    best_f1: float


class Interval(NamedTuple):
    """A mean and where 95 % of its bootstrap draws lie."""

    mean: float
    low: float
    high: float


def rate(scores: Scores, wanted: Grades) -> Ranking:
    """Rate scores, shape (n,), against the grades of the wanted documents."""
    order = np.argsort(-scores, kind="stable")
    gains = np.zeros(scores.size)
    gains[list(wanted)] = list(wanted.values())
    hits = gains[order] > 0
    found = np.cumsum(hits)
    ranks = np.arange(1, scores.size + 1)
    return Ranking(
        _dcg(gains[order]) / _dcg(np.sort(gains)[::-1]),
        float((hits * found / ranks).sum() / len(wanted)),
        float(found[min(RECALL_CUT, found.size) - 1] / len(wanted)),
        float(hits[:CUT].sum() / CUT),
        float((2 * found / (ranks + len(wanted))).max()),
    )


def _dcg(gains: Scores) -> float:
    """Return the discounted gain of the first ten (Järvelin and Kekäläinen 2002)."""
    first = gains[:CUT]
    return float((first / np.log2(np.arange(2, first.size + 2))).sum())


def f1(sent: npt.NDArray[np.bool_], wanted: Grades) -> float:
    """Return the F1 of what is sent."""
    hits = int(sent[list(wanted)].sum())
    return 2 * hits / (int(sent.sum()) + len(wanted))


def bootstrap(values: Sequence[float], seed: int) -> Interval:
    """Return the mean over queries with its 95 % interval (percentiles)."""
    if not values:
        return Interval(0.0, 0.0, 0.0)
    known = np.asarray(values)
    random = np.random.default_rng(seed)
    draws = known[random.integers(0, known.size, (_DRAWS, known.size))].mean(axis=1)
    low, high = np.percentile(draws, [2.5, 97.5])
    return Interval(float(known.mean()), float(low), float(high))


def bootstrap_share(
    values: Sequence[float], wholes: Sequence[float], seed: int
) -> Interval:
    """Return the sum of values as a share of the sum of wholes, drawn together."""
    if not values or not sum(wholes):
        return Interval(0.0, 0.0, 0.0)
    known, whole = np.asarray(values), np.asarray(wholes)
    random = np.random.default_rng(seed)
    chosen = random.integers(0, known.size, (_DRAWS, known.size))
    shares = known[chosen].sum(axis=1) / np.maximum(whole[chosen].sum(axis=1), 1e-12)
    low, high = np.percentile(shares, [2.5, 97.5])
    return Interval(float(known.sum() / whole.sum()), float(low), float(high))
