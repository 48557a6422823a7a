"""From what holds to Match rows: ranked, explained and written, range by range.

A range is written in one transaction of its own. Whatever stops the work in between,
the papers stay unmatched in their rows, and the next run leaves the same matches.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction

from digest import matching
from digest.models import CanonicalQuery, Match, Topic
from digest.models.topic import TopicQuerySet
from digest.pipeline.match.filing import drop_unasked

RANGE = 500
"""How many queries are ranked and written at a time."""

BATCH = 500
"""How many rows one INSERT holds."""


@dataclass(frozen=True, slots=True)
class Block:
    """Some papers, the queries that hold for them, and whose matches these are.

    `days` has the papers' days by id; `found` has the papers of each canonical query
    as bits of the index; `topic_ids` limits the topics, None does not.
    """

    papers: Sequence[matching.PreparedPaper]
    days: Mapping[int, date | None]
    index: matching.PaperIndex
    found: Mapping[int, int]
    weights: matching.TermWeights
    topic_ids: Collection[int] | None

    @property
    def topics(self) -> TopicQuerySet:
        """Topics whose query alone decides, to be matched anew."""
        topics = Topic.objects.filed(matching.RULES_VERSION).filter(wish="")
        if self.topic_ids is not None:
            topics = topics.filter(pk__in=self.topic_ids)
        return topics


def drop_matches(block: Block) -> None:
    """Delete the matches with papers of the block that no longer hold."""
    bits = {paper.paper.key: 1 << place for place, paper in enumerate(block.papers)}
    stored = Match.objects.filter(
        paper__in=list(bits), topic__in=block.topics.values("pk")
    ).values_list("pk", "paper_id", "topic__canonical_id")
    gone = [
        pk
        for pk, paper_id, query_id in stored.iterator()
        if not block.found.get(query_id or 0, 0) & bits[paper_id]
    ]
    for start in range(0, len(gone), BATCH):
        Match.objects.filter(pk__in=gone[start : start + BATCH]).delete()


def write_matches(block: Block, *, now: datetime) -> int:
    """Add what holds now, and renew what did before; return how many matches."""
    query_ids, count = sorted(block.found), 0
    for start in range(0, len(query_ids), RANGE):
        chosen = query_ids[start : start + RANGE]
        askers: dict[int, list[int]] = defaultdict(list)
        for topic_id, query_id in block.topics.filter(canonical__in=chosen).values_list(
            "pk", "canonical_id"
        ):
            askers[query_id].append(topic_id)
        if len(askers) < len(chosen) and block.topic_ids is None:
            drop_unasked(set(chosen) - askers.keys())
        with transaction.atomic():
            count += _write(_rank(block, askers, now))
    return count


def rank_query(
    text: str, found: int, index: matching.PaperIndex, weights: matching.TermWeights
) -> Iterator[tuple[int, matching.Hit]]:
    """Key, score and evidence of each paper that the query holds for."""
    query = matching.parse_query(text)
    for paper in index.papers(found):
        hit = matching.match(query, paper, weights)
        if hit is not None:
            yield paper.paper.key, hit


def _rank(
    block: Block, askers: Mapping[int, Iterable[int]], now: datetime
) -> list[Match]:
    # In one order everywhere: two workers must not wait for each other's rows.
    asked = CanonicalQuery.objects.filter(pk__in=list(askers)).order_by("pk")
    rows = []
    for query_id, text in asked.values_list("pk", "text"):
        found = block.found[query_id]
        for paper_id, hit in rank_query(text, found, block.index, block.weights):
            evidence = [asdict(piece) for piece in hit.evidence]
            rows += [
                Match(
                    topic_id=topic_id,
                    paper_id=paper_id,
                    score=hit.score,
                    evidence=evidence,
                    matched_at=now,
                    announced_on=block.days[paper_id],
                )
                for topic_id in sorted(askers[query_id])
            ]
    return rows


def _write(rows: list[Match]) -> int:
    Match.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["topic", "paper"],
        update_fields=["score", "margin", "evidence", "announced_on"],
    )
    return len(rows)
