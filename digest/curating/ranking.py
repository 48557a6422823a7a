"""The candidates of a day, those first that most readers would miss.

Of a thousand papers only numbers are read; the page reads the few that it shows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import log1p
from typing import Any

from django.db.models import Q

from digest.models import HiddenPaper, Match, Paper, Pick, SeenPaper, Submission, Topic
from digest.models.paper import READER_VOTE_WEIGHT
from digest.pipeline.match.strictness import wanted_of

PROPOSAL_POINTS = 3.0
"""Somebody took the trouble to write: as much as 20 votes at the source."""

MOST_TOPICS = 4
"""A paper of more topics than these is a survey, or matches by accident."""


class Which(StrEnum):
    """Which of a day's papers a curator looks at."""

    NEW = "new"
    SEEN = "seen"
    HIDDEN = "hidden"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate by its numbers. `points`: the more, the further up."""

    paper_id: int
    points: float
    topic_count: int
    proposal_count: int
    is_picked: bool
    is_hidden: bool
    is_seen: bool


def rank_day(day: date, which: Which, topic: Topic | None = None) -> list[Ranked]:
    """The works first announced on a day, best first.

    Half the points are the topics that matched and how well, half what people did:
    votes here and at the source, comments, stars of the code; each by its logarithm, as
    the first ten votes say more than the next ten. Proposals count on top.
    """
    papers = Paper.objects.works().filter(announced_on=day)
    if topic is not None:
        papers = papers.filter(pk__in=_matches([topic], day).values("paper"))
    rows = papers.values_list(
        "pk", "upvotes", "reader_votes", "comment_count", "signals"
    )
    topics = list(Topic.objects.public())
    scores: dict[int, list[float]] = defaultdict(list)
    for paper_id, score in _matches(topics, day).values_list("paper_id", "score"):
        scores[paper_id].append(score)
    proposals = _proposals(day)
    picked = set(Pick.objects.filter(picked_on=day).values_list("paper", flat=True))
    hidden = _ids(HiddenPaper.objects.filter(paper__announced_on=day))
    seen = _ids(SeenPaper.objects.filter(paper__announced_on=day))
    ranked = [
        Ranked(
            pk,
            _points(scores[pk], upvotes + READER_VOTE_WEIGHT * votes, comments, signals)
            + PROPOSAL_POINTS * log1p(proposals[pk]),
            len(scores[pk]),
            proposals[pk],
            pk in picked,
            pk in hidden,
            pk in seen,
        )
        for pk, upvotes, votes, comments, signals in rows
    ]
    kept = [one for one in ranked if _is_wanted(one, which)]
    return sorted(kept, key=lambda one: (-one.points, -one.paper_id))


def _points(
    scores: Iterable[float], votes: int, comments: int, signals: Mapping[str, Any]
) -> float:
    best = sorted(scores, reverse=True)[:MOST_TOPICS]
    stars = signals.get("code_stars")
    said = (votes, comments, stars if isinstance(stars, int) else 0)
    return log1p(sum(best)) + sum(log1p(max(0, number)) for number in said) / 3


def _is_wanted(one: Ranked, which: Which) -> bool:
    match which:
        case Which.ALL:
            return True
        case Which.HIDDEN:
            return one.is_hidden
        case Which.SEEN:
            return one.is_seen and not (one.is_picked or one.is_hidden)
        case Which.NEW:
            return not (one.is_seen or one.is_picked or one.is_hidden)


def _matches(topics: Iterable[Topic], day: date) -> Any:
    """The matches of curated topics, as strict as each is, with papers of a day."""
    strict = [(topic.pk, topic.strictness) for topic in topics]
    if not strict:
        return Match.objects.none()
    return Match.objects.filter(wanted_of(strict), paper__announced_on=day)


def _proposals(day: date) -> dict[int, int]:
    """How many readers proposed each paper and wait for an answer."""
    waiting = Submission.objects.undecided().filter(
        Q(paper__announced_on=day) & Q(paper__isnull=False)
    )
    counts: dict[int, int] = defaultdict(int)
    for paper_id in waiting.values_list("paper_id", flat=True):
        if paper_id is not None:
            counts[paper_id] += 1
    return counts


def _ids(rows: Any) -> set[int]:
    return set(rows.values_list("paper_id", flat=True))
