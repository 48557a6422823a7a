"""Why a paper fits a wish, in pieces of its own text or by a paper that was liked.

Promise: at most three pieces, the best first; a quoted run stands in the field named,
a sentence in the abstract, a title is that of a liked paper.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from digest.matching import words
from digest.matching.background import Background
from digest.matching.bags import TITLE_COUNT, Floats, read_bag
from digest.matching.evidence import (
    MAX_PIECES,
    MAX_WORDS,
    Evidence,
    EvidenceField,
    EvidenceKind,
    LikedWay,
)
from digest.matching.frequencies import Frequencies
from digest.matching.paper import FieldText, PreparedPaper
from digest.matching.scorer import TopicScorer
from digest.matching.shelf import Shelf
from digest.matching.spotting import write_words
from digest.matching.taste import Marks, learn
from digest.matching.wish import Wish

_LONGEST_GAP = 2  # small words that may stand within a quoted run
_TELLING_SHARE = 0.15  # of the best run's worth, for a run to be shown
_TELLING_WORD = 0.5  # of the best shown word's idf, for one to be marked alone
_CARRIES = 1.0  # standard score from which a part is said to have scored
_NEAR = 0.3  # cosine from which a liked paper is called close
_LONGEST_SENTENCE = 240  # characters


@dataclass(frozen=True, slots=True)
class _Quote:
    worth: float
    field: EvidenceField
    begin: int
    end: int
    stems: frozenset[str]


@dataclass(frozen=True, slots=True)
class Liked:
    """The papers a reader liked, side by side; their titles, and how each was liked."""

    shelf: Shelf
    titles: Sequence[str]
    ways: Sequence[LikedWay] = ()

    def way(self, place: int) -> LikedWay:
        """Return how the paper at a place was liked."""
        return self.ways[place] if self.ways else "liked"


def explain(
    scorer: TopicScorer, paper: PreparedPaper, shelf: Shelf, liked: Liked | None = None
) -> tuple[Evidence, ...]:
    """Return why a paper is sent, from what scored: its words, a liked paper, both.

    shelf: the paper alone, as `Background.shelve` puts it.
    """
    verdicts = scorer.judge(shelf)
    known = scorer.background
    pieces = list(quote_words(scorer.wish, paper, known.frequencies))
    by_words = verdicts.parts["words"][0] >= _CARRIES and bool(pieces)
    close = nearest_liked(shelf, liked, known) if liked else None
    if close and (not by_words or verdicts.parts["examples"][0] >= _CARRIES):
        pieces = [*pieces[: MAX_PIECES - 1], close] if by_words else [close, *pieces]
    elif not by_words:
        sentence = nearest_sentence(paper, scorer.aim.latent, known)
        pieces = [*([sentence] if sentence else []), *pieces]
    return tuple(pieces[:MAX_PIECES])


def quote_words(
    wish: Wish, paper: PreparedPaper, frequencies: Frequencies
) -> tuple[Evidence, ...]:
    """Return the runs of the wish's words that stand in the paper, most telling first.

    A run that shows no word which a better one has not shown is left out.
    """
    asked = _asked_stems(wish, frequencies)
    quotes = [
        quote
        for name, text in (("title", paper.title), ("abstract", paper.abstract))
        for quote in _find_quotes(name, text, asked)  # type: ignore[arg-type]
    ]
    quotes.sort(key=lambda quote: (-quote.worth, quote.field != "title", quote.begin))
    return tuple(_show(quotes, paper, asked))[:MAX_PIECES]


def _asked_stems(wish: Wish, frequencies: Frequencies) -> dict[str, float]:
    """Return the content stems of all wordings with their idf."""
    readings = [words.read(wording) for wording in wish.wordings]
    stems = sorted(
        {
            word.stem
            for reading in readings
            for word in (*reading.words, *reading.compounds)
            if word is not None and word.is_content
        }
    )
    keys = np.array([words.key_of(stem) for stem in stems], np.int64)
    return dict(zip(stems, frequencies.idf("stems", keys).tolist(), strict=True))


def _find_quotes(
    name: EvidenceField, text: FieldText, asked: dict[str, float]
) -> Iterator[_Quote]:
    run: list[int] = []
    found: list[str] = []
    for place, token in enumerate(text.tokens):
        stem = words.stem(token.raw, token.form) if token.form else ""
        is_asked = stem in asked
        if run and (not token.form or (is_asked and not _follows(run, place, text))):
            yield _quote(name, run, found, asked)
            run, found = [], []
        if is_asked:
            run.append(place)
            found.append(stem)
    if run:
        yield _quote(name, run, found, asked)


def _follows(run: list[int], place: int, text: FieldText) -> bool:
    """Say whether a word goes on a run: only small words and no comma between."""
    between = text.tokens[run[-1] + 1 : place]
    if len(between) > _LONGEST_GAP:
        return False
    gap = text.text[text.tokens[run[-1]].end : text.tokens[place].start]
    return not any(mark in gap for mark in ",;:()") and all(
        token.form in words.STOP_WORDS for token in between
    )


def _quote(
    name: EvidenceField, run: list[int], found: list[str], asked: dict[str, float]
) -> _Quote:
    worth = sum(asked[stem] for stem in set(found)) * (1 + 0.5 * (len(set(found)) - 1))
    share = TITLE_COUNT if name == "title" else 1
    return _Quote(worth * share, name, run[0], run[-1] + 1, frozenset(found))


def _show(
    quotes: Sequence[_Quote], paper: PreparedPaper, asked: dict[str, float]
) -> Iterator[Evidence]:
    shown: set[str] = set()
    for quote in quotes:
        if quote.stems <= shown or quote.worth < _TELLING_SHARE * quotes[0].worth:
            continue
        shown |= quote.stems
        kind: EvidenceKind = "word" if quote.end - quote.begin == 1 else "phrase"
        text: FieldText = getattr(paper, quote.field)
        quoted = text.quote(quote.begin, quote.end)
        written = _written(quote, quotes, paper, asked)
        yield Evidence(kind, quoted, quote.field, words=written)


def _written(
    shown: _Quote,
    quotes: Sequence[_Quote],
    paper: PreparedPaper,
    asked: dict[str, float],
) -> tuple[str, ...]:
    """Return the runs of a quote's words in all the ways the paper writes them.

    A word alone counts if it is telling: "model" says little of "diffusion models".
    """
    least = _TELLING_WORD * max(asked[stem] for stem in shown.stems)
    found = {
        write_words(getattr(paper, quote.field).tokens[quote.begin : quote.end])
        for quote in quotes
        if quote.stems <= shown.stems
        and (len(quote.stems) > 1 or asked[min(quote.stems)] >= least)
    }
    return tuple(sorted(found)[:MAX_WORDS])


def nearest_liked(
    paper: Shelf, liked: Liked, background: Background
) -> Evidence | None:
    """Return the liked paper that is closest to a paper, if one is close.

    paper: a shelf of one.
    """
    if not liked.shelf.size or not paper.size:
        return None
    cosines = _closeness(paper, liked.shelf, background)
    best = int(np.argmax(cosines))
    if cosines[best] < _NEAR or not liked.titles[best].strip():
        return None
    return Evidence("similar", liked.titles[best], liked.way(best))


def _closeness(paper: Shelf, liked: Shelf, background: Background) -> Floats:
    """Return the cosines with liked papers, shape (n,), by the best vectors."""
    for name in ("meaning", "latent"):
        one: Floats | None = getattr(paper, name)
        others: Floats | None = getattr(liked, name)
        if one is not None and others is not None and one[0].any():
            return np.asarray(others @ one[0], np.float32)
    only = Marks(paper, paper.take([]))
    found = learn(only, background).score(liked, background.frequencies)
    return found["terms"]


def nearest_sentence(
    paper: PreparedPaper, aim: Floats | None, background: Background
) -> Evidence | None:
    """Return the sentence of the abstract that is nearest to the wish in meaning."""
    if aim is None or background.latent is None:
        return None
    sentences = list(_sentences(paper.abstract))
    if not sentences:
        return None
    vectors = background.latent.project([read_bag("", text) for text in sentences])
    best = int(np.argmax(vectors @ aim))
    return Evidence("sentence", sentences[best], "abstract")


def _sentences(text: FieldText) -> Iterator[str]:
    """Yield the sentences as they stand; a very long one is cut between words."""
    start = 0
    ends = [token.start + 1 for token in text.tokens if not token.form]
    for end in [*ends, len(text.text)]:
        sentence = text.text[start:end].strip()
        start = end
        if len(sentence) > _LONGEST_SENTENCE:
            sentence = sentence[:_LONGEST_SENTENCE].rsplit(" ", 1)[0]
        if sentence:
            yield sentence
