"""The honest line: what a digest covered, and what it could not."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import Prefetch

from digest.models import Batch, Holiday, Source
from digest.sources.timetable import NEW_YORK, is_announcement_day

FRESH_HOURS = 36
"""A source that has not been read for so long is named as not covered."""

LOOK_BACK_DAYS = 14
"""No batch older than this says anything about today."""

MISSED_DAYS = 7
"""How long a list that never became whole is named."""

MOST_NAMED = 3
"""More lists of one publisher that fared alike are counted, not named."""

Line = dict[str, object]

_UNSETTLED = {Batch.Status.FAILED, Batch.Status.REPEATED, Batch.Status.WAITING}
_OPEN = {*_UNSETTLED, Batch.Status.PARTIAL}


def describe_coverage(now: datetime) -> list[Line]:
    """One line a group of sources, to be put into words by `render`.

    Returns:
        Dictionaries with `name`, `status` (a batch's, or "silent" or "missed"),
        `papers` (int) and `announced_on` (ISO date or "").
        Lists of one publisher ("arXiv: robotics", "arXiv: optics") are put together
        as "arXiv", with `lists` counting them. Where some fared otherwise, a few keep
        their own names; many are counted `of_lists` of the publisher.
    """
    first_day = now.date() - timedelta(days=LOOK_BACK_DAYS)
    batches = Batch.objects.filter(announced_on__gte=first_day).order_by(
        "-announced_on"
    )
    sources = Source.objects.filter(is_active=True).prefetch_related(
        Prefetch("batches", batches, to_attr="latest")
    )
    holidays = Holiday.objects.days()
    by_publisher: dict[str, list[list[Line]]] = defaultdict(list)
    for source in sources:
        latest: list[Batch] = source.latest  # type: ignore[attr-defined]
        found = describe_source(source, latest, holidays, now)
        by_publisher[source.name.partition(":")[0]].append(found)
    lines = [
        line
        for publisher, of_sources in by_publisher.items()
        for line in _group(publisher, of_sources)
    ]
    return sorted(lines, key=lambda line: (str(line["name"]), *_fate(line)))


def describe_source(
    source: Source, batches: Sequence[Batch], holidays: frozenset[date], now: datetime
) -> list[Line]:
    """How one source fares, then its earlier announcements that are still missing.

    `batches` are its latest, newest first.
    """
    batch = _last_batch(source, batches)
    lines = [_line(source, batch, _status(source, batch, holidays, now))]
    if batch and source.has_timetable:
        since = now.date() - timedelta(days=MISSED_DAYS)
        lines += [
            _line(source, earlier, _status_of_earlier(earlier))
            for earlier in batches
            if since <= earlier.announced_on < batch.announced_on
            and earlier.status in _OPEN
        ]
    return lines


def _line(source: Source, batch: Batch | None, status: str) -> Line:
    return {
        "name": source.name,
        "status": status,
        "papers": batch.entry_count if batch else 0,
        "announced_on": batch.announced_on.isoformat() if batch else "",
    }


def _last_batch(source: Source, batches: Sequence[Batch]) -> Batch | None:
    """The newest batch; one that failed counts only while the failure lasts."""
    is_failing = bool(source.error)
    return next(
        (b for b in batches if is_failing or b.status != Batch.Status.FAILED), None
    )


def _status(
    source: Source, batch: Batch | None, holidays: frozenset[date], now: datetime
) -> str:
    if source.error and not _is_settled(batch):
        return "failed"
    if batch is None:
        return "silent"
    last = max(batch.received_at, source.last_succeeded_at or batch.received_at)
    if last < now - timedelta(hours=FRESH_HOURS):
        return "silent"
    if source.has_timetable and _is_outdated(batch, holidays, now):
        return "silent"
    return batch.status


def _is_settled(batch: Batch | None) -> bool:
    """Whether a later failure takes nothing from what is known of the day."""
    if batch is None or batch.status in _UNSETTLED:
        return False
    return batch.status != Batch.Status.EMPTY or batch.completed_at is not None


def _is_outdated(batch: Batch, holidays: frozenset[date], now: datetime) -> bool:
    """Whether a new list is due today, and nobody has asked for it yet."""
    today = now.astimezone(NEW_YORK).date()
    return batch.announced_on < today and is_announcement_day(today, holidays)


def _status_of_earlier(batch: Batch) -> str:
    return batch.status if batch.status == Batch.Status.PARTIAL else "missed"


def _fate(line: Line) -> tuple[str, str]:
    return str(line["status"]), str(line["announced_on"])


def _group(publisher: str, of_sources: Sequence[Sequence[Line]]) -> list[Line]:
    """One publisher's lines; those that fared alike as one, under its name."""
    by_fate: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for lines in of_sources:
        for line in lines:
            by_fate[_fate(line)].append(line)
    merged: list[Line] = []
    for alike in by_fate.values():
        is_all = len(alike) == len(of_sources)
        is_covered = alike[0]["status"] == "received"
        if not (is_all or is_covered) and len(alike) <= MOST_NAMED:
            merged += [{**line, "lists": 1} for line in alike]
            continue
        line = {
            **alike[0],
            "name": publisher,
            "papers": sum(int(str(line["papers"])) for line in alike),
            "lists": len(alike),
        }
        merged.append(line if is_all else {**line, "of_lists": len(of_sources)})
    return merged
