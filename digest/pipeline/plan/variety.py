"""How alike the papers are among which a reader's cap has to choose.

Two queries for a reader whose topics bring more than the cap; readers with the same
papers share what was worked out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from digest import matching
from digest.models import Paper
from digest.pipeline.match.archive import Archive, newest_archive
from digest.pipeline.match.words import keep_words
from digest.pipeline.plan.turns import Likeness

Stamps = tuple[tuple[int, datetime], ...]


def compare(paper_ids: Sequence[int]) -> Likeness | None:
    """The likeness of these papers; None before an archive was learned."""
    archive = newest_archive()
    if archive is None:
        return None
    papers = Paper.objects.filter(pk__in=paper_ids).order_by("pk")
    return _compare(archive, tuple(papers.values_list("pk", "changed_at")))


@lru_cache(maxsize=32)
def _compare(archive: Archive, stamps: Stamps) -> Likeness:
    stored = Paper.objects.only("canonical_id", "changed_at").order_by("pk")
    papers = list(stored.filter(pk__in=[pk for pk, _ in stamps]))
    bags = [words.bag for words in keep_words(papers)]
    places = {paper.pk: place for place, paper in enumerate(papers)}
    return Likeness(places, matching.Cosines(bags, archive.background.frequencies))
