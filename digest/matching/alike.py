"""How near a text is to recent papers: by words, by latent semantics, by meaning.

Promise: one number a paper, 0 to 1, the mean of the cosines that there are. It costs
one walk through the columns of the text's words and a product of matrices; no paper is
opened.
"""

from __future__ import annotations

import numpy as np

from digest.matching.background import Background
from digest.matching.bags import Bag, Floats
from digest.matching.tf_idf import tf_idf


def score_alike(
    bag: Bag, background: Background, meaning: Floats | None = None
) -> Floats:
    """Score the recent papers of the archive, in their order.

    meaning: the text's own unit vector, shape (dimensions,), where there is one.
    """
    shelf = background.recent
    scores = [_by_words(bag, background)]
    if background.latent is not None and shelf.latent is not None:
        scores.append(shelf.latent @ background.latent.project([bag])[0])
    if meaning is not None and shelf.meaning is not None and meaning.any():
        scores.append(shelf.meaning @ meaning)
    mean: Floats = np.mean([np.clip(score, 0, 1) for score in scores], axis=0)
    return mean


def _by_words(bag: Bag, background: Background) -> Floats:
    """The cosines of tf-idf rows."""
    shelf, frequencies = background.recent, background.frequencies
    row = tf_idf(bag.stems, frequencies)
    worth = row.counts * frequencies.idf("stems", row.keys)
    found = np.zeros(shelf.size, np.float32)
    columns = shelf.channels["stems"]
    for number, entries in columns.find(row.keys):
        found[columns.papers[entries]] += worth[number] * columns.logs[entries]
    cosines: Floats = found / shelf.norms
    return cosines
