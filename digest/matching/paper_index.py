"""New papers turned round: which of them have a key, as the bits of a number.

Promise: `find` answers a compiled query over all papers of the index at once, with
the same papers as asking the query of each. It costs a few operations on numbers
of as many bits as there are papers: make it of a thousand or so.
"""

from collections.abc import Collection, Sequence

from digest.matching.clauses import ALWAYS
from digest.matching.compiled import BETWEEN_CLAUSES, BETWEEN_KEYS, EXACT, EXCLUDED
from digest.matching.grammar import parse_query
from digest.matching.paper import PreparedPaper


class PaperIndex:
    """Papers by their keys."""

    def __init__(self, papers: Sequence[PreparedPaper]) -> None:
        """Note for each key the papers that have it; the first paper is bit 0."""
        self._papers = papers
        self._all = (1 << len(papers)) - 1
        masks = {ALWAYS: self._all}
        for place, paper in enumerate(papers):
            bit = 1 << place
            for key in paper.keys:
                masks[key] = masks.get(key, 0) | bit
        self._masks = masks

    @property
    def keys(self) -> Collection[str]:
        """All that a query with a match here is filed under at least one of."""
        return self._masks.keys()

    def find(self, canonical: str, compiled: str) -> int:
        """Return the papers that a query holds for, as bits.

        Args:
            canonical: The query, which is read only if its clauses do not tell all.
            compiled: What `compile_query` made of it.
        """
        found = self._all
        for clause in compiled[1:].split(BETWEEN_CLAUSES):
            if clause.startswith(EXCLUDED):
                found &= ~self._find_any(clause[1:])
            else:
                found &= self._find_any(clause)
            if not found:
                return 0
        return found if compiled.startswith(EXACT) else self._ask(canonical, found)

    def papers(self, found: int) -> list[PreparedPaper]:
        """Return the papers that bits stand for, in order."""
        chosen = []
        while found:
            lowest = found & -found
            chosen.append(self._papers[lowest.bit_length() - 1])
            found ^= lowest
        return chosen

    def _find_any(self, clause: str) -> int:
        masks = self._masks
        if BETWEEN_KEYS not in clause:
            return masks.get(clause, 0)
        found = 0
        for key in clause.split(BETWEEN_KEYS):
            found |= masks.get(key, 0)
        return found

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
