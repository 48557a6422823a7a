"""Stage 2: from papers and topics to Matches, with score and evidence.

Matching reads rows, never "today's feed": it can be run again at any time, for
some papers or some topics, and leaves the same matches.
"""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import transaction

from digest import matching
from digest.models import Match, Paper, Topic
from digest.models.paper import PaperQuerySet

Hits = dict[tuple[int, int], matching.Hit]
"""Hits by topic and paper."""

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
    rows = _read_papers(now, paper_ids)
    hits = _find_hits(queries, [matching.prepare(paper_text(row)) for row in rows])
    with transaction.atomic():
        _write(hits, queries, [row.pk for row in rows], now)
        if topic_ids is None:
            _note_papers(rows, now)
        if paper_ids is None:
            _note_topics(topic_ids, now)
    return len(hits)


def waiting_papers(*, now: datetime) -> tuple[int, ...]:
    """Ids of papers of the window that are new or changed since they were matched."""
    waiting = _in_window(now).unmatched()
    return tuple(waiting.values_list("pk", flat=True)[:BACKGROUND_PAPERS])


def _find_hits(
    queries: dict[int, matching.Query], papers: list[matching.PreparedPaper]
) -> Hits:
    if not queries or not papers:
        return {}
    percolator = matching.Percolator(queries, _weights(papers))
    return {
        (topic_id, prepared.paper.key): hit
        for prepared in papers
        for topic_id, hit in percolator.match_all(prepared)
    }


def _note_papers(rows: Iterable[Paper], now: datetime) -> None:
    """Write down that these papers met all topics, unless they changed meanwhile."""
    by_change: dict[datetime, list[int]] = defaultdict(list)
    for row in rows:
        by_change[row.changed_at].append(row.pk)
    for changed_at, ids in by_change.items():
        Paper.objects.filter(pk__in=ids, changed_at=changed_at).update(matched_at=now)


def _note_topics(topic_ids: Collection[int] | None, now: datetime) -> None:
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


def _in_window(now: datetime) -> PaperQuerySet:
    return Paper.objects.works().filter(
        announced_on__gt=now.date() - timedelta(days=WINDOW_DAYS)
    )


def _read_papers(now: datetime, paper_ids: Collection[int] | None) -> list[Paper]:
    papers = _in_window(now)
    if paper_ids is not None:
        papers = papers.filter(pk__in=paper_ids)
    return list(papers.order_by("pk"))


def _weights(papers: list[matching.PreparedPaper]) -> matching.TermWeights:
    """Document frequencies from these papers, filled up from the archive."""
    missing = BACKGROUND_PAPERS - len(papers)
    if missing <= 0:
        return matching.TermWeights.from_papers(papers)
    known = {paper.paper.key for paper in papers}
    archive = Paper.objects.works().order_by("-pk")[:BACKGROUND_PAPERS]
    background = [
        matching.prepare(paper_text(paper))
        for paper in archive
        if paper.pk not in known
    ]
    return matching.TermWeights.from_papers([*papers, *background[:missing]])


def _write(
    hits: Hits, queries: Iterable[int], paper_ids: list[int], now: datetime
) -> None:
    """Add what matches now, renew what did before, drop what no longer does."""
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
