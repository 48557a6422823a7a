"""Where the digests of the last days are: planned = the sum of the places."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from digest.models import Delivery, DeliveryEvent, Digest

SUMMARY_DAYS = 7

BY_GRAVITY = (
    "complained",
    "bounced",
    "rejected",
    "failed",
    "unsubscribed",
    "clicked",
    "opened",
    "delivered",
    "autoresponded",
    "deferred",
    "sent",
    "queued",
)
"""Anymail's event types; of all that is told of a mail, the first one here stands."""

GRAVE = BY_GRAVITY[:4]


@dataclass(frozen=True, slots=True)
class Place:
    """One place where digests are; `state` is empty where there is no delivery."""

    label: str | Promise
    count: int
    state: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """Digests due since a day: those planned and their places, and those skipped."""

    planned: int
    places: tuple[Place, ...]
    skipped: tuple[Place, ...]


def count_places(since: datetime, until: datetime | None = None) -> Summary:
    """Count digests due since then, and before `until`, in one query.

    The planned are counted as digests, their places as deliveries: a digest whose
    delivery is missing shows as a place of its own and cannot hide.
    """
    due = Digest.objects.filter(due_at__gte=since)
    if until:
        due = due.filter(due_at__lt=until)
    rows = list(
        due.order_by()
        .values("status", "reason", "delivery__state")
        .annotate(count=Count("pk"))
    )
    planned = [row for row in rows if row["status"] == Digest.Status.PLANNED]
    skipped = [row for row in rows if row["status"] == Digest.Status.SKIPPED]
    return Summary(
        planned=sum(row["count"] for row in planned),
        places=_in_order(planned),
        skipped=tuple(
            Place(Digest.Reason(row["reason"]).label, row["count"])
            for row in sorted(skipped, key=lambda row: -row["count"])
        ),
    )


@dataclass(frozen=True, slots=True)
class Reports:
    """What providers said: of accepted mails that did not arrive well, and of none."""

    grave: tuple[Place, ...]
    unknown: int


def count_reports(since: datetime) -> Reports:
    """Count accepted mails by the gravest report on them, and reports on no mail."""
    events = DeliveryEvent.objects.filter(event_type__in=GRAVE)
    told: dict[int, set[str]] = defaultdict(set)
    for delivery_id, event_type in events.filter(
        delivery__state=Delivery.State.ACCEPTED, delivery__digest__due_at__gte=since
    ).values_list("delivery", "event_type"):
        told[delivery_id].add(event_type)
    counts = Counter(gravest(types) for types in told.values())
    return Reports(
        grave=tuple(
            Place(event_type, counts[event_type])
            for event_type in GRAVE
            if counts[event_type]
        ),
        unknown=DeliveryEvent.objects.filter(
            delivery=None, received_at__gte=since
        ).count(),
    )


def gravest(event_types: Collection[str]) -> str:
    """Name the one report that stands: a late "bounced" beats "delivered"."""
    return next((name for name in BY_GRAVITY if name in event_types), "")


def _in_order(planned: Iterable[Mapping[str, Any]]) -> tuple[Place, ...]:
    counts = {row["delivery__state"]: row["count"] for row in planned}
    places = [
        Place(state.label, counts[state], state)
        for state in Delivery.State
        if state in counts
    ]
    if None in counts:
        places.append(Place(_("without a delivery"), counts[None]))
    return tuple(places)
