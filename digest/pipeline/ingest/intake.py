"""From what an address answers to papers and batches, a transaction a batch."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime

from django.db import IntegrityError, transaction

from digest.garbage import put_off_collection
from digest.models import Holiday, Source
from digest.pipeline.ingest.asking import ask, feed_day, kind_at, remember
from digest.pipeline.ingest.batches import record_batch, record_unchanged
from digest.pipeline.ingest.events import find_events, record_events
from digest.pipeline.ingest.keys import write_keys
from digest.pipeline.ingest.moving import follow_move
from digest.pipeline.ingest.papers import Upserted, upsert_papers
from digest.pipeline.ingest.reading import Ingested, Reading, sum_up
from digest.pipeline.ingest.works import link_works
from digest.sources.entry import Entry, Parsed, SourceError
from digest.sources.timetable import announcement_day_from

MOST_PAGES = 100
"""How many pages of one answer are followed; more is an error that is told."""

SPANNING_KINDS = {"arxiv_api", "hf_daily"}
"""Whose answers span days: a search, and the list of a week, or of what trends."""


def take_in_address(
    source: Source,
    address: str,
    now: datetime,
    *,
    only: frozenset[date] | None = None,
    most_pages: int = MOST_PAGES,
) -> Ingested:
    """Take in what an address answers, page after page where it has pages.

    With `only`, announcements of other days are left where they are.

    Raises:
        SourceError: it does not answer, or not with a feed of the source's kind, or
            with more pages than are followed. What came before is taken in.
    """
    kind = kind_at(source, address)
    reading = Reading(source, kind, now, is_live=kind == source.kind)
    runs: list[Ingested] = []
    page = address
    for _page in range(most_pages):
        answer = ask(source, page, now)
        problem = follow_move(source, page, answer.url)
        if answer.parsed is None:
            record_unchanged(reading, feed_day(source, now))
            break
        parsed = answer.parsed
        if problem:
            parsed = replace(parsed, problems=(*parsed.problems, problem))
        runs.append(take_in(reading, parsed, only=only))
        remember(source, page, answer)
        page = _next_page(page, parsed, kind)
        if not page:
            break
    else:
        raise SourceError(
            f"The answer has more than {most_pages} pages; the others were not read."
        )
    return sum_up(runs)


def _next_page(page: str, parsed: Parsed, kind: str) -> str:
    """The address of the next page; "" after the last."""
    if kind != "arxiv_api" or not parsed.next_url:
        return parsed.next_url
    # A mirror's answers name arXiv itself; it is asked where the first page was.
    return f"{page.partition('?')[0]}?{parsed.next_url.partition('?')[2]}"


def take_in(
    reading: Reading, parsed: Parsed, *, only: frozenset[date] | None = None
) -> Ingested:
    """Take in one document that has been read and parsed."""
    return sum_up(
        _take_in_batch(reading, part)
        for part in _by_batch(parsed, reading.kind)
        if only is None or part.announced_on in only
    )


def _by_batch(parsed: Parsed, kind: str) -> list[Parsed]:
    """A document is one batch, unless it spans the lists of several days."""
    if kind not in SPANNING_KINDS or not parsed.entries:
        return [parsed]
    holidays = Holiday.objects.days() if kind == "arxiv_api" else None
    by_day: dict[date | None, list[Entry]] = defaultdict(list)
    for entry in parsed.entries:
        day = entry.announced_on
        if day and holidays is not None:
            # arXiv's timetable alone knows no holidays.
            day = announcement_day_from(day, holidays)
        by_day[day].append(replace(entry, announced_on=day))
    return [
        replace(parsed, entries=tuple(entries), announced_on=day)
        for day, entries in by_day.items()
    ]


def _take_in_batch(reading: Reading, parsed: Parsed) -> Ingested:
    """Write one batch; a second try settles a race with another feed."""
    day = min(parsed.announced_on or date.max, feed_day(reading.source, reading.now))
    try:
        upserted = _write(reading, parsed, day)
    except IntegrityError:
        upserted = _write(reading, parsed, day)
    return Ingested(
        tuple(upserted.changed_ids),
        upserted.new_count,
        len(parsed.entries),
        parsed.problems,
    )


def _write(reading: Reading, parsed: Parsed, day: date) -> Upserted:
    with put_off_collection(), transaction.atomic():
        upserted = upsert_papers(
            parsed.entries, kind=reading.kind, day=day, now=reading.now
        )
        keys = write_keys(parsed.entries, upserted)
        linked = link_works(upserted, keys, now=reading.now)
        upserted.changed_ids.extend(linked.changed_ids)
        record_batch(reading, parsed, upserted, day)
        events = find_events(parsed.entries, upserted, keys, linked)
        record_events(events, reading, day)
    return upserted
