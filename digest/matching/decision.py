"""Yes or no: whether a paper is sent, and how likely it is wanted.

Promise: one default strictness for all topics of a kind; a higher level never sends a
paper that a lower one would not. A paper without any evidence of its own is never
sent, and a topic that has nothing sends nothing: fillers do not exist.

The odds of a paper are a sum of two things. Its standard score against the best of the
topic's recent papers (a broad topic has a long tail of good ones, a sharp one few), and
how high that best is: the sharper the best stands out, the nearer to it a paper must
be. And a guard that does not depend on other papers: the share of the wish's idf that
the paper, or the best one, has, and the lexical score as a share of a perfect one;
where nothing is relevant something is still first, but little of the wish is in it. Of
a name, much in a paper makes up for a lower score; of a sentence, which rarely stands
in a paper as it is, the guard only takes away. A paper is sent from odds 0; the slider
moves that.

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
class Guard:
    """Coefficients of what must be in a paper, and the most that it can add.

    coverage, strength: of the paper's own; best_coverage, best_strength: of its own or
    the best recent paper's, whichever is more.
    """

    constant: float
    coverage: float
    strength: float
    best_coverage: float
    best_strength: float
    words: float
    most: float


@dataclass(frozen=True, slots=True)
class Rule:
    """Coefficients of the odds, and what makes probabilities of them."""

    constant: float
    relative: float
    best: float
    guard: Guard
    offset: float
    slope: float


_NAME = Rule(
    1.16, 4.05, -0.72, Guard(0, 3.58, 1.12, 0, 0.96, 0.45, math.inf), -0.95, 0.33
)
_SENTENCE = Rule(1.56, 4.0, -1.87, Guard(0.51, 0, 0, 2.88, 4.77, 1.44, 0), -1.5, 0.65)
RULES: dict[WishKind, Rule] = {
    WishKind.NAME: _NAME,
    WishKind.SENTENCE: _SENTENCE,
    WishKind.EXAMPLE: _SENTENCE,
}


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
    """The best score of a topic's recent papers, and what of the wish that one has."""

    best: float
    coverage: float
    strength: float


def set_bar(recent: Traits) -> Bar:
    """Return a topic's bar from its recent papers."""
    if not recent.scores.size:
        return Bar(1.0, 0.0, 0.0)
    first = int(np.argmax(recent.scores))
    best = max(float(recent.scores[first]), _LEAST_BEST)
    return Bar(best, float(recent.coverage[first]), float(recent.strength[first]))


def odds_of(papers: Traits, bar: Bar, kind: WishKind) -> Floats:
    """Return by how much papers pass (or fail, below 0), shape (n,)."""
    rule = RULES[kind]
    best = math.log(bar.best)
    relative = np.log(np.maximum(papers.scores, _LEAST_SCORE)) - best
    raised = rule.relative * (relative + 0.55) + rule.best * (best - 1.5)
    guard = _guard(papers, bar, rule.guard)
    mixed = (1 - papers.examples) * guard + papers.examples * _VOUCHED
    odds = rule.constant + raised + np.minimum(mixed, rule.guard.most)
    return np.asarray(odds, np.float32)


def _guard(papers: Traits, bar: Bar, guard: Guard) -> Floats:
    own = np.log(papers.strength + np.float32(_LEAST_STRENGTH))
    either = np.maximum(own, math.log(bar.strength + _LEAST_STRENGTH))
    coverage = np.maximum(papers.coverage, np.float32(bar.coverage))
    odds = (
        guard.constant
        + guard.coverage * (papers.coverage - 0.5)
        + guard.strength * (own + 1.5)
        + guard.best_coverage * (coverage - 0.5)
        + guard.best_strength * (either + 1.5)
        + guard.words * (math.log1p(papers.words) - 2.2)
    )
    return np.asarray(odds, np.float32)


def probabilities(odds: Floats, kind: WishKind) -> Floats:
    """Return how likely papers of such odds are wanted, 0 to 1 (Platt 1999)."""
    rule = RULES[kind]
    return _sigmoid(rule.offset + rule.slope * odds)


def _sigmoid(odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -30, 30))), np.float32)
