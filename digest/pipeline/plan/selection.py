"""Which papers one reader would get now: gather, then choose.

Gathering reads rows; choosing is pure and can be tested with plain values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q

from digest.models import DigestItem, Match, Paper, Pick, Subscription, Topic
from digest.models.paper import PaperQuerySet
from digest.pipeline.match.strictness import cut

DAILY_TOP_PAPERS = 10
"""How many of the most voted papers "Daily Papers" brings beside the picks."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One paper that one topic would bring."""

    paper_id: int
    topic_id: int
    score: float
    evidence: list[dict[str, object]] = field(default_factory=list)
    is_pick: bool = False
    note: str = ""
    announced_on: date = date.min


@dataclass(frozen=True, slots=True)
class Chosen:
    """A candidate with its place: in the mail, or held back by the cap."""

    candidate: Candidate
    is_in_mail: bool
    also_in: tuple[int, ...] = ()


def select(
    user_id: int, *, first_day: date, last_day: date, cap: int, since_start: bool = True
) -> list[Chosen]:
    """What the reader's topics bring from papers announced `first_day`..`last_day`.

    With `since_start`, papers announced before a subscription began are left out.
    Papers that the reader has had, or that a curator hid, never come.
    """
    subscriptions = list(
        Subscription.objects.active().filter(user_id=user_id).select_related("topic")
    )
    candidates: list[Candidate] = []
    for subscription in subscriptions:
        first = first_day
        if since_start:
            first = max(first, subscription.started_at.date())
        candidates += _gather(subscription, first, last_day)
    order = [subscription.topic_id for subscription in subscriptions]
    return choose(candidates, topic_order=order, cap=cap)


def _gather(subscription: Subscription, first: date, last: date) -> list[Candidate]:
    papers = _unreserved(subscription.user_id)
    if subscription.topic.kind == Topic.Kind.DAILY:
        return [
            *_gather_picks(subscription, papers, first, last),
            *_gather_voted(subscription, papers, first, last),
        ]
    strictness = subscription.strictness
    if strictness is None:
        strictness = subscription.topic.strictness
    sure = Q(margin__isnull=True) | Q(margin__gte=cut(strictness))
    matches = (
        Match.objects.filter(
            sure,
            topic_id=subscription.topic_id,
            paper__in=papers.announced_between(first, last),
        )
        .best_first()
        .values_list("paper_id", "score", "evidence", "paper__announced_on")
    )
    return [
        Candidate(
            paper_id, subscription.topic_id, score, evidence, announced_on=day or first
        )
        for paper_id, score, evidence, day in matches
    ]


def _unreserved(user_id: int) -> PaperQuerySet:
    """Papers that can be shown and that this reader has not had."""
    had = DigestItem.objects.filter(
        user_id=user_id, paper=OuterRef("pk"), released_at__isnull=True
    )
    had_as_another = DigestItem.objects.filter(
        user_id=user_id, paper__merged_into=OuterRef("pk"), released_at__isnull=True
    )
    return Paper.objects.shown().filter(~Exists(had), ~Exists(had_as_another))


def _gather_picks(
    subscription: Subscription, papers: PaperQuerySet, first: date, last: date
) -> list[Candidate]:
    picks = Pick.objects.filter(
        picked_on__range=(first, last), paper__in=papers
    ).order_by("picked_on", "position", "pk")
    return [
        Candidate(
            pick.paper_id,
            subscription.topic_id,
            # Above every other score, in the curators' order.
            1000.0 - place,
            is_pick=True,
            note=pick.note,
            announced_on=pick.picked_on,
        )
        for place, pick in enumerate(picks)
    ]


def _gather_voted(
    subscription: Subscription, papers: PaperQuerySet, first: date, last: date
) -> list[Candidate]:
    days = (last - first).days + 1
    voted = (
        papers.filter(upvotes__gt=0, announcements__announced_on__range=(first, last))
        .distinct()
        .trending()[: DAILY_TOP_PAPERS * min(days, 3)]
    )
    return [
        Candidate(
            paper.pk,
            subscription.topic_id,
            float(paper.upvotes) / (1.0 + paper.upvotes),
            [{"kind": "votes", "text": str(paper.upvotes), "field": "popularity"}],
            announced_on=paper.announced_on or first,
        )
        for paper in voted
    ]


def choose(
    candidates: Iterable[Candidate], *, topic_order: Sequence[int], cap: int
) -> list[Chosen]:
    """Give each paper one place and each topic a fair share of the cap.

    1. A paper that several topics bring stands under the one where it scores
       best; a curator's pick stands under its own topic. The others are named.
    2. The topics take turns, each with its best left paper, until the cap is
       reached: what one leaves goes round to the others. A topic's picks are its
       best papers, and one that has picks begins, so the picks stand on top.
    3. The rest is held back: readable on the web, not mailed.
    """
    queues, also_in = _one_place_each(candidates)
    order = sorted(
        (topic_id for topic_id in topic_order if topic_id in queues),
        key=lambda topic_id: not queues[topic_id][0].is_pick,
    )
    ranked = _take_turns([queues[topic_id] for topic_id in order])
    in_mail = {candidate.paper_id for candidate in ranked[:cap]}
    place = {topic_id: index for index, topic_id in enumerate(order)}
    ordered = sorted(
        ranked, key=lambda c: (c.paper_id not in in_mail, place[c.topic_id])
    )
    return [
        Chosen(c, c.paper_id in in_mail, tuple(also_in[c.paper_id])) for c in ordered
    ]


def _one_place_each(
    candidates: Iterable[Candidate],
) -> tuple[dict[int, list[Candidate]], dict[int, list[int]]]:
    by_paper: dict[int, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        by_paper[candidate.paper_id].append(candidate)
    queues: dict[int, list[Candidate]] = defaultdict(list)
    also_in: dict[int, list[int]] = {}
    for paper_id, rivals in by_paper.items():
        best = max(rivals, key=lambda c: (c.score, -c.topic_id))
        others = {c.topic_id for c in rivals} - {best.topic_id}
        also_in[paper_id] = sorted(others)
        queues[best.topic_id].append(_with_evidence(best, rivals))
    for queue in queues.values():
        queue.sort(key=lambda c: (-c.score, -c.announced_on.toordinal(), c.paper_id))
    return queues, also_in


def _with_evidence(best: Candidate, rivals: list[Candidate]) -> Candidate:
    """A pick that also matches a topic keeps that topic's evidence as its reason."""
    if best.evidence:
        return best
    evidence = max((c.evidence for c in rivals), key=len)
    return replace(best, evidence=evidence)


def _take_turns(queues: Sequence[list[Candidate]]) -> list[Candidate]:
    """All candidates in the order in which the cap takes them."""
    depth = max((len(queue) for queue in queues), default=0)
    return [
        queue[round_]
        for round_ in range(depth)
        for queue in queues
        if round_ < len(queue)
    ]


def window_start(last_day: date, days: int) -> date:
    """First day of a window of that many days."""
    return last_day - timedelta(days=days - 1)
