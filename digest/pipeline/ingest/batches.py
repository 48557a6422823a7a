"""What a source sent on a day: kept as a Batch, with a line for each paper listed.

A fuller batch is never replaced by a shorter one: rows are only added. A feed that
repeats the day before under a new date is told apart from a new announcement.
"""

import hashlib
from collections import Counter
from datetime import date, datetime

from digest.models import Announcement, Batch, Source
from digest.pipeline.ingest.papers import Upserted
from digest.pipeline.ingest.reading import Reading
from digest.pipeline.ingest.wholeness import judge
from digest.sources.entry import AnnounceType, Entry, Parsed, SourceError
from digest.sources.identity import canonical_id

REPEATED_SHARE = 0.5
"""A list is the last one again if this share of its new papers stood in it."""

TYPE_RANK = [
    AnnounceType.REPLACE_CROSS,
    AnnounceType.REPLACE,
    AnnounceType.CROSS,
    AnnounceType.NEW,
]


def record_batch(
    reading: Reading, parsed: Parsed, upserted: Upserted, day: date
) -> Batch:
    """Write or complete the batch of this day from one parsed document."""
    content_hash = _hash_ids(parsed)
    batch = _find_or_make(reading, day)
    size = batch.entry_count
    is_repeated = _repeats_another_day(batch, content_hash) or (
        reading.source.has_timetable and _announces_again(batch, parsed, upserted)
    )
    if not is_repeated:
        _record_announcements(batch, parsed, upserted, day)
    counts = Counter(batch.announcements.values_list("announce_type", flat=True))
    batch.counts = dict(sorted(counts.items()))
    batch.entry_count = sum(counts.values())
    if batch.entry_count > size:
        batch.grown_at, batch.completed_at = reading.now, None
    judge(batch, reading, is_whole=parsed.is_whole, is_repeated=is_repeated)
    batch.problems = list(parsed.problems)
    if len(upserted.papers) >= batch.entry_count:  # a shorter list is not the day's
        batch.content_hash = content_hash
    batch.received_at = reading.now
    batch.save()
    return batch


def record_unchanged(reading: Reading, day: date) -> None:
    """Note that a feed with a timetable is as it was when it was last read.

    On the day of that reading this confirms its list; on the next it means that
    nothing has been announced yet.
    """
    if not reading.source.has_timetable:
        return
    batch = _find_or_make(reading, day)
    last = (
        reading.source.batches.filter(announced_on__lt=day)
        .exclude(status=Batch.Status.FAILED)
        .order_by("-announced_on")
        .first()
    )
    is_repeated = not batch.entry_count and last is not None and last.entry_count > 0
    judge(batch, reading, is_whole=True, is_repeated=is_repeated)
    batch.save()


def _find_or_make(reading: Reading, day: date) -> Batch:
    batch, _is_new = Batch.objects.get_or_create(
        source=reading.source,
        announced_on=day,
        defaults={"status": Batch.Status.EMPTY, "received_at": reading.now},
    )
    return batch


def record_failure(
    source: Source, error: SourceError, now: datetime, day: date
) -> None:
    """Note that a fetch failed, at the source and as the day's batch if it has none."""
    source.error = str(error)
    source.failure_count += 1
    source.save(update_fields=["error", "failure_count"])
    Batch.objects.get_or_create(
        source=source,
        announced_on=day,
        defaults={
            "status": Batch.Status.FAILED,
            "received_at": now,
            "problems": [str(error)],
        },
    )


def _hash_ids(parsed: Parsed) -> str:
    """Hash of the set of listed papers and versions; empty for an empty feed."""
    if not parsed.entries:
        return ""
    ids = sorted(f"{canonical_id(e)} {e.version}" for e in parsed.entries)
    return hashlib.sha256("\n".join(ids).encode()).hexdigest()


def _repeats_another_day(batch: Batch, content_hash: str) -> bool:
    if not content_hash:
        return False
    others = Batch.objects.filter(source=batch.source, content_hash=content_hash)
    return others.exclude(pk=batch.pk).exists()


def _announces_again(batch: Batch, parsed: Parsed, upserted: Upserted) -> bool:
    """Whether the list is mostly that of the last announcement.

    Its dates say nothing (arXiv makes them when it is asked), but no paper is
    announced as new twice.
    """
    last = (
        batch.source.batches.filter(
            announced_on__lt=batch.announced_on, entry_count__gt=0
        )
        .order_by("-announced_on")
        .first()
    )
    if last is None or not parsed.entries:
        return False
    known = set(last.announcements.values_list("paper_id", "version"))
    listed = {
        (
            upserted.papers[canonical_id(entry)].work_id,
            entry.version,
            entry.announce_type,
        )
        for entry in parsed.entries
    }
    fresh = {paper_id for paper_id, _, kind in listed if kind == AnnounceType.NEW}
    if not fresh:
        return {(paper_id, version) for paper_id, version, _ in listed} <= known
    again = fresh & {paper_id for paper_id, _ in known}
    return len(again) >= len(fresh) * REPEATED_SHARE


def _record_announcements(
    batch: Batch, parsed: Parsed, upserted: Upserted, day: date
) -> None:
    listed = {
        upserted.papers[canonical_id(entry)].work_id: entry
        for entry in sorted(parsed.entries, key=_type_rank)
    }
    known = {
        row.paper_id: row
        for row in batch.announcements.filter(paper_id__in=list(listed))
    }
    rows = [
        Announcement(
            paper_id=paper_id,
            batch_id=batch.pk,
            announce_type=entry.announce_type.value,
            announced_on=min(entry.announced_on or day, day),
            version=entry.version,
        )
        for paper_id, entry in listed.items()
        if paper_id not in known
    ]
    Announcement.objects.bulk_create(rows, batch_size=500)
    for paper_id, row in known.items():
        entry = listed[paper_id]
        if _type_rank(entry) > TYPE_RANK.index(AnnounceType(row.announce_type)):
            row.announce_type = entry.announce_type.value
            row.save(update_fields=["announce_type"])


def _type_rank(entry: Entry) -> int:
    return TYPE_RANK.index(entry.announce_type)
