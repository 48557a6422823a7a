"""The numbers of the page, each by one query or two over the last days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from digest.models import (
    Delivery,
    DeliveryEvent,
    Digest,
    Schedule,
    Strictness,
    Subscription,
    Topic,
)
from digest.pipeline.match.volume import weekly_volumes

State = Delivery.State

PLACES = ("accepted", "waiting", "uncertain", "failed", "skipped")
"""Where a day's digests are; `waiting` are those on their way."""

ENDS = {State.ACCEPTED, State.UNCERTAIN, State.FAILED, State.SKIPPED}

BOUNCE_LINE = 0.02
MOST_TOPICS = 20

Counts = dict[date, dict[str, int]]


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic with its readers, and the papers a week that it brings.

    The shares are per cent of the topic that has most.
    """

    pk: int
    name: str
    readers: int
    papers_a_week: float
    reader_share: int
    paper_share: int


def readers(days: Sequence[date]) -> list[int]:
    """How many people got digests at the end of each day, told back from today.

    Who was erased is in none of these numbers.
    """
    known = Schedule.objects.filter(user__is_active=True)
    joined = _by_day(known, "created_at", days[0])
    left = _by_day(known, "ended_at", days[0])
    number = known.filter(ended_at=None).count()
    numbers: list[int] = []
    for day in reversed(days):
        numbers.append(number)
        number += left.get(day, 0) - joined.get(day, 0)
    return numbers[::-1]


def subscriptions() -> int:
    """Active subscriptions of people who get digests."""
    return Subscription.objects.active().filter(user__is_active=True).count()


def outcomes(first: date) -> Counts:
    """Digests due since a day, by the place where they are; as the run counts them."""
    rows = (
        Digest.objects.filter(due_at__gte=_midnight(first))
        .order_by()
        .annotate(day=TruncDate("due_at"))
        .values_list("day", "status", "delivery__state")
        .annotate(count=Count("pk"))
    )
    counts: Counts = defaultdict(lambda: defaultdict(int))
    for day, status, state, count in rows:
        if status == Digest.Status.SKIPPED:
            place = "skipped"
        else:
            place = str(state) if state in ENDS else "waiting"
        counts[day][place] += count
    return counts


def rates(
    first: date, counts: Mapping[date, Mapping[str, int]]
) -> tuple[dict[date, float], dict[date, float]]:
    """Complaints and bounces as shares of each day's accepted digests."""
    rows = (
        DeliveryEvent.objects.filter(
            event_type__in=["complained", "bounced"],
            received_at__gte=_midnight(first),
            delivery__state=State.ACCEPTED,
            delivery__digest__due_at__gte=_midnight(first),
        )
        .order_by()
        .annotate(day=TruncDate("delivery__digest__due_at"))
        .values_list("day", "event_type")
        .annotate(count=Count("delivery", distinct=True))
    )
    found: dict[str, dict[date, float]] = {"complained": {}, "bounced": {}}
    for day, event_type, count in rows:
        accepted = counts.get(day, {}).get("accepted", 0)
        found[event_type][day] = count / accepted if accepted else 0.0
    return found["complained"], found["bounced"]


def topics(today: date) -> list[TopicRow]:
    """The curated topics with the most readers, and what each brings a week."""
    active = Q(
        subscriptions__status=Subscription.Status.ACTIVE,
        subscriptions__user__is_active=True,
    )
    found = (
        Topic.objects.filter(owner=None)
        .annotate(readers=Count("subscriptions", filter=active))
        .order_by("-readers", "name")
        .values_list("pk", "name", "strictness", "readers")[:MOST_TOPICS]
    )
    volumes = weekly_volumes([pk for pk, *_rest in found], today)
    papers = {
        pk: volumes.get(pk, {}).get(Strictness(strictness), 0.0)
        for pk, _name, strictness, _readers in found
    }
    most_papers = max(papers.values(), default=0.0) or 1.0
    most_readers = max((row[-1] for row in found), default=0) or 1
    return [
        TopicRow(
            pk,
            name,
            count,
            papers[pk],
            round(100 * count / most_readers),
            round(100 * papers[pk] / most_papers),
        )
        for pk, name, _strictness, count in found
    ]


def _by_day(rows: QuerySet[Schedule], field: str, first: date) -> dict[date, int]:
    counted = (
        rows.filter(**{f"{field}__gte": _midnight(first)})
        .order_by()
        .annotate(day=TruncDate(field))
        .values_list("day")
        .annotate(count=Count("pk"))
    )
    return dict(counted)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
