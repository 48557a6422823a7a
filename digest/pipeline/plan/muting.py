"""What a reader muted leaves out papers, and never adds one."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

import numpy as np

from digest import matching
from digest.models import Paper
from digest.pipeline.match.words import keep_words, paper_text
from digest.pipeline.plan.opinions import Opinions
from digest.pipeline.plan.turns import Candidate

logger = logging.getLogger(__name__)


def leave_out_muted(
    candidates: Sequence[Candidate], opinions: Opinions
) -> list[Candidate]:
    """The candidates without those that have a muted word or author."""
    if not candidates or not (opinions.words or opinions.authors):
        return list(candidates)
    papers = list(
        Paper.objects.only("canonical_id", "changed_at", "authors").filter(
            pk__in={candidate.paper_id for candidate in candidates}
        )
    )
    muted = {*_by_author(papers, opinions.authors), *_by_word(papers, opinions.words)}
    return [candidate for candidate in candidates if candidate.paper_id not in muted]


def _by_author(papers: Sequence[Paper], authors: Sequence[str]) -> Iterator[int]:
    for paper in papers:
        names = paper.author_names if authors else []
        if any(matching.is_muted_author(author, names) for author in authors):
            yield paper.pk


def _by_word(papers: Sequence[Paper], words: Sequence[str]) -> Iterator[int]:
    """Ask the papers' keys; only where these cannot tell, read the text."""
    if not words:
        return
    index = matching.KeyIndex([found.keys for found in keep_words(papers)])
    for word in words:
        try:
            query = matching.read_phrase(word)
        except matching.QueryError:  # by older rules it could be read
            logger.warning("A muted phrase cannot be read any more.")
            continue
        found, is_exact = index.find(matching.compile_query(query))
        for place in np.flatnonzero(found).tolist():
            if is_exact or _holds(query, papers[place].pk):
                yield papers[place].pk


def _holds(query: matching.Query, paper_id: int) -> bool:
    paper = Paper.objects.get(pk=paper_id)
    return query.root.holds(matching.prepare(paper_text(paper)))
