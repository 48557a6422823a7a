"""Stage 2: from papers and topics to Matches, with score and evidence.

Matching reads rows, never "today's feed": it can be run again at any time, for
some papers or some topics, and leaves the same matches.

1. Topics that are new or edited are filed under their canonical queries.
2. Block by block of papers: which canonical queries may hold for some of them is
   asked from the database by key, and found out for all papers of the block at once.
3. Of what holds, score and evidence are worked out, once for all topics that ask the
   same, and written, a range of queries at a time.
4. New papers are compared with those of the window: who says nearly the same is written
   down.

Cost and memory grow with the papers and the queries that hold for them, not with the
topics or their readers.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from digest import matching
from digest.models import Cadence, Paper, Subscription, Topic, Vote
from digest.pipeline.match.archive import Archive, current_archive, shelve
from digest.pipeline.match.candidates import (
    candidates_by_key,
    candidates_of,
    find_queries,
)
from digest.pipeline.match.companions import file_companions
from digest.pipeline.match.filing import file_topics
from digest.pipeline.match.window import MONTHLY_DAYS, WINDOW_DAYS, in_window
from digest.pipeline.match.wishes import WishBlock, match_wishes
from digest.pipeline.match.words import paper_text
from digest.pipeline.match.writing import Block, drop_matches, write_matches

MOST_WAITING = 3000
"""How many papers that a lost worker left are taken up at a time."""

BLOCK_PAPERS = 1000
"""How many papers are in memory, and in one index."""


class Found(NamedTuple):
    """How many matches of queries there are, and for which papers each query holds."""

    matches: int
    holding: dict[int, int]


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
    archive, count = current_archive(now=now), 0
    file_topics(archive.weights, topic_ids)
    for rows in _read_papers(now, _reach(topic_ids), paper_ids):
        found = _match_queries(rows, archive, topic_ids, now)
        shelf = shelve(rows, archive.background)
        block = WishBlock(rows, shelf, archive.background, found.holding)
        count += found.matches + match_wishes(block, topic_ids, now=now)
        if topic_ids is None:
            file_companions(rows, shelf, archive.background, now=now)
            _note_papers(rows, now)
    if paper_ids is None:
        _note_topics(topic_ids, now)
    return count


def _match_queries(
    rows: Sequence[Paper],
    archive: Archive,
    topic_ids: Collection[int] | None,
    now: datetime,
) -> Found:
    """Match what is named; say also which papers each query holds for, as bits."""
    asking = Topic.objects.filed(matching.RULES_VERSION)
    if topic_ids is not None and not asking.filter(pk__in=topic_ids).exists():
        return Found(0, {})
    papers = matching.prepare_all(map(paper_text, rows))
    index = matching.PaperIndex(papers)
    candidates = (
        candidates_by_key(index.keys) if topic_ids is None else candidates_of(topic_ids)
    )
    found = find_queries(index, candidates)
    days = {row.pk: row.announced_on for row in rows}
    block = Block(papers, days, index, found, archive.weights, topic_ids)
    drop_matches(block)
    return Found(write_matches(block, now=now), found)


def waiting_papers(*, now: datetime) -> tuple[int, ...]:
    """Ids of papers of the window that are new, changed or voted for since matched.

    A vote that is taken back counts from the next time on.
    """
    newer = Vote.objects.filter(
        paper=OuterRef("pk"), made_at__gt=OuterRef("matched_at")
    )
    found: list[int] = []
    for waiting in (in_window(now).unmatched(), in_window(now).filter(Exists(newer))):
        found += waiting.values_list("pk", flat=True)[: MOST_WAITING - len(found)]
    return tuple(found)


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


def _reach(topic_ids: Collection[int] | None) -> int:
    """How many days back to look.

    Papers are matched as they come, and the matches stay; but a topic that was edited
    has to forget what it meant before, as far back as a digest of it may reach.
    """
    monthly = Subscription.objects.active().filter(
        topic__in=topic_ids or (), user__schedule__cadence=Cadence.MONTHLY
    )
    return MONTHLY_DAYS if topic_ids and monthly.exists() else WINDOW_DAYS


def _read_papers(
    now: datetime, days: int, paper_ids: Collection[int] | None
) -> Iterator[list[Paper]]:
    papers = in_window(now, days)
    if paper_ids is not None:
        papers = papers.filter(pk__in=paper_ids)
    ids = list(papers.order_by("-pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BLOCK_PAPERS):
        block = ids[start : start + BLOCK_PAPERS]
        yield list(Paper.objects.filter(pk__in=block).order_by("pk"))
