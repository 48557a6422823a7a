"""Yes or no: whether a paper is sent, and how likely it is wanted.

Promise: one default strictness for all topics of a kind; a higher level never sends a
paper that a lower one would not. A paper without any evidence of its own is never
sent, and a topic that has nothing sends nothing: fillers do not exist.

The margin of a paper is a sum of: its standard score, and that against the best of the
topic's recent papers (a broad topic has a long tail of good ones, a narrow one few);
the share of the wish's idf that it has, and its lexical score as a share of a perfect
one. The last two do not depend on other papers: where nothing is relevant something is
still first, but little of the wish is in it. The coefficients and how they were found:
docs/relevance.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np

from digest.matching.bags import Floats
from digest.matching.wish import WishKind

_LEAST_SCORE = 0.3
_BEST_OF = 1  # how many of the recent papers tell how good the best are


class Strictness(Enum):
    """The slider: what a margin must reach. A step is a third of the way to half."""

    MOST = -0.5
    MORE = -0.25
    USUAL = 0.0
    FEWER = 0.25
    FEWEST = 0.5


@dataclass(frozen=True, slots=True)
class Rule:
    """Coefficients of the margin, and of the probability at margins 0 and more."""

    constant: float
    best: float
    coverage: float
    strength: float
    words: float
    odds: float
    slope: float


RULES: dict[WishKind, Rule] = {
    kind: Rule(0.67, -0.8, 0.54, 0.86, 0.36, -0.5, 3.0) for kind in WishKind
}
_USUAL_GUARD = -0.9  # of a wanted paper: what examples vouch for


@dataclass(frozen=True, slots=True)
class Traits:
    """What a decision looks at besides the scores of a topic.

    coverage and strength: per paper, shape (n,); content_words: of the wish;
    best: the standard score of the best recent papers; examples: the share of marks.
    """

    coverage: Floats
    strength: Floats
    content_words: float
    best: float
    examples: float = 0.0


def best_of(scores: Floats) -> float:
    """Return what the best of the recent papers score."""
    if not scores.size:
        return 1.0
    return max(float(np.sort(scores)[-_BEST_OF:].mean()), 0.5)


def margins(scores: Floats, traits: Traits, kind: WishKind) -> Floats:
    """Return by how much papers pass (or fail, below 0), shape (n,)."""
    rule = RULES[kind]
    guard = (
        rule.coverage * traits.coverage
        + rule.strength * np.log(traits.strength + np.float32(0.02))
        + rule.words * math.log1p(traits.content_words)
    )
    guard = (1 - traits.examples) * guard + traits.examples * _USUAL_GUARD
    relative = np.log(np.maximum(scores, _LEAST_SCORE)) + rule.best * math.log(
        traits.best
    )
    return np.asarray(rule.constant + relative + guard, np.float32)


def probabilities(margin: Floats, kind: WishKind) -> Floats:
    """Return how likely papers of such margins are wanted, 0 to 1 (Platt 1999)."""
    rule = RULES[kind]
    return np.asarray(1 / (1 + np.exp(-(rule.odds + rule.slope * margin))), np.float32)
