"""New papers turned round: which of them have a key, as the bits of a number.

Promise: `find` answers a compiled query over all papers of the index at once, with
the same papers as asking the query of each. It costs a few operations on numbers
of as many bits as there are papers: make it of a thousand or so.
"""

from collections.abc import Sequence

from digest.matching.clauses import ALWAYS
from digest.matching.compiled import BETWEEN_CLAUSES, BETWEEN_KEYS, EXACT, EXCLUDED
from digest.matching.grammar import parse_query
from digest.matching.paper import PreparedPaper


class _Masks(dict[str, int]):
    """The papers of each key, and of each clause that was asked for, as bits."""

    def __missing__(self, clause: str) -> int:
        """Work out a clause; what is one key that no paper has is not kept."""
        if clause.startswith(EXCLUDED):
            self[clause] = found = self[ALWAYS] & ~self[clause[1:]]
        elif BETWEEN_KEYS in clause:
            found = 0
            for key in clause.split(BETWEEN_KEYS):
                found |= self.get(key, 0)
            self[clause] = found
        else:
            found = 0
        return found


class PaperIndex:
    """Papers by their keys.

    `keys` are all that a query which holds for a paper here is filed under one of.
    """

    def __init__(self, papers: Sequence[PreparedPaper]) -> None:
        """Note for each key the papers that have it; the first paper is bit 0."""
        self._papers = papers
        masks = _Masks({ALWAYS: (1 << len(papers)) - 1})
        for place, paper in enumerate(papers):
            bit = 1 << place
            for key in paper.keys:
                masks[key] = masks.get(key, 0) | bit
        self._masks = masks
        self.keys: Sequence[str] = tuple(masks)

    def find(self, canonical: str, compiled: str) -> int:
        """Return the papers that a query holds for, as bits.

        Args:
            canonical: The query, which is read only if its clauses do not tell all.
            compiled: What `compile_query` made of it.
        """
        masks, found = self._masks, -1
        for clause in compiled[1:].split(BETWEEN_CLAUSES):
            found &= masks[clause]
            if not found:
                return 0
        return found if compiled[0] == EXACT else self._ask(canonical, found)

    def papers(self, found: int) -> list[PreparedPaper]:
        """Return the papers that bits stand for, in order."""
        chosen = []
        while found:
            lowest = found & -found
            chosen.append(self._papers[lowest.bit_length() - 1])
            found ^= lowest
        return chosen

    def _ask(self, canonical: str, candidates: int) -> int:
        """Return those of the candidates that the query itself holds for."""
        root = parse_query(canonical).root
        found = 0
        while candidates:
            lowest = candidates & -candidates
            if root.holds(self._papers[lowest.bit_length() - 1]):
                found |= lowest
            candidates ^= lowest
        return found
