"""Topics that say in plain words what they want: ranked by it, and decided.

Where such a topic has a query too, only papers that it holds for are looked at. The
matches kept are those of the laxest reader; each has its margin, and planning asks
as much as the reader does.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import numpy as np
from django.db import transaction

from digest import matching
from digest.models import Example, Match, Paper, Topic
from digest.pipeline.match.archive import encode, shelve, shelve_kept
from digest.pipeline.match.words import paper_text

RANGE = 200
"""How many topics are ranked and written at a time."""

PICKED_DAYS = 60
MOST_PICKS = 10
"""Curators' newest picks among a topic's papers count as liked, for everybody."""

LEAST_SCORE, SCORE_RANGE = 0.5, 7.0
"""Scores of text, as `matching.match` gives them: 0.5 to 7.5."""


@dataclass(frozen=True, slots=True)
class WishBlock:
    """Some papers, ready for wishes, and the bits of those each query holds for."""

    papers: Sequence[Paper]
    shelf: matching.Shelf
    background: matching.Background
    found: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Teachers:
    """Papers that a topic learns from, for everybody: curators' picks, and examples."""

    picked: Sequence[Paper] = ()
    examples: Sequence[Paper] = ()


def match_wishes(
    block: WishBlock, topic_ids: Collection[int] | None, *, now: datetime
) -> int:
    """Write the matches of all wishes with the block; return how many there are."""
    topics = Topic.objects.wishing().order_by("pk")
    if topic_ids is not None:
        topics = topics.filter(pk__in=topic_ids)
    count, last = 0, 0
    while rows := list(topics.filter(pk__gt=last)[:RANGE]):
        picks = _read_picks([topic.pk for topic in rows], now)
        examples = read_examples([topic.pk for topic in rows])
        teachers = {
            topic.pk: Teachers(picks.get(topic.pk, ()), examples.get(topic.pk, ()))
            for topic in rows
        }
        matches = [m for t in rows for m in _judge(block, t, teachers[t.pk], now)]
        with transaction.atomic():
            _replace(block, rows, matches)
        count, last = count + len(matches), rows[-1].pk
    return count


def score_of(probability: float) -> float:
    """A probability as a match's score, comparable with those of queries."""
    return LEAST_SCORE + SCORE_RANGE * probability


def scorer_of(
    wish: str,
    background: matching.Background,
    liked: Sequence[Paper] = (),
    disliked: Sequence[Paper] = (),
    unlearned: Iterable[str] = (),
) -> matching.TopicScorer:
    """What ranks papers by a wish, and by papers that were liked or not.

    `unlearned`: stems that shall not be learned from them.
    """
    marks = matching.Marks(
        shelve(liked, background), shelve(disliked, background), frozenset(unlearned)
    )
    return scorer_with(wish, background, marks)


def scorer_with(
    wish: str, background: matching.Background, marks: matching.Marks
) -> matching.TopicScorer:
    """The same, from papers that stand on shelves already."""
    read = matching.read_wish(wish)
    return matching.make_scorer(
        read, background, encode(read.wordings, background), marks
    )


def _judge(
    block: WishBlock, topic: Topic, teachers: Teachers, now: datetime
) -> Iterator[Match]:
    allowed = _allowed(block, topic)
    if not allowed.any():
        return
    liked = [*teachers.picked, *teachers.examples]
    scorer = scorer_of(topic.wish, block.background, liked)
    shown = shelve_examples(teachers.examples, block.background)
    known = {paper.pk for paper in teachers.examples}
    verdicts = scorer.judge(block.shelf)
    kept = allowed & verdicts.wanted(matching.Strictness.MOST)
    for place in np.flatnonzero(kept).tolist():
        paper = block.papers[place]
        if paper.pk in known:
            continue
        prepared = matching.prepare(paper_text(paper))
        pieces = matching.explain(scorer, prepared, block.shelf.take([place]), shown)
        yield Match(
            topic=topic,
            paper=paper,
            score=score_of(float(verdicts.probability[place])),
            margin=float(verdicts.margin[place]),
            evidence=[asdict(piece) for piece in pieces],
            matched_at=now,
            announced_on=paper.announced_on,
        )


def _allowed(
    block: WishBlock, topic: Topic
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which papers the topic's query holds for; all without one, none if unread."""
    if not topic.query:
        return np.ones(len(block.papers), np.bool_)
    bits = block.found.get(topic.canonical_id or 0, 0)
    return np.array([bits >> place & 1 for place in range(len(block.papers))], np.bool_)


def _read_picks(topic_ids: Sequence[int], now: datetime) -> dict[int, list[Paper]]:
    """The newest picks among the papers of each topic."""
    since = now.date() - timedelta(days=PICKED_DAYS)
    matches = (
        Match.objects.filter(
            topic__in=topic_ids, margin__gte=0, paper__picks__picked_on__gte=since
        )
        .select_related("paper")
        .order_by("-paper__picks__picked_on", "pk")
    )
    picks: dict[int, list[Paper]] = defaultdict(list)
    for match in matches:
        papers = picks[match.topic_id]
        if len(papers) < MOST_PICKS and match.paper not in papers:
            papers.append(match.paper)
    return picks


def read_examples(topic_ids: Collection[int]) -> dict[int, list[Paper]]:
    """The papers given as examples of each topic, as far as they can be shown."""
    rows = Example.objects.filter(
        topic__in=topic_ids,
        paper__hidden__isnull=True,
        paper__merged_into__isnull=True,
    )
    found: dict[int, list[Paper]] = defaultdict(list)
    for row in rows.select_related("paper").order_by("pk"):
        found[row.topic_id].append(row.paper)
    return found


def shelve_examples(
    examples: Sequence[Paper], background: matching.Background
) -> matching.Liked | None:
    """The examples as reasons: papers may be close to them. None without any."""
    if not examples:
        return None
    titles = [paper.title for paper in examples]
    ways: list[matching.LikedWay] = ["example"] * len(examples)
    return matching.Liked(shelve_kept(examples, background), titles, ways)


def _replace(
    block: WishBlock, topics: Sequence[Topic], matches: Sequence[Match]
) -> None:
    """Write these matches; delete the topics' others with papers of the block."""
    held = {(match.topic_id, match.paper_id) for match in matches}
    stored = Match.objects.filter(topic__in=topics, paper__in=block.papers)
    gone = [
        pk
        for pk, topic_id, paper_id in stored.values_list("pk", "topic_id", "paper_id")
        if (topic_id, paper_id) not in held
    ]
    Match.objects.filter(pk__in=gone).delete()
    Match.objects.bulk_create(
        matches,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["topic", "paper"],
        update_fields=["score", "margin", "evidence", "announced_on"],
    )
