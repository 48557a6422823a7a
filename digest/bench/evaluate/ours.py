"""Our own scoring over a collection, through the public functions of `matching`.

Promise: the collection is the archive and the papers of the day at once; each query is
a topic of one wording.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from digest import matching
from digest.bench.evaluate.collection import Document
from digest.meaning import Encoder
from digest.pipeline.embed import paper_words

Vectors = npt.NDArray[np.float32]


class Ours:
    """The documents of a collection as background and shelf, by words or by meaning."""

    def __init__(
        self, documents: Sequence[Document], encoder: Encoder | None = None
    ) -> None:
        """Learn the archive."""
        self._encoder = encoder
        bags = [matching.read_bag(one.title, one.text) for one in documents]
        vectors = None
        if encoder is not None:
            texts = [paper_words(one.title, one.text) for one in documents]
            vectors = encoder.encode(texts)
        self._background = matching.Background.build(bags, vectors, recent=len(bags))
        self._nothing = self._background.recent.take([])

    def judge(self, query: str, liked: Sequence[int] = ()) -> matching.Verdicts:
        """Score every document for a query, once some documents are liked."""
        wish = matching.read_wish([query])
        marks = None
        if liked:
            shelf = self._background.recent.take(liked)
            marks = matching.Marks(shelf, self._nothing)
        vectors = None
        if self._encoder is not None:
            vectors = self._encoder.encode(list(wish.wordings))
        scorer = matching.make_scorer(wish, self._background, vectors, marks)
        return scorer.judge(self._background.recent)
