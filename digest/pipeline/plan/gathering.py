"""From a reader's subscriptions to candidates: what each topic would bring.

One query for all topics that have matches, however many and however strict, and two
for "Daily Papers".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from digest.models import (
    Announcement,
    DigestItem,
    Mark,
    Match,
    Paper,
    Pick,
    Strictness,
    Subscription,
    Topic,
)
from digest.models.paper import READER_VOTE_WEIGHT, PaperQuerySet
from digest.pipeline.match.strictness import cut
from digest.pipeline.plan.turns import Candidate

DAILY_TOP_PAPERS = 10
"""How many of the most voted papers "Daily Papers" brings beside the picks."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days from which papers come; nothing older than each subscription, or all."""

    first: date
    last: date
    is_since_start: bool = True

    def first_for(self, subscription: Subscription) -> date:
        """The first day of this subscription's papers."""
        if not self.is_since_start:
            return self.first
        return max(self.first, subscription.started_at.date())


def level_of(subscription: Subscription) -> Strictness:
    """How sure matching must be for this reader: their own word, else the topic's."""
    own = subscription.strictness
    return Strictness(subscription.topic.strictness if own is None else own)


def papers_for(user_id: int, *, has_marks: bool) -> PaperQuerySet:
    """Papers that can be shown, that this reader has not had and did not refuse."""
    had = DigestItem.objects.filter(
        user_id=user_id, paper=OuterRef("pk"), released_at__isnull=True
    )
    had_as_another = DigestItem.objects.filter(
        user_id=user_id, paper__merged_into=OuterRef("pk"), released_at__isnull=True
    )
    papers = Paper.objects.shown().filter(~Exists(had), ~Exists(had_as_another))
    if has_marks:
        refused = Mark.objects.filter(
            user_id=user_id, paper=OuterRef("pk"), verdict=Mark.Verdict.LESS
        )
        papers = papers.filter(~Exists(refused))
    return papers


def gather(
    subscriptions: Sequence[Subscription],
    papers: PaperQuerySet,
    span: Span,
    judged_anew: Collection[int] = (),
) -> list[Candidate]:
    """What the topics bring. Of those judged anew, all that any reader would get."""
    searching = [s for s in subscriptions if s.topic.kind == Topic.Kind.QUERY]
    candidates = _gather_matches(searching, papers, span, judged_anew)
    for subscription in subscriptions:
        if subscription.topic.kind == Topic.Kind.DAILY:
            first = span.first_for(subscription)
            candidates += _gather_picks(subscription, papers, first, span.last)
            candidates += _gather_voted(subscription, papers, first, span.last)
    return candidates


def _gather_matches(
    subscriptions: Sequence[Subscription],
    papers: PaperQuerySet,
    span: Span,
    judged_anew: Collection[int],
) -> list[Candidate]:
    if not subscriptions:
        return []
    asked = Q()
    for condition in _conditions(subscriptions, span, judged_anew):
        asked |= condition
    matches = Match.objects.filter(
        asked, paper__in=papers.announced_between(span.first, span.last)
    ).values_list(
        "paper_id",
        "topic_id",
        "score",
        "evidence",
        "paper__announced_on",
        "paper__upvotes",
        "paper__reader_votes",
    )
    return [
        Candidate(
            paper_id,
            topic_id,
            score,
            evidence,
            announced_on=day or span.first,
            votes=_weigh(upvotes, reader_votes),
        )
        for paper_id, topic_id, score, evidence, day, upvotes, reader_votes in matches
    ]


def _conditions(
    subscriptions: Sequence[Subscription], span: Span, judged_anew: Collection[int]
) -> Iterator[Q]:
    """What the matches must be like, topics with the same day and cut together."""
    alike: dict[tuple[date, float | None], list[int]] = defaultdict(list)
    for subscription in subscriptions:
        topic_id = subscription.topic_id
        least = None if topic_id in judged_anew else cut(level_of(subscription))
        alike[span.first_for(subscription), least].append(topic_id)
    for (first, least), topic_ids in alike.items():
        condition = Q(topic__in=topic_ids)
        if first > span.first:
            condition &= Q(paper__announced_on__gte=first)
        if least is not None:
            condition &= Q(margin__isnull=True) | Q(margin__gte=least)
        yield condition


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


def _announced(first: date, last: date) -> QuerySet[Announcement]:
    return Announcement.objects.filter(
        paper=OuterRef("pk"), announced_on__range=(first, last)
    )


def _vote_score(paper: Paper) -> float:
    """Between 0 and 1, in the order of `PaperQuerySet.most_voted`."""
    weighed = _weigh(paper.upvotes, paper.reader_votes)
    return weighed / (1.0 + weighed)


def _weigh(upvotes: int, reader_votes: int) -> int:
    return upvotes + READER_VOTE_WEIGHT * reader_votes


def _gather_voted(
    subscription: Subscription, papers: PaperQuerySet, first: date, last: date
) -> list[Candidate]:
    days = (last - first).days + 1
    voted = (
        papers.voted()
        .filter(Exists(_announced(first, last)))
        .most_voted()[: DAILY_TOP_PAPERS * min(days, 3)]
    )
    return [
        Candidate(
            paper.pk,
            subscription.topic_id,
            _vote_score(paper),
            [{"kind": "votes", "text": str(paper.votes), "field": "popularity"}],
            announced_on=paper.announced_on or first,
            is_voted=True,
            votes=_weigh(paper.upvotes, paper.reader_votes),
        )
        for paper in voted
    ]
