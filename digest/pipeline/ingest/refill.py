"""Announcements that were missed: found by the timetable, filled by arXiv's search.

arXiv's feed shows one announcement. Whoever was down, or found arXiv down, on that
day asks the search for what was submitted for it. The search knows first versions
alone, so cross-lists and replacements of that day stay unknown; the batch says so.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext_noop

from digest.models import Batch, Holiday, Source
from digest.pipeline.ingest.asking import feed_day, kind_at
from digest.pipeline.ingest.intake import take_in_address
from digest.pipeline.ingest.reading import Ingested
from digest.sources import arxiv_api
from digest.sources.entry import AnnounceType, SourceBusy, SourceError
from digest.sources.timetable import is_announcement_day

LOOK_BACK_DAYS = 14
LAG_DAYS = 2
"""The search may lag behind: a day is believed to be empty only when it is as old."""

ONLY_FIRST_VERSIONS = gettext_noop(
    "Filled in from arXiv's search, which knows no cross-lists and replacements."
)


def missing_days(source: Source, now: datetime) -> list[date]:
    """Days before today whose announcement is not here, or not all of it.

    Looked for from the source's first batch on, at most two weeks back.
    """
    today = feed_day(source, now)
    first = source.batches.order_by("announced_on").values_list(
        "announced_on", flat=True
    )
    start = max(first.first() or today, today - timedelta(days=LOOK_BACK_DAYS))
    complete = set(
        source.batches.filter(
            announced_on__gte=start, completed_at__isnull=False
        ).values_list("announced_on", flat=True)
    )
    holidays = Holiday.objects.days()
    days = (start + timedelta(days=step) for step in range((today - start).days))
    return [
        day
        for day in days
        if day not in complete and is_announcement_day(day, holidays)
    ]


def refill(source: Source, now: datetime) -> tuple[Ingested, timedelta]:
    """Fill missed announcements in; return also how long arXiv asks to stay away.

    A search that fails is noted at the batches that stay missing, and tried again
    with the next fetch.
    """
    nothing = Ingested(), timedelta()
    if not source.has_timetable or not arxiv_api.is_feed(source.address):
        return nothing
    days = missing_days(source, now)
    if not days:
        return nothing
    search = arxiv_api.search_of_feed(
        source.address, base_url=settings.DIGEST_ARXIV_API_URL
    )
    runs = []
    try:
        for address in arxiv_api.urls_for_days(search, days):
            runs.append(  # noqa: PERF401  what came before a failure counts
                take_in_address(source, address, now, only=frozenset(days))
            )
    except SourceError as error:
        _note_failure(source, days, error, now)
        wait = error.retry_after_seconds if isinstance(error, SourceBusy) else 0
        return Ingested(problems=(str(error),)), timedelta(seconds=wait)
    _close(source, days, now)
    return runs[0] if runs else Ingested(), timedelta()


def close_days(
    source: Source, addresses: Sequence[str], days: Sequence[date], now: datetime
) -> None:
    """After a fetch that asked the search for these days: those before are complete.

    One with cross-lists or replacements was seen itself, not only searched for.
    """
    if not any(kind_at(source, address) != source.kind for address in addresses):
        return
    today = feed_day(source, now)
    holidays = Holiday.objects.days()
    complete = source.batches.filter(completed_at__isnull=False)
    seen = {b.announced_on for b in complete if set(b.counts) - {AnnounceType.NEW}}
    past = [day for day in days if day < today and day not in seen]
    _close(source, [d for d in past if is_announcement_day(d, holidays)], now)


def _close(source: Source, days: Sequence[date], now: datetime) -> None:
    believed_empty = feed_day(source, now) - timedelta(days=LAG_DAYS)
    for day in days:
        batch, _is_new = Batch.objects.get_or_create(
            source=source,
            announced_on=day,
            defaults={"status": Batch.Status.WAITING, "received_at": now},
        )
        if not batch.entry_count and day > believed_empty:
            continue
        has_papers = batch.entry_count > 0
        batch.status = Batch.Status.RECEIVED if has_papers else Batch.Status.EMPTY
        batch.completed_at = batch.completed_at or now
        batch.refilled_at = now
        batch.problems = [ONLY_FIRST_VERSIONS]
        batch.save(update_fields=["status", "completed_at", "refilled_at", "problems"])


def _note_failure(
    source: Source, days: Sequence[date], error: SourceError, now: datetime
) -> None:
    for day in days:
        batch, _is_new = Batch.objects.get_or_create(
            source=source,
            announced_on=day,
            defaults={"status": Batch.Status.FAILED, "received_at": now},
        )
        batch.problems = [str(error)]
        batch.save(update_fields=["problems"])
