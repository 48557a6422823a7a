"""How each source is, for the status page and the admin: in values and sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Prefetch, QuerySet

from digest.models import Batch, Holiday, Source
from digest.pipeline.ingest.asking import feed_day
from digest.pipeline.plan.coverage import LOOK_BACK_DAYS, describe_source
from digest.pipeline.render import fates
from digest.pipeline.watch import sizes
from digest.pipeline.watch.lateness import (
    NEVER_FETCHED,
    Lateness,
    find_late,
    with_marks,
)
from digest.sources.timetable import next_announcement

BAD = {"failed", "silent"}
AWAITED = {"partial", "repeated", "waiting"}


@dataclass(frozen=True, slots=True)
class LastList:
    """The last list with papers: of which day, when it came, and what is usual."""

    day: date
    papers: int
    came_at: datetime
    usual: int | None


@dataclass(frozen=True, slots=True)
class SourceState:
    """One source as the status page shows it.

    `sentences` are those that digests bring; the first one is about `state`.
    """

    source: Source
    state: str
    sentences: tuple[str, ...]
    late: Lateness | None
    last_list: LastList | None
    last_read_at: datetime | None
    announcement_at: datetime | None
    refilled: tuple[date, ...]
    problems: tuple[str, ...]
    chart: sizes.Chart

    @property
    def mood(self) -> str:
        """ "bad" if it needs looking at, "awaited" if more is to come, else "well"."""
        if self.late or self.source.error:
            return "bad"
        if self.last_read_at is None:
            return "awaited"
        if self.state in BAD:
            return "bad"
        return "awaited" if self.state in AWAITED else "well"

    @property
    def next_fetch_at(self) -> datetime | None:
        """When it is asked next, if ever."""
        is_asked = self.source.is_active and self.source.kind != NEVER_FETCHED
        return self.source.next_fetch_at if is_asked else None


def describe_sources(sources: QuerySet[Source], now: datetime) -> list[SourceState]:
    """These sources in their order, with four queries however many there are."""
    since = now.date() - timedelta(days=LOOK_BACK_DAYS)
    batches = Batch.objects.filter(announced_on__gte=since).order_by("-announced_on")
    found = list(
        with_marks(sources.prefetch_related(Prefetch("batches", batches, "latest")))
    )
    received = sizes.received_sizes([source.pk for source in found], now.date())
    holidays = Holiday.objects.days()
    return [
        _describe(source, received.get(source.pk, {}), holidays, now)
        for source in found
    ]


def _describe(
    source: Source, received: sizes.Sizes, holidays: frozenset[date], now: datetime
) -> SourceState:
    batches: list[Batch] = source.latest  # type: ignore[attr-defined]
    lines = describe_source(source, batches, holidays, now)
    return SourceState(
        source=source,
        state=str(lines[0]["status"]),
        sentences=tuple(fates.sentence(line) for line in lines),
        late=find_late(source, holidays, now) if source.is_active else None,
        last_list=_last_list(batches, received),
        last_read_at=_last_read_at(source, batches),
        announcement_at=next_announcement(now, holidays)
        if source.has_timetable
        else None,
        refilled=tuple(b.announced_on for b in reversed(batches) if b.refilled_at),
        problems=_problems(batches),
        chart=sizes.draw(batches, feed_day(source, now)),
    )


def _last_list(batches: Sequence[Batch], received: sizes.Sizes) -> LastList | None:
    batch = next((b for b in batches if b.entry_count), None)
    if batch is None:
        return None
    return LastList(
        batch.announced_on,
        batch.entry_count,
        batch.grown_at or batch.received_at,
        sizes.usual_for(batch.announced_on, received),
    )


def _last_read_at(source: Source, batches: Sequence[Batch]) -> datetime | None:
    """A batch that failed says when the source was tried, not when it was read."""
    read = [b.received_at for b in batches if b.status != Batch.Status.FAILED]
    if source.last_succeeded_at:
        read.append(source.last_succeeded_at)
    return max(read, default=None)


def _problems(batches: Sequence[Batch]) -> tuple[str, ...]:
    """What was left out of the last list; a failure is told as the source's error."""
    last = next((b for b in batches if b.entry_count and not b.refilled_at), None)
    return tuple(str(problem) for problem in last.problems) if last else ()
