"""What speaks for each paper of a shelf under one wish, part by part.

Promise: every signal is finite and per paper; nothing here compares topics.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from digest.matching.background import Background
from digest.matching.bags import Floats
from digest.matching.latent import LatentModel, unit_rows
from digest.matching.lexical import LexicalScores, score_words
from digest.matching.shelf import Shelf
from digest.matching.wish import Wish

_FIRST_PAPERS = 5  # the best papers by words whose subject is taken as the wish's
_FIRST_SHARE = 6.0  # how far: times how strongly their words fit, 0 to 1


@dataclass(frozen=True, slots=True)
class Aim:
    """A wish as vectors, shape (dimensions,), or None for no such part.

    Of unit length; the latent one shorter by as much of the wish as it does not know.
    """

    latent: Floats | None = None
    meaning: Floats | None = None


@dataclass(frozen=True, slots=True)
class Signals:
    """Per paper, shape (n,): the lexical score with its share of the perfect one.

    latent and meaning are cosines; None where there are no vectors.
    """

    words: LexicalScores
    latent: Floats | None
    meaning: Floats | None

    @property
    def strength(self) -> Floats:
        """The lexical score as a share of a perfect one, 0 to 1."""
        return self.words.scores / np.float32(max(self.words.perfect, 1e-6))


def take_aim(wish: Wish, background: Background, meaning: Floats | None = None) -> Aim:
    """Return the vectors of a wish.

    The latent one is the mean of the wordings, moved towards the recent papers that
    fit best by words (pseudo relevance feedback: Rocchio 1971 in the latent space):
    a few words alone say little about a subject.
    meaning: the vectors of the wordings by an `Encoder`, shape (w, dimensions).
    """
    vector = None
    if meaning is not None and meaning.size:
        vector = unit_rows(meaning.mean(axis=0, keepdims=True))[0]
    model, recent = background.latent, background.recent
    if model is None or recent.latent is None or wish.is_empty:
        return Aim(None, vector)
    asked = model.project(wish.bags).mean(axis=0)
    words = score_words(wish, recent, background.frequencies)
    signals = Signals(words, recent.latent @ asked, None)
    mixed = _scale(words.scores) + _scale(signals.latent)
    first = np.argsort(-mixed, kind="stable")[:_FIRST_PAPERS]
    pull = signals.strength[first] @ recent.latent[first] / max(first.size, 1)
    aim = unit_rows((asked + _FIRST_SHARE * pull)[None])[0]
    return Aim(aim * _known_share(wish, background, model), vector)


def _known_share(wish: Wish, background: Background, model: LatentModel) -> np.float32:
    """Return the share of the wish's idf that the latent model knows, 0 to 1."""
    shares = []
    for bag in wish.bags:
        idf = background.frequencies.idf("stems", bag.stems.keys)
        known = np.isin(bag.stems.keys, model.keys)
        shares.append(float(idf[known].sum() / max(float(idf.sum()), 1e-6)))
    return np.float32(np.mean(shares))


def _scale(values: Floats | None) -> Floats:
    """Return values with mean 0 and deviation 1, as far as they differ."""
    if values is None or not values.size:
        return np.zeros(0, np.float32)
    deviation = np.float32(max(float(values.std()), 1e-6))
    return np.asarray((values - values.mean()) / deviation, np.float32)


def read_signals(wish: Wish, aim: Aim, shelf: Shelf, background: Background) -> Signals:
    """Return all signals of a wish for the papers of a shelf."""
    return Signals(
        score_words(wish, shelf, background.frequencies),
        _cosines(shelf.latent, aim.latent),
        _cosines(shelf.meaning, aim.meaning),
    )


def _cosines(vectors: Floats | None, aim: Floats | None) -> Floats | None:
    if vectors is None or aim is None:
        return None
    return np.asarray(vectors @ aim, np.float32)
