"""Which of the recent papers are like one paper, as its page shows them."""

from __future__ import annotations

import numpy as np

from digest import matching
from digest.models import Paper
from digest.pipeline import embed
from digest.pipeline.match.archive import newest_archive

LEAST = 0.3
"""Of the mean cosine: below it people see no kinship."""

SHOWN = 5


def similar_papers(paper: Paper) -> list[Paper]:
    """The recent papers that are most like it, best first; none before any learning.

    Takes two queries and a vector's more where there is a model, and compares with the
    3,000 newest papers of the archive, which the process keeps: a bounded cost.
    """
    archive = newest_archive()
    if archive is None:
        return []
    vectors = None
    if archive.background.recent.meaning is not None:
        vectors = embed.read_vectors([paper.pk])
    bag = matching.read_bag(paper.title, paper.abstract)
    scores = matching.score_alike(
        bag, archive.background, None if vectors is None else vectors[0]
    )
    best = np.argsort(-scores, kind="stable")[: 4 * SHOWN].tolist()
    ids = [archive.recent_ids[place] for place in best if scores[place] >= LEAST]
    shown = Paper.objects.shown().exclude(pk=paper.pk).in_bulk(ids)
    return [shown[paper_id] for paper_id in ids if paper_id in shown][:SHOWN]
