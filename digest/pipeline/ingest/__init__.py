"""Stage 1: from a source to Papers and a Batch that knows whether it is whole.

The same feed twice, or feeds in any order, leave the same papers. A feed that
fails changes no paper; it is written down at its Source and its Batch.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from digest.models import Source
from digest.models.source import CLAIM
from digest.pipeline.ingest.asking import (
    ask,
    feed_day,
    kind_at,
    list_addresses,
    remember,
)
from digest.pipeline.ingest.batches import record_batch, record_failure
from digest.pipeline.ingest.papers import Upserted, upsert_papers
from digest.sources.entry import Entry, Parsed, SourceBusy, SourceError
from digest.sources.kinds import KINDS

MOST_PAGES = 100
"""How many pages of one answer are followed; the next run goes on from there."""


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
        return ingest_parsed(source, parsed, now=now)
    if not _claim(source, now):
        return Ingested()
    runs: list[Ingested] = []
    try:
        for address in list_addresses(source, now):
            runs.append(_take_in_address(source, address, now))  # noqa: PERF401  what came before a failure counts
    except SourceError as error:
        record_failure(source, error, now, feed_day(source, now))
        _schedule(source, now + _wait_after(error, source.failure_count))
        runs.append(Ingested(problems=(str(error),)))
    else:
        Source.objects.filter(pk=source.pk).update(
            last_succeeded_at=now, error="", failure_count=0
        )
        _schedule(source, now + timedelta(minutes=source.fetch_every_minutes))
    return _sum_up(runs)


def ingest_parsed(source: Source, parsed: Parsed, *, now: datetime) -> Ingested:
    """Take in one document of the source that has been read already."""
    parts = _by_batch(parsed, source.kind)
    return _sum_up([_take_in(source, part, now, source.kind) for part in parts])


def _claim(source: Source, now: datetime) -> bool:
    """Move the next fetch on; only the one whose update hits goes ahead."""
    claimed = Source.objects.filter(
        pk=source.pk, next_fetch_at=source.next_fetch_at, next_fetch_at__lte=now
    ).update(next_fetch_at=now + CLAIM, last_tried_at=now)
    return bool(claimed)


def _schedule(source: Source, at: datetime) -> None:
    Source.objects.filter(pk=source.pk).update(next_fetch_at=at)


def _wait_after(error: SourceError, failure_count: int) -> timedelta:
    """As long as the server asks; else 5 minutes, twice that each time, to 4 hours."""
    if isinstance(error, SourceBusy):
        return timedelta(seconds=error.retry_after_seconds)
    minutes = 5 * 2 ** min(failure_count - 1, 6)
    return timedelta(minutes=min(minutes, 240))


def _sum_up(runs: list[Ingested]) -> Ingested:
    return Ingested(
        tuple(dict.fromkeys(paper_id for run in runs for paper_id in run.paper_ids)),
        sum(run.new_count for run in runs),
        sum(run.entry_count for run in runs),
        tuple(problem for run in runs for problem in run.problems),
    )


def _take_in_address(source: Source, address: str, now: datetime) -> Ingested:
    """Take in what an address answers, page after page where it has pages."""
    runs: list[Ingested] = []
    page = address
    for _page in range(MOST_PAGES):
        answer = ask(source, page, now)
        if answer.parsed is None:
            break
        kind = kind_at(source, page)
        runs += [
            _take_in(source, part, now, kind) for part in _by_batch(answer.parsed, kind)
        ]
        remember(source, page, answer)
        page = answer.parsed.next_url
        if not page:
            break
    return _sum_up(runs)


def _by_batch(parsed: Parsed, kind: str) -> list[Parsed]:
    """A document is one batch; a search of arXiv spans several announcements."""
    if kind != "arxiv_api" or not parsed.entries:
        return [parsed]
    by_day: dict[date | None, list[Entry]] = defaultdict(list)
    for entry in parsed.entries:
        by_day[entry.announced_on].append(entry)
    return [
        replace(parsed, entries=tuple(entries), announced_on=day)
        for day, entries in by_day.items()
    ]


def _take_in(source: Source, parsed: Parsed, now: datetime, kind: str) -> Ingested:
    """Write one parsed document; a second try settles a race with another feed."""
    day = min(parsed.announced_on or date.max, feed_day(source, now))
    try:
        upserted = _write(source, parsed, day, now, kind)
    except IntegrityError:
        upserted = _write(source, parsed, day, now, kind)
    return Ingested(
        tuple(upserted.changed_ids),
        upserted.new_count,
        len(parsed.entries),
        parsed.problems,
    )


def _write(
    source: Source, parsed: Parsed, day: date, now: datetime, kind: str
) -> Upserted:
    with transaction.atomic():
        upserted = upsert_papers(parsed.entries, kind=kind, day=day, now=now)
        record_batch(source, parsed, upserted, day, now)
    return upserted
