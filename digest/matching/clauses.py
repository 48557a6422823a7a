"""What a query asks of the keys of a paper, as clauses that a match fulfils.

A clause is some keys of which a paper has at least one (wanted) or none (excluded):
the query in conjunctive normal form, as far as keys can say it. Three levels of
brackets are not spread out; what does not fit is left to the query itself.

Promise: a paper that the query holds for fulfils every clause. If they are exact,
the reverse is true as well, and the query need not be asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from digest.matching.weights import TermWeights

Clause = frozenset[str]

ALWAYS = ""
"""The key that stands for any paper: of a query that no key can find."""

_NO_WEIGHTS = TermWeights()


@dataclass(frozen=True, slots=True)
class Clauses:
    """All that is known: nothing, unless something is given."""

    wanted: tuple[Clause, ...] = ()
    excluded: tuple[Clause, ...] = ()
    is_exact: bool = False

    @property
    def is_single(self) -> bool:
        """Say whether one wanted clause tells it all."""
        return self.is_exact and len(self.wanted) == 1 and not self.excluded

    def rarest(self, weights: TermWeights = _NO_WEIGHTS) -> Clause:
        """Return the wanted clause that the fewest papers fulfil; empty if none is."""
        return rarest(self.wanted, weights)


def exactly(keys: Iterable[str]) -> Clauses:
    """Return the clauses of what holds if and only if a paper has one of the keys."""
    return Clauses((frozenset(keys),), is_exact=True)


def all_of(parts: Iterable[Clauses]) -> Clauses:
    """Join by AND."""
    parts = tuple(parts)
    return Clauses(
        tuple(dict.fromkeys(clause for part in parts for clause in part.wanted)),
        tuple(dict.fromkeys(clause for part in parts for clause in part.excluded)),
        all(part.is_exact for part in parts),
    )


def any_of(parts: Iterable[Clauses]) -> Clauses:
    """Join by OR: of each part its rarest clause; nothing, if a part has none."""
    parts = tuple(parts)
    if not all(part.wanted for part in parts):
        return Clauses()
    joined = frozenset().union(*(part.rarest() for part in parts))
    return Clauses((joined,), is_exact=all(part.is_single for part in parts))


def none_of(part: Clauses) -> Clauses:
    """Turn one round; only what one clause tells can be excluded by keys."""
    if not part.is_single:
        return Clauses()
    return Clauses(excluded=part.wanted, is_exact=True)


def rarest(clauses: Iterable[Clause], weights: TermWeights = _NO_WEIGHTS) -> Clause:
    """Return the clause that the fewest papers fulfil, by the weights.

    Where they do not tell: names and pairs are rarer than words, long words rarer
    than short ones, and beginnings and categories the commonest of all.
    """
    return min(
        (clause for clause in clauses if clause),
        key=lambda clause: (
            sum(map(weights.expect, clause)),
            max(map(_commonness, clause)),
            -min(map(len, clause)),
            sorted(clause),
        ),
        default=frozenset(),
    )


def _commonness(key: str) -> int:
    if key.startswith("cat:"):
        return 3
    if key.endswith("*"):
        return 2
    return 0 if " " in key or ":" in key else 1
