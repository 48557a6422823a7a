"""Stage 1: from a source to Papers and a Batch that knows whether it is whole.

The same feed twice, or feeds in any order, leave the same papers. A feed that
fails changes no paper; it is written down at its Source and its Batch.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction

from digest.models import Source
from digest.pipeline.ingest import pace
from digest.pipeline.ingest.batches import record_batch, record_failure
from digest.pipeline.ingest.papers import Upserted, upsert_papers
from digest.sources import sandbox
from digest.sources.entry import Parsed, SourceBusy, SourceError
from digest.sources.fetch import fetch
from digest.sources.kinds import KINDS

BACKFILL_DAYS = 7
"""How far the first fetch of a source that keeps its days goes back."""

NEW_YORK = ZoneInfo("America/New_York")

CLAIM_MINUTES = 15
"""How long one worker has a source to itself; longer than its longest fetch."""


@dataclass(frozen=True, slots=True)
class Ingested:
    """What one run brought: papers made or changed, and problems in words."""

    paper_ids: tuple[int, ...] = ()
    new_count: int = 0
    entry_count: int = 0
    problems: tuple[str, ...] = ()


def ingest_source(
    source_id: int, *, now: datetime, document: bytes | None = None
) -> Ingested:
    """Take in a source from the network, or one document as received.

    1. Claim the source, so that two workers never fetch it at once.
    2. Fetch and parse each of its addresses, politely.
    3. Write papers, batch and announcements in one transaction a document.

    Raises:
        SourceError: a `document` that is no feed of this source's kind. (What
            the network brings is never raised: it is recorded at the source.)
    """
    source = Source.objects.get(pk=source_id)
    if document is not None:
        parsed = KINDS[source.kind].parse(document, "", now.date())
        return _take_in(source, parsed, now)
    if not _claim(source, now):
        return Ingested()
    try:
        runs = [
            _take_in(source, _fetch(source, address, now), now)
            for address in _addresses(source, now)
        ]
    except SourceBusy as busy:
        record_failure(source, busy, now, feed_day(source, now))
        _schedule(source, now + timedelta(seconds=busy.retry_after_seconds))
        return Ingested(problems=(str(busy),))
    except SourceError as error:
        record_failure(source, error, now, feed_day(source, now))
        _schedule(source, now + _back_off(source))
        return Ingested(problems=(str(error),))
    Source.objects.filter(pk=source.pk).update(
        last_succeeded_at=now, error="", failure_count=0
    )
    _schedule(source, now + timedelta(minutes=source.fetch_every_minutes))
    return Ingested(
        tuple(paper_id for run in runs for paper_id in run.paper_ids),
        sum(run.new_count for run in runs),
        sum(run.entry_count for run in runs),
        tuple(problem for run in runs for problem in run.problems),
    )


def feed_day(source: Source, now: datetime) -> date:
    """The day a feed without a date of its own stands for, in the feed's zone."""
    zone = NEW_YORK if source.kind == "arxiv_rss" else UTC
    return now.astimezone(zone).date()


def _claim(source: Source, now: datetime) -> bool:
    """Move the next fetch on; only the one whose update hits goes ahead."""
    claimed = Source.objects.filter(
        pk=source.pk, next_fetch_at=source.next_fetch_at
    ).update(next_fetch_at=now + timedelta(minutes=CLAIM_MINUTES), last_tried_at=now)
    return bool(claimed)


def _schedule(source: Source, at: datetime) -> None:
    Source.objects.filter(pk=source.pk).update(next_fetch_at=at)


def _back_off(source: Source) -> timedelta:
    """Twice as long after each failure in a row: 5 minutes to 4 hours."""
    minutes = 5 * 2 ** min(source.failure_count, 6)
    return timedelta(minutes=min(minutes, 240))


def _addresses(source: Source, now: datetime) -> list[str]:
    """Where to fetch today; a first fetch also takes the last days, if kept."""
    span = 2 if source.last_succeeded_at else BACKFILL_DAYS
    today = feed_day(source, now)
    days = [today - timedelta(days=ago) for ago in reversed(range(span))]
    return KINDS[source.kind].urls_for_days(source.address, days)


def _fetch(source: Source, address: str, now: datetime) -> Parsed:
    pace.wait_for_turn(address)
    fetched = fetch(address, user_agent=f"Paperboy/0.1 (+{settings.SITE_URL})")
    # What the network brings is parsed in a child with limits on time and memory.
    return sandbox.parse(
        source.kind,
        fetched.body,
        content_type=fetched.content_type,
        today=now.date(),
    )


def _take_in(source: Source, parsed: Parsed, now: datetime) -> Ingested:
    """Write one parsed document; a second try settles a race with another feed."""
    day = min(parsed.announced_on or date.max, feed_day(source, now))
    try:
        upserted = _write(source, parsed, day, now)
    except IntegrityError:
        upserted = _write(source, parsed, day, now)
    return Ingested(
        tuple(upserted.changed_ids),
        upserted.new_count,
        len(parsed.entries),
        parsed.problems,
    )


def _write(source: Source, parsed: Parsed, day: date, now: datetime) -> Upserted:
    with transaction.atomic():
        upserted = upsert_papers(parsed.entries, kind=source.kind, day=day, now=now)
        record_batch(source, parsed, upserted, day, now)
    return upserted
