"""How telling a word is: counted over the papers at hand.

Promise: always finite and positive, even for no papers and for unknown words.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from digest.matching.paper import PreparedPaper

TITLE_WEIGHT = 3  # a word in the title counts as three in the abstract
_USUAL_LENGTH = 200.0  # weighted words of a paper, while there is none to count
_FEWEST_PAPERS = 1000  # so few more are imagined, or a young archive knows no rarity
_TITLE_SHARE = 0.2  # how often a word that a paper has is in its title
_PAIR_SHARE = 0.25  # how often two words stand together, of the rarer one's papers


@dataclass(frozen=True, slots=True)
class TermWeights:
    """In how many of `papers` each key occurs, and their mean weighted length.

    Keys are those of `PreparedPaper.keys` without pairs, authors and
    organisations, which are rare by nature and would fill the memory.
    """

    papers: int = 0
    average_length: float = _USUAL_LENGTH
    frequencies: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def from_papers(cls, prepared: Iterable[PreparedPaper]) -> TermWeights:
        """Count the papers; a few hundred recent ones are enough to be useful."""
        counts: Counter[str] = Counter()
        papers, length = 0, 0
        for paper in prepared:
            papers += 1
            length += weighted_length(paper)
            counts.update(key for key in paper.keys if _is_counted(key))
        return cls(papers, length / papers if length else _USUAL_LENGTH, counts)

    def idf(self, form: str) -> float:
        """Return the inverse document frequency of a form, > 0 (BM25's)."""
        count = self.frequencies.get(_counted_key(form), 0)
        papers = max(self.papers, _FEWEST_PAPERS)
        return math.log(1 + (papers - count + 0.5) / (count + 0.5))

    def expect(self, key: str) -> float:
        """Return about how many of the papers carry a key."""
        if key.startswith("title:"):
            return _TITLE_SHARE * self.expect(key.removeprefix("title:"))
        if " " in key and ":" not in key:
            return _PAIR_SHARE * min(self.frequencies.get(w, 0) for w in key.split())
        if key.startswith("cat:") and not self.papers:
            return 1.0  # unknown, but certainly commoner than an unknown word
        return self.frequencies.get(key, 0)


def weighted_length(paper: PreparedPaper) -> int:
    """Return the number of words, those of the title counted as they weigh."""
    return TITLE_WEIGHT * len(paper.title.tokens) + len(paper.abstract.tokens)


def _is_counted(key: str) -> bool:
    return key.startswith("cat:") or not (" " in key or ":" in key)


def _counted_key(form: str) -> str:
    """Return the key counted for a form; for a beginning, that of its first letters."""
    return f"{form[:3]}*" if form.endswith("*") else form
