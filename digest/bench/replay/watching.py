"""What the service does, read off its tables: when it rests, and what changed."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from digest.bench.story.processes import StoryError
from digest.models import Batch, Delivery, Digest, Paper, Schedule, Source

WAIT_SECONDS = 60
MOVING = (
    Delivery.State.PLANNED,
    Delivery.State.QUEUED,
    Delivery.State.CLAIMED,
    Delivery.State.HANDOFF,
)


@dataclass(frozen=True, slots=True)
class Seen:
    """A batch as it was seen last."""

    status: str
    papers: int
    is_complete: bool
    is_refilled: bool


def wait_until_at_rest(now: datetime) -> None:
    """Return when nothing that is due at that time is left to do.

    Raises StoryError after a minute.
    """
    deadline = time.monotonic() + WAIT_SECONDS
    rested = 0
    while rested < 2:  # noqa: PLR2004  a task ends a moment after its rows
        rested = 0 if _is_busy(now) else rested + 1
        if time.monotonic() > deadline:
            raise StoryError(f"Not at rest in {WAIT_SECONDS} s at {now}.")
        time.sleep(0.25)


def _is_busy(now: datetime) -> bool:
    return (
        Source.objects.due(now).exists()
        or Source.objects.being_fetched(now).exists()
        or Paper.objects.unmatched().exists()
        or Schedule.objects.due(now).exists()
        or Delivery.objects.filter(state__in=MOVING, next_attempt_at__lte=now).exists()
    )


def next_instant(now: datetime) -> datetime:
    """The next moment at which something is due."""
    wait = timedelta(hours=settings.DIGEST_WAIT_HOURS)
    fetches = Source.objects.filter(is_active=True).values_list(
        "next_fetch_at", flat=True
    )
    schedules = Schedule.objects.filter(ended_at__isnull=True)
    due = schedules.filter(held_until__isnull=True).values_list(
        "next_due_at", flat=True
    )
    held = schedules.held().values_list("next_due_at", flat=True)
    moments = [*fetches, *due, *(moment + wait for moment in held)]
    return min(moment for moment in moments if moment > now) + timedelta(seconds=1)


def read_batches() -> dict[tuple[str, str], Seen]:
    """Every batch by source and day."""
    return {
        (batch.source.slug, batch.announced_on.isoformat()): Seen(
            batch.status,
            batch.entry_count,
            batch.completed_at is not None,
            batch.refilled_at is not None,
        )
        for batch in Batch.objects.select_related("source").order_by("announced_on")
    }


def read_digests(known: Iterable[int]) -> list[Digest]:
    """Digests that were accepted or skipped and are not among the known ones."""
    ended = Q(delivery__state=Delivery.State.ACCEPTED) | Q(status=Digest.Status.SKIPPED)
    digests = Digest.objects.filter(ended).exclude(pk__in=list(known))
    return list(digests.select_related("user").order_by("pk"))
