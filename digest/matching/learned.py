"""What was learned, to show and to edit: terms in words, with their weights.

Promise: every term shown is a word as it stands in one of the liked papers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from digest.matching import words
from digest.matching.frequencies import look_up
from digest.matching.taste import Taste

SHOWN_TERMS = 12


class LearnedTerm(NamedTuple):
    """`word` to show, `stem` to mute it by, `weight` as a share of the strongest."""

    word: str
    stem: str
    weight: float


def name_terms(
    taste: Taste, texts: Iterable[str], limit: int = SHOWN_TERMS
) -> tuple[LearnedTerm, ...]:
    """Return the strongest terms of a taste, from the texts of the liked papers."""
    written: dict[str, Counter[str]] = {}
    for text in texts:
        for word in words.read(text).words:
            if word is not None and word.is_content:
                written.setdefault(word.stem, Counter())[word.form] += 1
    if not written or not taste.terms.keys.size:
        return ()
    stems = sorted(written)
    keys = np.array([words.key_of(stem) for stem in stems], np.int64)
    weights = look_up(taste.terms.keys, taste.terms.counts, keys)
    best = np.argsort(-weights, kind="stable")[:limit]
    top = float(weights[best[0]]) or 1.0
    return tuple(
        LearnedTerm(
            written[stems[at]].most_common(1)[0][0], stems[at], float(weights[at]) / top
        )
        for at in best.tolist()
        if weights[at] > 0
    )
