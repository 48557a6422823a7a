"""Yes or no: whether a paper is sent, and how likely it is wanted.

Promise: one default strictness for all topics of a kind; a higher level never sends a
paper that a lower one would not. A paper without any evidence of its own is never
sent, and a topic that has nothing sends nothing: fillers do not exist.

The odds of a paper are a sum of its standard score against the best of the topic's
recent papers (a broad topic has a long tail of good ones, a sharp one few), how high
that best is, the share of the wish's idf that the paper has, and its lexical score as a
share of a perfect one, with that of the best recent paper. The latter do not depend on
other papers: where nothing is relevant something is still first, but little of the wish
is in it. A paper is sent from odds 0; the slider moves that.

The coefficients and how they were found: docs/relevance.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np

from digest.matching.bags import Floats
from digest.matching.wish import WishKind

_LEAST_SCORE, _LEAST_BEST = 0.05, 0.3
_LEAST_STRENGTH = 0.02
_VOUCHED = 1.3  # what examples say for a paper, in place of the words of the wish


class Strictness(Enum):
    """The slider: what the odds must reach; a step about doubles what is sent."""

    MOST = -1.5
    MORE = -0.75
    USUAL = 0.0
    FEWER = 0.75
    FEWEST = 1.5


@dataclass(frozen=True, slots=True)
class Rule:
    """Coefficients of the odds, and what makes probabilities of them."""

    constant: float
    relative: float
    best: float
    best_strength: float
    coverage: float
    strength: float
    words: float
    offset: float
    slope: float


_RULE = Rule(1.16, 4.05, -0.72, 0.96, 3.58, 1.12, 0.45, -1.55, 0.35)
RULES: dict[WishKind, Rule] = dict.fromkeys(WishKind, _RULE)


@dataclass(frozen=True, slots=True)
class Traits:
    """What a decision looks at: per paper, shape (n,), scores, coverage, strength.

    `words`: content words of the wish; `examples`: the share that marks have in scores.
    """

    scores: Floats
    coverage: Floats
    strength: Floats
    words: float
    examples: float = 0.0


@dataclass(frozen=True, slots=True)
class Bar:
    """What a topic's recent papers reach: the best score, and that paper's strength."""

    best: float
    strength: float


def set_bar(recent: Traits) -> Bar:
    """Return a topic's bar from its recent papers."""
    if not recent.scores.size:
        return Bar(1.0, 0.0)
    first = int(np.argmax(recent.scores))
    best = max(float(recent.scores[first]), _LEAST_BEST)
    return Bar(best, float(recent.strength[first]))


def odds_of(papers: Traits, bar: Bar, kind: WishKind) -> Floats:
    """Return by how much papers pass (or fail, below 0), shape (n,)."""
    rule = RULES[kind]
    best = math.log(bar.best)
    relative = np.log(np.maximum(papers.scores, _LEAST_SCORE)) - best
    own = np.log(papers.strength + np.float32(_LEAST_STRENGTH))
    either = np.maximum(own, math.log(bar.strength + _LEAST_STRENGTH))
    guard = (
        rule.best_strength * (either + 1.5)
        + rule.coverage * (papers.coverage - 0.5)
        + rule.strength * (own + 1.5)
        + rule.words * (math.log1p(papers.words) - 2.2)
    )
    guard = (1 - papers.examples) * guard + papers.examples * _VOUCHED
    raised = rule.relative * (relative + 0.55) + rule.best * (best - 1.5)
    return np.asarray(rule.constant + raised + guard, np.float32)


def probabilities(odds: Floats, kind: WishKind) -> Floats:
    """Return how likely papers of such odds are wanted, 0 to 1 (Platt 1999)."""
    rule = RULES[kind]
    return _sigmoid(rule.offset + rule.slope * odds)


def _sigmoid(odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -30, 30))), np.float32)
