"""How each source is: an empty day, a repeated list and a failure told apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import OuterRef, Subquery

from digest.models import Batch, Source
from digest.pipeline.plan.coverage import FRESH_HOURS


@dataclass(frozen=True, slots=True)
class SourceState:
    """One source as the status page shows it.

    `state` is a batch's status, or "failed", "silent" (not read for long) or
    "waiting" (never read). `papers` were listed on `papers_on`.
    """

    name: str
    state: str
    error: str
    failure_count: int
    last_read_at: datetime | None
    batch_on: date | None
    papers: int
    papers_on: date | None
    left_out: int

    @property
    def is_well(self) -> bool:
        """Whether nothing needs looking at."""
        return self.state not in {"failed", "silent"}


def describe_sources(now: datetime) -> list[SourceState]:
    """The active sources by name, with three queries."""
    sources = Source.objects.filter(is_active=True)
    newest = Batch.objects.filter(source=OuterRef("pk")).order_by("-announced_on")
    ids = {
        pk: (last_id, full_id)
        for pk, last_id, full_id in sources.values_list(
            "pk",
            Subquery(newest.values("pk")[:1]),
            Subquery(newest.filter(entry_count__gt=0).values("pk")[:1]),
        )
    }
    batches = Batch.objects.in_bulk({pk for pair in ids.values() for pk in pair if pk})
    return [
        _describe(source, *(batches.get(pk) for pk in ids[source.pk]), now=now)
        for source in sources
        if source.pk in ids
    ]


def _describe(
    source: Source, batch: Batch | None, full: Batch | None, *, now: datetime
) -> SourceState:
    # A batch that failed says when the source was tried, not when it was read.
    is_read = batch is not None and batch.status != Batch.Status.FAILED
    received_at = batch.received_at if batch and is_read else None
    read = [at for at in (source.last_succeeded_at, received_at) if at]
    last_read_at = max(read, default=None)
    return SourceState(
        name=source.name,
        state=_state(source, batch, last_read_at, now),
        error=source.error,
        failure_count=source.failure_count,
        last_read_at=last_read_at,
        batch_on=batch.announced_on if batch else None,
        papers=full.entry_count if full else 0,
        papers_on=full.announced_on if full else None,
        left_out=len(batch.problems) if batch and not source.error else 0,
    )


def _state(
    source: Source, batch: Batch | None, last_read_at: datetime | None, now: datetime
) -> str:
    if source.error:
        return "failed"
    if batch is None or last_read_at is None:
        return "waiting"
    if last_read_at < now - timedelta(hours=FRESH_HOURS):
        return "silent"
    return batch.status
