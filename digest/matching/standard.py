"""Scores made comparable between topics: each against the topic's own recent papers.

Promise: finite; the same for a paper whatever else is scored with it. A part that
hardly varies cannot run away: its deviation has a floor.

A standard score (z) is (x - mean) / deviation over the recent papers; the parts are
joined by fixed shares; how these were found: docs/relevance.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from digest.matching.bags import Floats
from digest.matching.signals import Signals

_LEAST_STRENGTH_DEVIATION = 0.02  # of the perfect lexical score
_LEAST_COSINE_DEVIATION = 0.03
LEAST_JOINED_DEVIATION = 0.2
_SHARES = {
    "words": {"words": 1.0},
    "words latent": {"words": 0.6, "latent": 0.4},
    "words meaning": {"words": 0.5, "meaning": 0.5},
    "words latent meaning": {"words": 0.35, "latent": 0.15, "meaning": 0.5},
}


@dataclass(frozen=True, slots=True)
class Standard:
    """Mean and deviation of one part over the recent papers."""

    mean: float = 0.0
    deviation: float = 1.0

    def apply(self, values: Floats) -> Floats:
        """Return the standard scores."""
        return (values - np.float32(self.mean)) / np.float32(self.deviation)


@dataclass(frozen=True, slots=True)
class StandardScores:
    """Standard scores per paper, shape (n,), joined and part by part."""

    joined: Floats
    parts: dict[str, Floats]


def measure(values: Floats, floor: float) -> Standard:
    """Measure a part; of no papers, the floor alone."""
    if not values.size:
        return Standard(0.0, floor)
    return Standard(float(values.mean()), max(float(values.std()), floor))


def measure_all(signals: Signals) -> dict[str, Standard]:
    """Measure every part that there is on the recent papers of a topic."""
    measured = {"words": measure(signals.strength, _LEAST_STRENGTH_DEVIATION)}
    for name, values in _cosines(signals):
        measured[name] = measure(values[values != 0], _LEAST_COSINE_DEVIATION)
    return measured


def standardise(signals: Signals, measured: dict[str, Standard]) -> StandardScores:
    """Return the standard scores of papers by what was measured on recent ones.

    A paper whose vector was not made yet (a row of zeros) is scored by the other parts.
    """
    parts = {"words": measured["words"].apply(signals.strength)}
    for name, values in _cosines(signals):
        if name in measured:
            parts[name] = measured[name].apply(values)
    joined = _join(parts)
    if "meaning" in parts and signals.meaning is not None:
        others = {name: z for name, z in parts.items() if name != "meaning"}
        joined = np.where(signals.meaning == 0, _join(others), joined)
    return StandardScores(joined, parts)


def _cosines(signals: Signals) -> Iterator[tuple[str, Floats]]:
    if signals.latent is not None:
        yield "latent", signals.latent
    if signals.meaning is not None:
        yield "meaning", signals.meaning


def _join(parts: dict[str, Floats]) -> Floats:
    shares = _SHARES[" ".join(parts)]
    joined = sum(np.float32(shares[name]) * z for name, z in parts.items())
    return np.asarray(joined, np.float32)
