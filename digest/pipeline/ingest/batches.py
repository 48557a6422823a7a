"""What a source sent on a day: kept as a Batch, with a line for each paper listed.

A fuller batch is never replaced by a shorter one: rows are only added. A feed that
repeats the day before under a new date is told apart from a new announcement.
"""

import hashlib
from collections import Counter
from datetime import date, datetime

from digest.models import Announcement, Batch, Source
from digest.pipeline.ingest.papers import Upserted
from digest.sources.entry import AnnounceType, Entry, Parsed, SourceError
from digest.sources.identity import canonical_id

TYPE_RANK = [
    AnnounceType.REPLACE_CROSS,
    AnnounceType.REPLACE,
    AnnounceType.CROSS,
    AnnounceType.NEW,
]


def record_batch(
    source: Source, parsed: Parsed, upserted: Upserted, day: date, now: datetime
) -> Batch:
    """Write or complete the batch of this day from one parsed document."""
    content_hash = _hash_ids(parsed)
    batch, _ = Batch.objects.get_or_create(
        source=source,
        announced_on=day,
        defaults={"status": Batch.Status.EMPTY, "received_at": now},
    )
    if _repeats_another_day(batch, content_hash):
        batch.status = Batch.Status.REPEATED
    else:
        _record_announcements(batch, parsed, upserted, day)
    counts = Counter(batch.announcements.values_list("announce_type", flat=True))
    batch.counts = dict(sorted(counts.items()))
    batch.entry_count = sum(counts.values())
    if batch.entry_count:
        batch.status = Batch.Status.RECEIVED
    elif batch.status == Batch.Status.FAILED:
        batch.status = Batch.Status.EMPTY
    batch.problems = list(parsed.problems)
    if len(upserted.papers) >= batch.entry_count:  # a shorter list is not the day's
        batch.content_hash = content_hash
    batch.received_at = now
    batch.save()
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


def _record_announcements(
    batch: Batch, parsed: Parsed, upserted: Upserted, day: date
) -> None:
    listed = {
        upserted.papers[canonical_id(entry)].pk: entry
        for entry in sorted(parsed.entries, key=_type_rank)
    }
    known = {
        row.paper_id: row
        for row in batch.announcements.filter(paper_id__in=list(listed))
    }
    rows = [
        Announcement(
            paper_id=paper_id,
            batch=batch,
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
