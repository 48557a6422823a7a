"""One paper outside a reader's topics, for those who asked for it.

The nearest miss of their topics; else what curators picked or many voted for in the
curated topics that share most papers with theirs. Costs nothing for other readers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from django.db.models import Count, Exists, OuterRef, Q

from digest.models import Match, Pick, Subscription, Topic
from digest.models.paper import PaperQuerySet
from digest.pipeline.match.strictness import cut, wanted
from digest.pipeline.plan.gathering import Span, level_of
from digest.pipeline.plan.turns import Candidate

OPTIONS = 20
"""How many are looked at: some may be muted, or nearly the same as another."""

CLOSE_TOPICS = 3
WELL_VOTED = 5
"""So many votes at its source are a reason to show a paper beyond one's topics."""

Evidence = dict[str, object]


def find_outside(
    subscriptions: Sequence[Subscription],
    papers: PaperQuerySet,
    span: Span,
    known: Collection[int],
    judged_anew: Collection[int] = (),
) -> list[Candidate]:
    """Papers that the topics do not bring, the best first.

    `known`: papers that they do bring, or that the reader's taste refused;
    `judged_anew`: topics of which the shared margin says nothing to this reader.
    """
    sure = [s for s in subscriptions if s.topic_id not in judged_anew]
    found = [
        *_near_misses(sure, papers, span),
        *_well_received(subscriptions, papers, span),
    ]
    new = {c.paper_id: c for c in reversed(found) if c.paper_id not in known}
    return [c for c in found if new.get(c.paper_id) is c]


def _near_misses(
    subscriptions: Sequence[Subscription], papers: PaperQuerySet, span: Span
) -> list[Candidate]:
    """What a little less strictness would have brought, the smallest gap first."""
    found: list[tuple[float, int, Candidate]] = []
    for subscription in subscriptions:
        first = span.first_for(subscription)
        least = cut(level_of(subscription))
        matches = Match.objects.filter(
            topic=subscription.topic_id,
            margin__lt=least,
            paper__in=papers.announced_between(first, span.last),
        ).order_by("-margin", "paper")
        name = subscription.topic.name
        for match in matches[:OPTIONS]:
            told: Evidence = {"kind": "outside", "text": name, "field": "near_miss"}
            candidate = _candidate(match, told)
            found.append((least - (match.margin or 0), match.paper_id, candidate))
    return [candidate for _, _, candidate in sorted(found, key=lambda row: row[:2])]


def _well_received(
    subscriptions: Sequence[Subscription], papers: PaperQuerySet, span: Span
) -> Iterator[Candidate]:
    """What was picked, then what got most votes, in the topics close to these."""
    picked = Pick.objects.filter(
        paper=OuterRef("paper"), picked_on__range=(span.first, span.last)
    )
    matches = (
        Match.objects.filter(
            wanted(),
            topic__in=_close_topics(subscriptions, span),
            paper__in=papers.announced_between(span.first, span.last),
        )
        .annotate(is_picked=Exists(picked))
        .filter(Q(is_picked=True) | Q(paper__upvotes__gte=WELL_VOTED))
        .select_related("topic")
        .order_by("-is_picked", "-paper__upvotes", "paper", "topic")
    )
    for match in matches[:OPTIONS]:
        is_picked = match.is_picked  # type: ignore[attr-defined]
        field = "picked_near" if is_picked else "voted_near"
        told: Evidence = {"kind": "outside", "text": match.topic.name, "field": field}
        yield _candidate(match, told)


def _close_topics(subscriptions: Sequence[Subscription], span: Span) -> list[int]:
    """Curated topics that match most of their papers; none they follow or left."""
    followed = Subscription.objects.filter(user=subscriptions[0].user_id)
    theirs = Match.objects.filter(
        wanted(),
        topic__in=[subscription.topic_id for subscription in subscriptions],
        paper__announced_on__range=(span.first, span.last),
    )
    shared = Match.objects.filter(
        wanted(),
        topic__in=Topic.objects.public().exclude(pk__in=followed.values("topic")),
        paper__in=theirs.values("paper"),
    )
    counted = shared.values("topic").annotate(papers=Count("pk"))
    ranked = counted.order_by("-papers", "topic").values_list("topic", flat=True)
    return list(ranked[:CLOSE_TOPICS])


def _candidate(match: Match, told: Evidence) -> Candidate:
    evidence = [told, *match.evidence[:2]]
    return Candidate(match.paper_id, match.topic_id, match.score, evidence)
