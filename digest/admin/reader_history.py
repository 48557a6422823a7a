"""What staff may know of a reader: orders, consents, and what became of each mail.

A dozen queries, however long the history is. A topic of the reader's own is counted and
not named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet

from accounts.models import Consent, Signup, Suppression, User, email_hmacs
from digest.admin.summary import gravest
from digest.models import (
    Delivery,
    DeliveryEvent,
    Digest,
    DigestItem,
    Schedule,
    Subscription,
)

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One digest: how many papers went and were held back, and what was reported."""

    digest: Digest
    delivery: Delivery | None
    mailed: int
    held: int
    reported: str


@dataclass(frozen=True, slots=True)
class History:
    """What the page shows."""

    schedule: Schedule
    topics: Sequence[Subscription]
    personal_count: int
    consents: QuerySet[Consent]
    suppressions: QuerySet[Suppression]
    signups: QuerySet[Signup]
    came_back: Sequence[DeliveryEvent]
    page: Page[Digest]
    lines: Sequence[Line]


def read_history(user: User, page_number: Any) -> History:
    """Read it; digests newest first, `PAGE_SIZE` on a page."""
    hashes = email_hmacs(user.email_key)
    subscriptions = Subscription.objects.filter(user=user).select_related("topic")
    digests = (
        Digest.objects.filter(user=user)
        .select_related("delivery", "again_of")
        .prefetch_related("delivery__events")
        .order_by("-due_at", "-pk")
    )
    page = Paginator(digests, PAGE_SIZE).get_page(page_number)
    counts = _count_papers(page)
    return History(
        schedule=Schedule.objects.get(user=user),
        topics=[s for s in subscriptions if s.topic.owner_id is None],
        personal_count=sum(s.topic.owner_id is not None for s in subscriptions),
        consents=Consent.objects.filter(user=user).order_by("-confirmed_at"),
        suppressions=Suppression.objects.filter(email_hmac__in=hashes).order_by("-at"),
        signups=Signup.objects.filter(email_key=user.email_key),
        came_back=list(
            DeliveryEvent.objects.filter(address_hmac__in=hashes)
            .filter(event_type__in=["bounced", "complained", "rejected", "failed"])
            .order_by("-received_at")[:PAGE_SIZE]
        ),
        page=page,
        lines=[_line(digest, counts) for digest in page],
    )


def _count_papers(page: Page[Digest]) -> Mapping[int, tuple[int, int]]:
    counted = (
        DigestItem.objects.filter(digest__in=[digest.pk for digest in page])
        .order_by()
        .values("digest")
        .annotate(
            mailed=Count("pk", filter=Q(is_in_mail=True)),
            held=Count("pk", filter=Q(is_in_mail=False)),
        )
    )
    return {row["digest"]: (row["mailed"], row["held"]) for row in counted}


def _line(digest: Digest, counts: Mapping[int, tuple[int, int]]) -> Line:
    delivery: Delivery | None = getattr(digest, "delivery", None)
    events = delivery.events.all() if delivery else ()
    mailed, held = counts.get(digest.pk, (0, 0))
    reported = gravest({event.event_type for event in events})
    return Line(digest, delivery, mailed, held, reported)
