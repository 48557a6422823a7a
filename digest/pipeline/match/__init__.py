"""Stage 2: from papers and topics to Matches, with score and evidence.

Matching reads rows, never "today's feed": it can be run again at any time, for
some papers or some topics, and leaves the same matches.

1. Topics that are new or edited are filed under their canonical queries.
2. Block by block of papers: which canonical queries may hold for some of them is
   asked from the database by key, and found out for all papers of the block at once.
3. Of what holds, score and evidence are worked out, once for all topics that ask the
   same, and written, a range of queries at a time.

Cost and memory grow with the papers and the queries that hold for them, not with the
topics or their readers.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from digest import matching
from digest.models import Paper, Topic
from digest.models.paper import PaperQuerySet
from digest.pipeline.match.candidates import (
    candidates_by_key,
    candidates_of,
    find_queries,
)
from digest.pipeline.match.filing import file_topics
from digest.pipeline.match.writing import Block, drop_matches, write_matches

WINDOW_DAYS = 14
"""How far back a topic looks for papers; nothing older enters a digest."""

BACKGROUND_PAPERS = 3000
"""How many of the newest papers the weights of words are counted on."""

BLOCK_PAPERS = 1000
"""How many papers are in memory, and in one index."""


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
    weights, count = None, 0
    for rows in _read_papers(now, paper_ids):
        prepared = matching.prepare_all(map(paper_text, rows))
        if weights is None:
            weights = _weights(prepared)
            file_topics(weights, topic_ids)
        count += _match_block(prepared, weights, topic_ids, now)
        if topic_ids is None:
            _note_papers(rows, now)
    if paper_ids is None:
        _note_topics(topic_ids, now)
    return count


def _match_block(
    papers: Sequence[matching.PreparedPaper],
    weights: matching.TermWeights,
    topic_ids: Collection[int] | None,
    now: datetime,
) -> int:
    index = matching.PaperIndex(papers)
    candidates = (
        candidates_by_key(index.keys) if topic_ids is None else candidates_of(topic_ids)
    )
    found = find_queries(index, candidates)
    block = Block(papers, index, found, weights, topic_ids)
    drop_matches(block)
    return write_matches(block, now=now)


def waiting_papers(*, now: datetime) -> tuple[int, ...]:
    """Ids of papers of the window that are new or changed since they were matched."""
    waiting = _in_window(now).unmatched()
    return tuple(waiting.values_list("pk", flat=True)[:BACKGROUND_PAPERS])


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


def _in_window(now: datetime) -> PaperQuerySet:
    return Paper.objects.works().filter(
        announced_on__gt=now.date() - timedelta(days=WINDOW_DAYS)
    )


def _read_papers(
    now: datetime, paper_ids: Collection[int] | None
) -> Iterator[list[Paper]]:
    papers = _in_window(now)
    if paper_ids is not None:
        papers = papers.filter(pk__in=paper_ids)
    ids = list(papers.order_by("-pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BLOCK_PAPERS):
        block = ids[start : start + BLOCK_PAPERS]
        yield list(Paper.objects.filter(pk__in=block).order_by("pk"))


def _weights(papers: Sequence[matching.PreparedPaper]) -> matching.TermWeights:
    """Document frequencies from these papers, filled up from the archive."""
    missing = BACKGROUND_PAPERS - len(papers)
    known = {paper.paper.key for paper in papers}
    archive = Paper.objects.works().order_by("-pk")[:BACKGROUND_PAPERS]
    background = matching.prepare_all(
        paper_text(paper) for paper in archive if paper.pk not in known
    )
    return matching.TermWeights.from_papers([*papers, *background[:missing]])
