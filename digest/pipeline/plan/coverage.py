"""The honest line: what a digest covered, and what it could not."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby

from django.db.models import Prefetch

from digest.models import Batch, Source

FRESH_HOURS = 36
"""A source that has not been read for so long is named as not covered."""


def describe_coverage(now: datetime) -> list[dict[str, object]]:
    """One line a group of sources, to be put into words by `render`.

    Returns:
        Dictionaries with `name`, `status` ("received", "empty", "repeated",
        "failed", "silent"), `papers` (int) and `announced_on` (ISO date or "").
        Lists of one publisher ("arXiv: robotics", "arXiv: optics") that fare
        alike are put together as "arXiv", with `lists` counting them.
    """
    sources = Source.objects.filter(is_active=True).prefetch_related(
        Prefetch("batches", Batch.objects.order_by("-announced_on"), to_attr="latest")
    )
    lines = sorted(
        (_line(source, now) for source in sources),
        key=lambda line: (line["name"], line["status"], line["announced_on"]),
    )
    return [
        _merge(list(group))
        for _, group in groupby(
            lines, key=lambda line: (line["name"], line["status"], line["announced_on"])
        )
    ]


def _line(source: Source, now: datetime) -> dict[str, object]:
    batch: Batch | None = next(iter(source.latest), None)  # type: ignore[attr-defined]
    publisher = source.name.partition(":")[0]
    status = _status(source, batch, now)
    return {
        "name": publisher,
        "status": status,
        "papers": batch.entry_count if batch else 0,
        "announced_on": batch.announced_on.isoformat() if batch else "",
    }


def _status(source: Source, batch: Batch | None, now: datetime) -> str:
    if source.error:
        return "failed"
    last = max(
        filter(None, (source.last_succeeded_at, batch and batch.received_at)),
        default=None,
    )
    if not batch or not last or last < now - timedelta(hours=FRESH_HOURS):
        return "silent"
    return batch.status


def _merge(lines: Iterable[dict[str, object]]) -> dict[str, object]:
    lines = list(lines)
    return {
        **lines[0],
        "papers": sum(int(str(line["papers"])) for line in lines),
        "lists": len(lines),
    }
