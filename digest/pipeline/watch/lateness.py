"""Whether a source is late: what it was to bring by now, and did not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import OuterRef, QuerySet, Subquery

from digest.models import Batch, Source
from digest.sources.timetable import (
    DAY,
    NEW_YORK,
    announced_at,
    is_announcement_day,
)

NEVER_FETCHED = "sample"
"""The kind of the sources that nothing is expected of."""


@dataclass(frozen=True, slots=True)
class Lateness:
    """A source that is late: since when, and with which day's list, if it has one."""

    source: Source
    since: datetime
    day: date | None = None


def with_marks(sources: QuerySet[Source]) -> Iterable[Source]:
    """Sources with what `find_late` asks of their batches, in one query."""
    batches = Batch.objects.filter(source=OuterRef("pk"))
    complete = batches.filter(completed_at__isnull=False).order_by("-announced_on")
    return sources.annotate(
        complete_on=Subquery(complete.values("announced_on")[:1]),
        begun_at=Subquery(batches.order_by("announced_on").values("received_at")[:1]),
    )


def find_late(
    source: Source, holidays: frozenset[date], now: datetime
) -> Lateness | None:
    """How a source from `with_marks` is late; None if it is not.

    With a timetable: the last list that should be complete is not, and no later one
    is. Without: it has not been read for its limit and one interval more.
    """
    if source.kind == NEVER_FETCHED:
        return None
    limit = timedelta(hours=source.late_after_hours)
    found = (
        _late_list(source, holidays, limit, now)
        if source.has_timetable
        else _not_read(source, limit, now)
    )
    return None if found and _is_about_to_be_asked(source, found, now) else found


def _late_list(
    source: Source, holidays: frozenset[date], limit: timedelta, now: datetime
) -> Lateness | None:
    day = (now - limit).astimezone(NEW_YORK).date()
    while not is_announcement_day(day, holidays):
        day -= DAY
    complete_on: date | None = source.complete_on  # type: ignore[attr-defined]
    if complete_on and complete_on >= day:
        return None
    # A source that has just been added is given as long as all others.
    since = max(announced_at(day), _begun_at(source))
    return Lateness(source, since, day) if now >= since + limit else None


def _not_read(source: Source, limit: timedelta, now: datetime) -> Lateness | None:
    since = source.last_succeeded_at or _begun_at(source)
    wait = limit + timedelta(minutes=source.fetch_every_minutes)
    return Lateness(source, since) if now >= since + wait else None


def _begun_at(source: Source) -> datetime:
    """When it was first read, or is to be."""
    begun_at: datetime | None = source.begun_at  # type: ignore[attr-defined]
    return begun_at or source.next_fetch_at


def _is_about_to_be_asked(source: Source, found: Lateness, now: datetime) -> bool:
    """After a stop of the service itself: due now, and not asked since it is late."""
    tried_at = source.last_tried_at
    is_asked = tried_at is not None and tried_at > found.since
    return source.next_fetch_at <= now and not is_asked
