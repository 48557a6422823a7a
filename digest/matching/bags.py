"""A text as counts of its words: all that ranking reads of a paper or a wish.

Promise: small (numbers only, each once, in order) and independent of any archive, so
that it can be stored with a paper and counted again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from digest.matching import words
from digest.matching.words import Reading, Word

TITLE_COUNT = 3  # a word in the title counts as three in the abstract

Floats: TypeAlias = npt.NDArray[np.float32]
Keys: TypeAlias = npt.NDArray[np.int64]
Channel = Literal["stems", "forms", "pairs"]
CHANNELS: tuple[Channel, ...] = ("stems", "forms", "pairs")


class Counts(NamedTuple):
    """Distinct keys in ascending order, shape (n,), and how often each, shape (n,)."""

    keys: Keys
    counts: Floats

    @property
    def total(self) -> float:
        """The sum of the counts."""
        return float(self.counts.sum())


@dataclass(frozen=True, slots=True)
class Bag:
    """Content words by stem and by exact form, and pairs of neighbouring stems."""

    stems: Counts
    forms: Counts
    pairs: Counts

    @property
    def is_empty(self) -> bool:
        """Say whether nothing can be ranked by this text."""
        return not self.stems.keys.size


def read_bag(title: str, abstract: str = "") -> Bag:
    """Count the words of a paper; a hyphenated word is found by its joined stem too."""
    fields = [(words.read(title), TITLE_COUNT), (words.read(abstract), 1)]
    stems, forms, pairs = _count(fields)
    for reading, share in fields:
        for word in _content(reading.compounds):
            stems[word.stem_key] += share
    return Bag(count(stems), count(forms), count(pairs))


def read_wording(text: str) -> Bag:
    """Count the words of a wish; what hyphens tie is not asked for twice."""
    return Bag(*map(count, _count([(words.read(text), 1)])))


def _count(fields: Sequence[tuple[Reading, int]]) -> tuple[Counter[int], ...]:
    """Return stems, forms and pairs of texts, each text with its share."""
    stems: Counter[int] = Counter()
    forms: Counter[int] = Counter()
    pairs: Counter[int] = Counter()
    for reading, share in fields:
        for word in _content(reading.words):
            stems[word.stem_key] += share
            forms[word.form_key] += share
        for word in _content(reading.compounds):
            forms[word.form_key] += share
        for key in _pairs(reading.words):
            pairs[key] += share
    return stems, forms, pairs


def _content(found: Iterable[Word | None]) -> list[Word]:
    return [word for word in found if word is not None and word.is_content]


def _pairs(found: Sequence[Word | None]) -> list[int]:
    """Return the keys of neighbours; small words between them do not part them."""
    keys: list[int] = []
    last: Word | None = None
    for word in found:
        if word is None:
            last = None
        elif word.is_content:
            if last is not None:
                keys.append(words.pair_key(last.stem_key, word.stem_key))
            last = word
    return keys


def count(counted: Counter[int]) -> Counts:
    """Return a counter as arrays."""
    keys = np.fromiter(counted.keys(), np.int64, len(counted))
    counts = np.fromiter(counted.values(), np.float32, len(counted))
    order = np.argsort(keys)
    return Counts(keys[order], counts[order])
