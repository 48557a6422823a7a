"""The papers nearest to some words in meaning, among all that have a vector.

Every stored vector of the model in force is compared, a chunk at a time: memory does
not grow with the archive. Off unless DIGEST_MODEL_DIR names a model.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np
from django.db.models import QuerySet

from digest import meaning
from digest.models import Paper, PaperVector
from digest.pipeline import embed
from digest.pipeline.embed import Vectors

CHUNK = 8192
"""Vectors in memory together: 12 MB of 384 numbers each."""


def nearest_papers(
    wordings: Sequence[str], among: QuerySet[Paper], most: int
) -> list[int] | None:
    """Ids of at most so many papers, nearest first; None if there is no model.

    Args:
        wordings: Ways to say what is wanted: the nearest one counts.
        among: Only these papers.
        most: How many.
    """
    encoder, wanted = embed.find_encoder(), embed.encode_texts(wordings)
    if encoder is None or wanted is None:
        return None
    rows = PaperVector.objects.filter(model=embed.model_key(encoder), paper__in=among)
    stored = rows.values_list("paper_id", "vector").iterator(chunk_size=CHUNK)
    best_ids, best = np.zeros(0, np.int64), np.zeros(0, np.float32)
    for ids, vectors in _unpack(stored, encoder.dimensions):
        nearness = np.concatenate([best, (vectors @ wanted.T).max(axis=1)])
        known = np.concatenate([best_ids, ids])
        # Among equals the newer paper, whatever order the rows came in.
        first = np.lexsort((-known, -nearness))[:most]
        best_ids, best = known[first], nearness[first]
    return [int(paper_id) for paper_id in best_ids]


def _unpack(
    stored: Iterable[tuple[int, bytes | memoryview]], dimensions: int
) -> Iterator[tuple[np.ndarray, Vectors]]:
    waiting = iter(stored)
    while chunk := list(islice(waiting, CHUNK)):
        ids = np.array([paper_id for paper_id, _ in chunk], np.int64)
        yield ids, meaning.unpack((bytes(data) for _, data in chunk), dimensions)
