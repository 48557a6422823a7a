"""How well papers answer a wish by its words: "lex+".

Promise: finite, not negative, 0 exactly where a paper has none of the words.

BM25 (Robertson and Zaragoza 2009) over stems and exact forms, half each, plus half
of BM25 over neighbouring pairs, times the root of the share of the wish's idf that
the paper has. A wording of more than six content words: stems alone, pairs a
quarter, no such factor; its many words are not all meant.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from digest.matching.bags import Bag, Channel, Counts, Floats
from digest.matching.frequencies import Frequencies
from digest.matching.shelf import Shelf
from digest.matching.wish import Wish, WishKind, kind_of

_SHARES: dict[WishKind, dict[Channel, float]] = {
    WishKind.NAME: {"stems": 0.5, "forms": 0.5, "pairs": 0.5},
    WishKind.SENTENCE: {"stems": 1.0, "pairs": 0.25},
    WishKind.EXAMPLE: {"stems": 1.0, "pairs": 0.25},
}


@dataclass(frozen=True, slots=True)
class LexicalScores:
    """Per paper, shape (n,): the score, and the share of the wish's idf it has.

    `perfect` is the score that no paper can pass: every word, endlessly often.
    """

    scores: Floats
    coverage: Floats
    perfect: float


def score_words(wish: Wish, shelf: Shelf, frequencies: Frequencies) -> LexicalScores:
    """Score every paper of the shelf by the wording that fits it best."""
    best = LexicalScores(
        np.zeros(shelf.size, np.float32), np.zeros(shelf.size, np.float32), 1.0
    )
    for number, bag in enumerate(wish.bags):
        found = _score_wording(bag, shelf, frequencies)
        best = found if not number else _better(best, found)
    return best


def _better(one: LexicalScores, other: LexicalScores) -> LexicalScores:
    return LexicalScores(
        np.maximum(one.scores, other.scores),
        np.maximum(one.coverage, other.coverage),
        max(one.perfect, other.perfect),
    )


def _score_wording(bag: Bag, shelf: Shelf, frequencies: Frequencies) -> LexicalScores:
    kind = kind_of(bag)
    scores = np.zeros(shelf.size, np.float32)
    perfect = 0.0
    for channel, share in _SHARES[kind].items():
        asked: Counts = getattr(bag, channel)
        worth = share * asked.counts * frequencies.idf(channel, asked.keys)
        perfect += float(worth.sum())
        _add_columns(scores, shelf, channel, asked, worth)
    coverage = _cover(bag, shelf, frequencies)
    if kind is WishKind.NAME:
        scores *= np.sqrt(coverage)
    return LexicalScores(scores, coverage, perfect)


def _add_columns(
    scores: Floats, shelf: Shelf, channel: Channel, asked: Counts, worth: Floats
) -> None:
    columns = shelf.channels[channel]
    for number, entries in columns.find(asked.keys):
        scores[columns.papers[entries]] += worth[number] * columns.weights[entries]


def _cover(bag: Bag, shelf: Shelf, frequencies: Frequencies) -> Floats:
    """Return the share of the wording's idf that each paper has, shape (n,).

    By stems or by exact forms, whichever is more: "pretraining" is a form of
    "pre-training", but shares no stem with it.
    """
    shares = (
        _share(bag.stems, "stems", shelf, frequencies),
        _share(bag.forms, "forms", shelf, frequencies),
    )
    return np.minimum(np.maximum(*shares), np.float32(1))


def _share(
    asked: Counts, channel: Channel, shelf: Shelf, frequencies: Frequencies
) -> Floats:
    idf = frequencies.idf(channel, asked.keys)
    covered = np.zeros(shelf.size, np.float32)
    columns = shelf.channels[channel]
    for number, entries in columns.find(asked.keys):
        covered[columns.papers[entries]] += idf[number]
    return covered / np.float32(idf.sum() or 1.0)
