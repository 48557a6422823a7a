"""Where the digests of the last days are: planned = the sum of the places."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from digest.models import Delivery, Digest

SUMMARY_DAYS = 7


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


def count_places(since: datetime) -> Summary:
    """Count digests due since then, in one query.

    The planned are counted as digests, their places as deliveries: a digest whose
    delivery is missing shows as a place of its own and cannot hide.
    """
    rows = list(
        Digest.objects.filter(due_at__gte=since)
        .order_by()
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
