"""What we are compared with: BM25 of a library, and arxiv-sanity's classifier.

Promise: both are other people's code, run on the same texts in the same run.

BM25: bm25s (method "lucene", k1 1.2, b .75), Snowball stems, its English stop words,
the title repeated three times. The classifier, as arxiv-sanity-lite sets it: tf-idf of
words and neighbouring words, a linear SVM with C = .01 and balanced classes, liked
papers against all others.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import Stemmer

from digest.bench.evaluate.collection import CollectionError, Document

_TITLES = 3
_MOST_FEATURES = 20_000
_STOP_WORDS = "en"

Floats = npt.NDArray[np.float64]


class Bm25:
    """bm25s over the documents of a collection."""

    def __init__(self, documents: Sequence[Document]) -> None:
        """Index them."""
        self._library = _require("bm25s")
        logging.getLogger("bm25s").setLevel(logging.WARNING)  # it sets DEBUG itself
        self._stemmer = Stemmer.Stemmer("english")
        self._size = len(documents)
        texts = [" ".join([one.title] * _TITLES + [one.text]) for one in documents]
        self._index = self._library.BM25(k1=1.2, b=0.75, method="lucene")
        self._index.index(self._tokenise(texts), show_progress=False)

    def score(self, query: str) -> Floats:
        """Return the score of every document, shape (n,)."""
        (words,) = self._tokenise([query], return_ids=False)
        if not words:
            return np.zeros(self._size)
        return np.asarray(self._index.get_scores(words), np.float64)

    def _tokenise(self, texts: list[str], **options: Any) -> Any:
        return self._library.tokenize(
            texts,
            stopwords=_STOP_WORDS,
            stemmer=self._stemmer,
            show_progress=False,
            **options,
        )


class Classifier:
    """scikit-learn's linear SVM on tf-idf."""

    def __init__(self, documents: Sequence[Document]) -> None:
        """Count the words of all documents."""
        self._svm = _require("sklearn.svm")
        text = _require("sklearn.feature_extraction.text")
        vectoriser = text.TfidfVectorizer(
            analyzer="word",
            strip_accents="unicode",
            lowercase=True,
            stop_words="english",
            ngram_range=(1, 2),
            max_features=_MOST_FEATURES,
            norm="l2",
            use_idf=True,
            smooth_idf=True,
            sublinear_tf=True,
        )
        self._rows = vectoriser.fit_transform(
            [f"{one.title} {one.text}" for one in documents]
        )

    def score(self, liked: Sequence[int]) -> Floats:
        """Return the score of every document once some are liked, shape (n,)."""
        return np.asarray(self.learn(liked).decision_function(self._rows), np.float64)

    def learn(self, liked: Sequence[int]) -> Any:
        """Return the model that some liked documents make."""
        classes = np.zeros(self._rows.shape[0])
        classes[list(liked)] = 1
        model = self._svm.LinearSVC(
            class_weight="balanced", max_iter=10_000, tol=1e-6, C=0.01
        )
        return model.fit(self._rows, classes)


def _require(name: str) -> Any:
    """Import a library that only measuring needs."""
    try:
        return __import__(name, fromlist=["_"])
    except ImportError as error:
        raise CollectionError(
            f"{name.partition('.')[0]} is not installed; `make test` installs it."
        ) from error
