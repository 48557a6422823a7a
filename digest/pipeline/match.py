"""Stage 2: from papers and topics to Matches, with score and evidence.

Matching reads rows, never "today's feed": it can be run again at any time, for
some papers or some topics, and leaves the same matches.
"""

import logging
from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import transaction

from digest import matching
from digest.models import Match, Paper, Topic

logger = logging.getLogger(__name__)

WINDOW_DAYS = 14
"""How far back a topic looks for papers; nothing older enters a digest."""

BACKGROUND_PAPERS = 3000
"""How many of the newest papers the weights of words are counted on."""


def match_papers(
    *,
    now: datetime,
    paper_ids: Collection[int] | None = None,
    topic_ids: Collection[int] | None = None,
) -> int:
    """Match papers of the last days with topics in force; return how many hold.

    Args:
        now: The end of the window.
        paper_ids: Only these papers; None for all of the window.
        topic_ids: Only these topics; None for all in force.
    """
    queries = _read_queries(topic_ids)
    papers = _read_papers(now, paper_ids)
    if paper_ids is None:
        _note_matched(topic_ids, now)
    if not queries or not papers:
        return 0
    percolator = matching.Percolator(queries, _weights(papers))
    hits = {
        (topic_id, prepared.paper.key): hit
        for prepared in papers
        for topic_id, hit in percolator.match_all(prepared)
    }
    _write(hits, queries, papers, now)
    return len(hits)


def _note_matched(topic_ids: Collection[int] | None, now: datetime) -> None:
    """Write down that these topics have seen the whole window.

    A topic whose query cannot be read is noted too: the sweep would otherwise try
    it each minute.
    """
    topics = Topic.objects.searching()
    if topic_ids is not None:
        topics = topics.filter(pk__in=topic_ids)
    topics.update(matched_at=now)


def paper_text(paper: Paper) -> matching.PaperText:
    """The paper as the matcher reads it."""
    return matching.PaperText(
        key=paper.pk,
        title=paper.title,
        abstract=paper.abstract,
        authors=tuple(paper.author_names),
        categories=tuple(paper.categories),
        organisation=paper.organisation,
        upvotes=paper.upvotes,
    )


def _read_queries(topic_ids: Collection[int] | None) -> dict[int, matching.Query]:
    """Parsed queries by topic. One that does not parse is left out and logged."""
    topics = Topic.objects.searching()
    if topic_ids is not None:
        topics = topics.filter(pk__in=topic_ids)
    queries = {}
    for topic_id, query in topics.values_list("pk", "query"):
        try:
            queries[topic_id] = matching.parse_query(query)
        except matching.QueryError as error:
            logger.warning("Topic %s cannot be matched: %s", topic_id, error)
    return queries


def _read_papers(
    now: datetime, paper_ids: Collection[int] | None
) -> list[matching.PreparedPaper]:
    today = now.date()
    papers = Paper.objects.filter(
        announced_on__gt=today - timedelta(days=WINDOW_DAYS),
    )
    if paper_ids is not None:
        papers = papers.filter(pk__in=paper_ids)
    return [matching.prepare(paper_text(paper)) for paper in papers.order_by("pk")]


def _weights(papers: list[matching.PreparedPaper]) -> matching.TermWeights:
    """Document frequencies from these papers, filled up from the archive."""
    missing = BACKGROUND_PAPERS - len(papers)
    if missing <= 0:
        return matching.TermWeights.from_papers(papers)
    known = {paper.paper.key for paper in papers}
    archive = Paper.objects.order_by("-pk")[:BACKGROUND_PAPERS]
    background = [
        matching.prepare(paper_text(paper))
        for paper in archive
        if paper.pk not in known
    ]
    return matching.TermWeights.from_papers([*papers, *background[:missing]])


def _write(
    hits: dict[tuple[int, int], matching.Hit],
    queries: Iterable[int],
    papers: Iterable[matching.PreparedPaper],
    now: datetime,
) -> None:
    """Add what matches now, renew what did before, drop what no longer does."""
    paper_ids = [paper.paper.key for paper in papers]
    with transaction.atomic():
        stored = {
            (row.topic_id, row.paper_id): row
            for row in Match.objects.filter(
                topic_id__in=list(queries), paper_id__in=paper_ids
            )
        }
        gone = [row.pk for key, row in stored.items() if key not in hits]
        Match.objects.filter(pk__in=gone).delete()
        Match.objects.bulk_create(
            [
                Match(
                    topic_id=topic_id,
                    paper_id=paper_id,
                    score=hit.score,
                    evidence=[asdict(piece) for piece in hit.evidence],
                    matched_at=now,
                )
                for (topic_id, paper_id), hit in hits.items()
            ],
            batch_size=500,
            update_conflicts=True,
            unique_fields=["topic", "paper"],
            update_fields=["score", "evidence"],
        )
