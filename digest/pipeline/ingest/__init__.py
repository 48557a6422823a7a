"""Stage 1: from a source to Papers and a Batch that knows whether it is whole.

The same feed twice, or feeds in any order, leave the same papers. A feed that
fails changes no paper; it is written down at its Source and its Batch.
"""

from datetime import date, datetime, timedelta

from digest.models import Source
from digest.models.source import CLAIM
from digest.pipeline.ingest.asking import (
    days_to_ask,
    feed_day,
    kind_at,
    list_addresses,
)
from digest.pipeline.ingest.batches import record_failure
from digest.pipeline.ingest.intake import take_in, take_in_address
from digest.pipeline.ingest.polling import is_awaited, next_poll
from digest.pipeline.ingest.reading import Ingested, Reading, sum_up
from digest.pipeline.ingest.refill import close_days, refill
from digest.sources.entry import SourceBusy, SourceError
from digest.sources.kinds import KINDS

__all__ = ["Ingested", "ingest_source"]

LONGEST_WAIT_MINUTES = 240
LONGEST_WAIT_FOR_NEWS_MINUTES = 40
"""How far failures push the next try; less far while the day's list is awaited."""


def ingest_source(
    source_id: int,
    *,
    now: datetime,
    document: bytes | None = None,
    since: date | None = None,
) -> Ingested:
    """Take in a source from the network, or one document as received.

    From the network comes what is new; with `since`, all from that day on, as far as
    the source, or arXiv's search for it, still knows.

    1. Claim the source, so that two workers never fetch it at once.
    2. Fetch and parse each of its addresses, politely.
    3. Write papers, batch and announcements in one transaction a document.
    4. Ask arXiv's search for announcements that were missed.

    Raises:
        SourceError: a `document` that is no feed of this source's kind. (What
            the network brings is never raised: it is recorded at the source.)
    """
    source = Source.objects.get(pk=source_id)
    if document is not None:
        parsed = KINDS[source.kind].parse(document, "", now.date())
        return take_in(Reading(source, source.kind, now, is_live=False), parsed)
    if not _claim(source, now):
        return Ingested()
    runs: list[Ingested] = []
    try:
        days = days_to_ask(source, now, since)
        addresses = list_addresses(source, now, since)
        for address in addresses:
            # A search also finds a part of the announcements before these days.
            is_search = kind_at(source, address) != source.kind
            only = frozenset(days) if is_search else None
            runs.append(take_in_address(source, address, now, only=only))
    except SourceError as error:
        record_failure(source, error, now, feed_day(source, now))
        wait = _wait_after(error, source, now)
        runs.append(Ingested(problems=(str(error),)))
    else:
        close_days(source, addresses, days, now)
        Source.objects.filter(pk=source.pk).update(
            last_succeeded_at=now, error="", failure_count=0
        )
        wait = next_poll(source, now) - now
    refilled, least_wait = refill(source, now)
    runs.append(refilled)
    _schedule(source, now + max(wait, least_wait))
    return sum_up(runs)


def _claim(source: Source, now: datetime) -> bool:
    """Move the next fetch on; only the one whose update hits goes ahead."""
    claimed = Source.objects.filter(
        pk=source.pk, next_fetch_at=source.next_fetch_at, next_fetch_at__lte=now
    ).update(next_fetch_at=now + CLAIM, last_tried_at=now)
    return bool(claimed)


def _schedule(source: Source, at: datetime) -> None:
    Source.objects.filter(pk=source.pk).update(next_fetch_at=at)


def _wait_after(error: SourceError, source: Source, now: datetime) -> timedelta:
    """As long as the server asks; else 5 minutes, twice that after each failure."""
    if isinstance(error, SourceBusy):
        return timedelta(seconds=error.retry_after_seconds)
    minutes = 5 * 2 ** min(source.failure_count - 1, 6)
    is_urgent = source.has_timetable and is_awaited(source, now)
    most = LONGEST_WAIT_FOR_NEWS_MINUTES if is_urgent else LONGEST_WAIT_MINUTES
    return timedelta(minutes=min(minutes, most))
