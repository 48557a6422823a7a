"""Scores made comparable between topics: each against the topic's own recent papers.

Promise: finite; the same for a paper whatever else is scored with it. A part that
hardly varies cannot run away: its deviation has a floor. A paper that lacks a part
neither gains nor loses by that: the others score it, on the scale that they alone
have over the recent papers.

A standard score (z) is (x - mean) / deviation over the recent papers; the parts are
joined by fixed shares; how these were found: docs/relevance.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from digest.matching.bags import Floats
from digest.matching.signals import Signals

LEAST_JOINED_DEVIATION = 0.2
_FLOORS = {"words": 0.02, "latent": 0.03, "meaning": 0.03}
"""Of the perfect lexical score, and of cosines."""

_TASTE_FLOORS = dict.fromkeys(("terms", "latent", "meaning"), 1e-4)
_VECTORS = frozenset({"latent", "meaning"})
"""Parts that a paper may lack. Its vector is a row of zeros, its value exactly 0."""

_SHARES = {
    "words": (1.0,),
    "words latent": (0.6, 0.4),
    "words meaning": (0.5, 0.5),
    "words latent meaning": (0.35, 0.15, 0.5),
    "terms": (1.0,),
    "terms latent": (1 / 2, 1 / 2),
    "terms meaning": (1 / 2, 1 / 2),
    "terms latent meaning": (1 / 3, 1 / 3, 1 / 3),
}
"""Of the parts named, in their order: of a wish, of a taste."""

Parts = Mapping[str, Floats]
"""Values per paper, shape (n,), by the name of the part."""

_Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Standard:
    """Mean and deviation of something over the recent papers."""

    mean: float = 0.0
    deviation: float = 1.0

    def apply(self, values: Floats) -> Floats:
        """Return the standard scores."""
        return (values - np.float32(self.mean)) / np.float32(self.deviation)


@dataclass(frozen=True, slots=True)
class StandardScores:
    """Standard scores per paper, shape (n,), joined and part by part.

    A part that a paper lacks is 0.
    """

    joined: Floats
    parts: dict[str, Floats]


@dataclass(frozen=True, slots=True)
class Measured:
    """What the parts are on the recent papers, and what each set of them is joined.

    joined: by the names of the parts, as in the shares.
    """

    parts: dict[str, Standard]
    joined: dict[str, Standard]

    def apply(self, values: Parts) -> StandardScores:
        """Return the standard scores of papers, each by the parts that it has."""
        known = {name: values[name] for name in self.parts if name in values}
        parts = _apply(known, self.parts)
        joined = np.zeros_like(next(iter(parts.values())))
        for names, chosen in _sets(known):
            scores = self.joined[names].apply(_join(names, parts))
            joined = np.where(chosen, scores, joined)
        return StandardScores(joined, parts)


def measure(values: Floats, floor: float) -> Standard:
    """Measure one thing; of no papers, the floor alone."""
    if not values.size:
        return Standard(0.0, floor)
    return Standard(float(values.mean()), max(float(values.std()), floor))


def measure_wish(signals: Signals) -> Measured:
    """Measure the parts of a wish on the recent papers."""
    return _measure(wish_parts(signals), _FLOORS)


def measure_taste(parts: Parts) -> Measured:
    """Measure the parts of a taste on the recent papers."""
    return _measure(parts, _TASTE_FLOORS)


def wish_parts(signals: Signals) -> dict[str, Floats]:
    """Return what speaks for papers under a wish, as far as there is."""
    parts = {"words": signals.strength}
    if signals.latent is not None:
        parts["latent"] = signals.latent
    if signals.meaning is not None:
        parts["meaning"] = signals.meaning
    return parts


def _measure(values: Parts, floors: Mapping[str, float]) -> Measured:
    measured = {
        name: measure(values[name][_has(name, values)], floors[name])
        for name in floors
        if name in values
    }
    parts = _apply(values, measured)
    joined = {}
    for names in _SHARES:
        chosen = names.split()
        if measured.keys() >= set(chosen):
            scores = _join(names, parts)
            has_all = np.logical_and.reduce([_has(name, values) for name in chosen])
            joined[names] = measure(scores[has_all], LEAST_JOINED_DEVIATION)
    return Measured(measured, joined)


def _apply(values: Parts, measured: Mapping[str, Standard]) -> dict[str, Floats]:
    return {
        name: np.where(_has(name, values), one.apply(values[name]), np.float32(0))
        for name, one in measured.items()
        if name in values
    }


def _has(name: str, values: Parts) -> _Mask:
    """Which papers have a part."""
    if name in _VECTORS:
        return np.asarray(values[name] != 0, np.bool_)
    return np.ones(values[name].shape, np.bool_)


def _sets(values: Parts) -> Iterator[tuple[str, _Mask]]:
    """Yield the names of each set of parts that papers have, and which papers."""
    for names in _SHARES:
        chosen = names.split()
        if chosen[0] in values and values.keys() >= set(chosen):
            has = [_has(name, values) == (name in chosen) for name in values]
            yield names, np.logical_and.reduce(has)


def _join(names: str, parts: Parts) -> Floats:
    weighted = zip(names.split(), _SHARES[names], strict=True)
    joined = sum(np.float32(share) * parts[name] for name, share in weighted)
    return np.asarray(joined, np.float32)
