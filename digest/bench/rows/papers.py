"""The day's papers as rows, from real ones or made-up ones."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from digest.bench.ingest import BenchPaper
from digest.models import Paper
from digest.models.bulk import insert_new


def store_papers(papers: Iterable[BenchPaper], *, now: datetime) -> list[Paper]:
    """Write papers, all announced today."""
    rows = [_make(paper, now) for paper in papers]
    with transaction.atomic():
        insert_new(rows)
    return rows


def _make(paper: BenchPaper, now: datetime) -> Paper:
    return Paper(
        canonical_id=f"arxiv:{paper.bare_id}",
        slug=paper.bare_id,
        arxiv_id=paper.bare_id,
        version=1,
        title=paper.title,
        abstract=paper.abstract,
        authors=[{"name": name, "affiliation": ""} for name in paper.authors],
        categories=list(paper.categories),
        url=f"https://arxiv.org/abs/{paper.bare_id}",
        announced_on=now.date(),
        first_seen_at=now,
        changed_at=now,
        matched_at=now,
    )
