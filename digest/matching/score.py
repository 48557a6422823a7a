"""Does a paper match a query, how well, and why.

Promise: a score is finite and comparable between queries. Text alone scores
from 0.5 to 7.5; a followed author 9 to 10 and so always above it, a name that is
only possibly the author's 8 to 9; what has no degrees (categories, votes) 0.5.

The text part follows BM25: rare words weigh more, repetition helps less and
less, long papers are no better for being long, the title counts three times.
Beyond it, words that stand together count more than the same words apart, and
the sum is divided by what a perfect paper would get.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from digest.matching import names
from digest.matching.evidence import Evidence, Run, Term, find_runs, gather
from digest.matching.paper import PreparedPaper
from digest.matching.query import And, Node, Not, Or, Query
from digest.matching.terms import Author, Sight, Text, TextField
from digest.matching.weights import TITLE_WEIGHT, TermWeights, weighted_length

_LEAST = 0.5
_TEXT_RANGE = 7.0
_POSSIBLE_AUTHOR, _CERTAIN_AUTHOR = 8.0, 9.0

_SATURATION = 1.2  # BM25's k1: how soon repetition stops helping
_LENGTH_SHARE = 0.6  # BM25's b: how much a long paper is discounted
_TELLING = 2.0  # weight at which a query is half as telling as it can be
_SYNONYM_SHARE = 0.15  # what a second alternative of an OR adds
_CLOSENESS_SHARE = 0.5  # how far words that stand together close the gap to perfect
_FIELD_SHARE: Mapping[TextField, float] = {
    "title": 1.0,
    "abstract": 0.6,
    "organisation": 0.0,
}
_NEXT_WORD_SHARE = 0.5  # what each further word of a phrase adds to its weight


@dataclass(frozen=True, slots=True)
class Hit:
    """A paper that matches: how well, and the best three reasons."""

    score: float
    evidence: tuple[Evidence, ...]


class _Worth(NamedTuple):
    """`weight`: how telling; `strength`: how much of it the paper has, 0 to 1."""

    weight: float
    strength: float


def match(query: Query, paper: PreparedPaper, weights: TermWeights) -> Hit | None:
    """Return how well and why the paper answers the query; None if it does not."""
    if not query.root.holds(paper):
        return None
    terms = tuple(dict.fromkeys(_present_terms(query.root, paper)))
    sights = {term: term.sight(paper) for term in terms if isinstance(term, Text)}
    runs = find_runs(sights, paper)
    scorer = _Scorer(paper, weights, sights)
    worth = scorer.weigh(query.root)
    strength = _add(worth.strength, _CLOSENESS_SHARE * _closeness(runs, len(sights)))
    if worth.weight:
        strength *= worth.weight / (worth.weight + _TELLING)
    score = _author_score(terms, paper)
    total = score + strength if score else _LEAST + _TEXT_RANGE * strength
    return Hit(total, gather(terms, sights, scorer.best_first(runs), paper))


def _present_terms(node: Node, paper: PreparedPaper) -> Iterator[Term]:
    """Yield the terms that the paper has and the query wants."""
    if isinstance(node, And | Or):
        for child in node.children:
            if isinstance(node, And) or child.holds(paper):
                yield from _present_terms(child, paper)
    elif not isinstance(node, Not):
        yield node


@dataclass(frozen=True, slots=True)
class _Scorer:
    """One paper under one query."""

    paper: PreparedPaper
    weights: TermWeights
    sights: Mapping[Text, Sight]

    def weigh(self, node: Node) -> _Worth:
        """Return the worth of a node that holds; filters are worth nothing."""
        if isinstance(node, And):
            return _mean([self.weigh(child) for child in node.children])
        if isinstance(node, Or):
            held = [child for child in node.children if child.holds(self.paper)]
            return _best([self.weigh(child) for child in held])
        if isinstance(node, Text):
            return _Worth(self.term_weight(node), self.term_strength(node))
        return _Worth(0.0, 0.0)

    def term_weight(self, term: Text) -> float:
        """Return the weight of the rarest word, and a share of each further one's."""
        idfs = sorted(
            (min(map(self.weights.idf, forms)) for forms in term.words), reverse=True
        )
        return idfs[0] + _NEXT_WORD_SHARE * sum(idfs[1:])

    def term_strength(self, term: Text) -> float:
        """Return how much the paper is about the term, 0 to 1."""
        sight = self.sights[term]
        count = sum(
            len(spans) * (TITLE_WEIGHT if name != "abstract" else 1)
            for name, spans in sight.items()
        )
        is_single = len(term.words) == 1
        closeness = 0.0 if is_single else max(map(_FIELD_SHARE.__getitem__, sight))
        relative = weighted_length(self.paper) / self.weights.average_length
        length = 1 - _LENGTH_SHARE + _LENGTH_SHARE * relative
        strength = count / (count + _SATURATION * length)
        return _add(strength, _CLOSENESS_SHARE * closeness)

    def best_first(self, runs: list[Run]) -> list[Run]:
        """Return the runs by what they show: many telling words, in the title."""
        weight = {term: self.term_weight(term) for term in self.sights}

        def rank(run: Run) -> tuple[float, bool, int]:
            worth = sum(sorted(weight[term] for term in run.terms))
            share = TITLE_WEIGHT if run.field == "title" else 1
            return (-worth * share, run.field == "organisation", run.begin)

        return sorted(runs, key=rank)


def _mean(parts: list[_Worth]) -> _Worth:
    total = math.fsum(part.weight for part in parts)
    if not total:
        return _Worth(0.0, 0.0)
    earned = math.fsum(part.weight * part.strength for part in parts)
    return _Worth(total, earned / total)


def _best(parts: list[_Worth]) -> _Worth:
    """Return the best alternative, made a little stronger by each other one."""
    first, *others = sorted(
        parts, key=lambda part: part.weight * part.strength, reverse=True
    )
    strength = first.strength
    for part in others:
        strength = _add(strength, _SYNONYM_SHARE * part.strength)
    return _Worth(first.weight, strength)


def _add(strength: float, gain: float) -> float:
    """Go the share `gain` of what is missing to 1."""
    return 1 - (1 - strength) * (1 - gain)


def _closeness(runs: list[Run], terms: int) -> float:
    """Return how many of the terms stand side by side somewhere, 0 to 1."""
    if terms < 2:  # noqa: PLR2004 - nothing to stand beside
        return 0.0
    return max(
        _FIELD_SHARE[run.field] * (len(run.terms) - 1) / (terms - 1) for run in runs
    )


def _author_score(terms: tuple[Term, ...], paper: PreparedPaper) -> float:
    agreements = {
        names.compare_names(term.name, author)
        for term in terms
        if isinstance(term, Author)
        for author in paper.authors
    }
    if names.Agreement.CERTAIN in agreements:
        return _CERTAIN_AUTHOR
    return _POSSIBLE_AUTHOR if names.Agreement.POSSIBLE in agreements else 0.0
