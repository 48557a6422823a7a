"""All queries against one paper, at the cost of the few that could match.

Promise: the same answer as trying every query. Each query is filed under its
rarest necessary keys; a paper looks up its own keys and tries what it finds.
Queries that ask the same are tried once.
"""

from __future__ import annotations

from collections.abc import Mapping

from digest.matching.paper import PreparedPaper
from digest.matching.query import Query
from digest.matching.score import Hit, match
from digest.matching.weights import TermWeights


class Percolator:
    """An index of queries by their keys; built once, asked for each new paper."""

    def __init__(self, queries: Mapping[int, Query], weights: TermWeights) -> None:
        """File the queries; the numbers are the caller's."""
        self._weights = weights
        askers: dict[Query, list[int]] = {}
        for number, query in queries.items():
            askers.setdefault(query, []).append(number)
        self._queries = tuple(askers.items())
        self._always: list[int] = []
        self._filed: dict[str, list[int]] = {}
        for index, (query, _) in enumerate(self._queries):
            keys = query.key_terms(weights)
            for key in keys:
                self._filed.setdefault(key, []).append(index)
            if not keys:
                self._always.append(index)

    def match_all(self, paper: PreparedPaper) -> list[tuple[int, Hit]]:
        """Return number and hit of each query that the paper matches, by number."""
        candidates = set(self._always)
        for key in self._filed.keys() & paper.keys:
            candidates.update(self._filed[key])
        hits: list[tuple[int, Hit]] = []
        for index in candidates:
            query, numbers = self._queries[index]
            hit = match(query, paper, self._weights)
            if hit is not None:
                hits.extend((number, hit) for number in numbers)
        return sorted(hits, key=lambda pair: pair[0])
