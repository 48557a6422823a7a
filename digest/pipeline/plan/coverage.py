"""The honest line: what a digest covered, and what it could not."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db.models import Prefetch

from digest.models import Batch, Source

FRESH_HOURS = 36
"""A source that has not been read for so long is named as not covered."""

LOOK_BACK_DAYS = 14
"""No batch older than this says anything about today."""

Line = dict[str, object]


def describe_coverage(now: datetime) -> list[Line]:
    """One line a group of sources, to be put into words by `render`.

    Returns:
        Dictionaries with `name`, `status` ("received", "empty", "repeated",
        "failed", "silent"), `papers` (int) and `announced_on` (ISO date or "").
        Lists of one publisher ("arXiv: robotics", "arXiv: optics") are put together
        as "arXiv", with `lists` counting them. Where some brought papers and some
        did not, those that did not keep their own names.
    """
    first_day = now.date() - timedelta(days=LOOK_BACK_DAYS)
    batches = Batch.objects.filter(announced_on__gte=first_day).order_by(
        "-announced_on"
    )
    sources = Source.objects.filter(is_active=True).prefetch_related(
        Prefetch("batches", batches, to_attr="latest")
    )
    by_publisher: dict[str, list[Line]] = defaultdict(list)
    for source in sources:
        by_publisher[source.name.partition(":")[0]].append(_line(source, now))
    lines = [
        line
        for publisher, its_lines in by_publisher.items()
        for line in _group(publisher, its_lines)
    ]
    return sorted(lines, key=lambda line: (str(line["name"]), *_fate(line)))


def _line(source: Source, now: datetime) -> Line:
    batch = _last_batch(source)
    return {
        "name": source.name,
        "status": _status(source, batch, now),
        "papers": batch.entry_count if batch else 0,
        "announced_on": batch.announced_on.isoformat() if batch else "",
    }


def _last_batch(source: Source) -> Batch | None:
    """The newest batch; one that failed counts only while the failure lasts."""
    batches: list[Batch] = source.latest  # type: ignore[attr-defined]
    is_failing = bool(source.error)
    return next(
        (b for b in batches if is_failing or b.status != Batch.Status.FAILED), None
    )


def _status(source: Source, batch: Batch | None, now: datetime) -> str:
    # What came before the source failed is covered all the same.
    if source.error and (batch is None or batch.status != Batch.Status.RECEIVED):
        return "failed"
    if batch is None:
        return "silent"
    last = max(batch.received_at, source.last_succeeded_at or batch.received_at)
    if last < now - timedelta(hours=FRESH_HOURS):
        return "silent"
    return batch.status


def _fate(line: Line) -> tuple[str, str]:
    return str(line["status"]), str(line["announced_on"])


def _group(publisher: str, lines: list[Line]) -> list[Line]:
    """One publisher's lines; those that fared alike as one, under its name."""
    by_fate: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines:
        by_fate[_fate(line)].append(line)
    merged = []
    for alike in by_fate.values():
        if len(by_fate) > 1 and alike[0]["status"] != "received":
            merged += [{**line, "lists": 1} for line in alike]
            continue
        papers = sum(int(str(line["papers"])) for line in alike)
        merged.append(
            {**alike[0], "name": publisher, "papers": papers, "lists": len(alike)}
        )
    return merged
