"""The words that several texts share and others do not: a wish to begin with.

Promise: every phrase stands in one of the texts as it is shown; the same texts give
the same phrases.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from digest.matching import words
from digest.matching.frequencies import Frequencies
from digest.matching.words import Word

PHRASES = 8
_FEWEST = 3  # texts; fewer share nothing that tells
_SHARED_BY = 2  # texts, at least

Term = tuple[str, ...]


def telling_phrases(
    texts: Sequence[str], frequencies: Frequencies, limit: int = PHRASES
) -> tuple[str, ...]:
    """Return what the texts share, two words each, the most telling first.

    None for less than three texts: their own words say it better.
    """
    if len(texts) < _FEWEST:
        return ()
    seen: Counter[Term] = Counter()
    written: dict[Term, Counter[str]] = defaultdict(Counter)
    for text in texts:
        found = dict(_pairs(words.read(text).words))
        seen.update(found.keys())
        for term, form in found.items():
            written[term][form] += 1
    shared = [term for term, count in seen.items() if count >= _SHARED_BY]
    worth = _worth(shared, seen, frequencies)
    best = sorted(shared, key=lambda term: (-worth[term], term))
    return tuple(written[term].most_common(1)[0][0] for term in _apart(best, limit))


def _pairs(found: Iterable[Word | None]) -> Iterator[tuple[Term, str]]:
    """Yield neighbours that both say something, by their stems."""
    last: Word | None = None
    for word in found:
        telling = word if word is not None and _tells(word) else None
        if last is not None and telling is not None:
            yield (last.stem, telling.stem), f"{last.form} {telling.form}"
        last = telling


def _tells(word: Word) -> bool:
    return word.is_content and any(character.isalpha() for character in word.form)


def _worth(
    terms: Sequence[Term], seen: Counter[Term], frequencies: Frequencies
) -> dict[Term, float]:
    """How many texts share a phrase, times how rare it and its words are elsewhere."""
    pairs = [words.pair_key(*map(words.key_of, term)) for term in terms]
    rare = frequencies.idf("pairs", np.array(pairs, np.int64)).tolist()
    return {
        term: math.log1p(seen[term]) * rarity * min(_word_rarities(term, frequencies))
        for term, rarity in zip(terms, rare, strict=True)
    }


def _word_rarities(term: Term, frequencies: Frequencies) -> list[float]:
    keys = np.array([words.key_of(stem) for stem in term], np.int64)
    rarities: list[float] = frequencies.idf("stems", keys).tolist()
    return rarities


def _apart(best: Sequence[Term], limit: int) -> Iterator[Term]:
    """Yield the best; one whose words better ones have shown already adds nothing."""
    shown: set[str] = set()
    count = 0
    for term in best:
        if count == limit:
            return
        if shown.issuperset(term):
            continue
        shown.update(term)
        count += 1
        yield term
