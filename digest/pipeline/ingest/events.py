"""What became of papers after they were first seen: written down once each."""

from collections.abc import Iterable
from datetime import date

from digest.models import Paper, PaperEvent
from digest.pipeline.ingest.keys import Keys
from digest.pipeline.ingest.papers import Known, Upserted
from digest.pipeline.ingest.reading import Reading
from digest.pipeline.ingest.works import Linked
from digest.sources.entry import AnnounceType, Entry
from digest.sources.identity import canonical_id, is_preprint

Kind = PaperEvent.Kind

REPLACED = {AnnounceType.REPLACE, AnnounceType.REPLACE_CROSS}


def find_events(
    entries: Iterable[Entry], upserted: Upserted, keys: Keys, linked: Linked
) -> list[PaperEvent]:
    """What this document tells of papers that were known before it, not yet stored."""
    replaced = {
        canonical_id(entry) for entry in entries if entry.announce_type in REPLACED
    }
    papers = {paper.pk: paper for paper in upserted.papers.values()}
    found = []
    for paper_id, known in upserted.known.items():
        paper = papers[paper_id]
        is_replaced = paper.canonical_id in replaced and paper.version > 1
        if paper.version > known.version and (known.version or is_replaced):
            found.append(_event(paper, Kind.NEW_VERSION, version=paper.version))
        if paper.is_withdrawn and not known.is_withdrawn:
            found.append(_event(paper, Kind.WITHDRAWN))
        had = keys.had.get(paper_id, set())
        place = linked.published.get(paper_id) or _place(paper, keys.given[paper_id])
        if place and is_preprint(paper.canonical_id) and not _published(known, had):
            found.append(_event(paper, Kind.PUBLISHED, detail=place))
    found += [
        PaperEvent(paper_id=linked.roots[paper_id], kind=Kind.PUBLISHED, detail=place)
        for paper_id, place in linked.published.items()
        if paper_id not in papers
    ]
    return found


def record_events(events: list[PaperEvent], reading: Reading, day: date) -> None:
    """Store them as of this day, each once."""
    for event in events:
        event.happened_on = day
        event.source = reading.source
        event.recorded_at = reading.now
    PaperEvent.objects.bulk_create(events, batch_size=500, ignore_conflicts=True)


def _event(
    paper: Paper, kind: PaperEvent.Kind, *, version: int = 0, detail: str = ""
) -> PaperEvent:
    return PaperEvent(paper_id=paper.work_id, kind=kind, version=version, detail=detail)


def _published(known: Known, keys: set[str]) -> bool:
    return bool(known.journal_ref or _journal_dois(known.doi, keys))


def _place(paper: Paper, keys: set[str]) -> str:
    """The journal in words, else the DOI there; "" while nothing is known of one."""
    dois = _journal_dois(paper.doi, keys)
    return paper.journal_ref or min(dois, default="")


def _journal_dois(doi: str, keys: set[str]) -> set[str]:
    names = {key for key in keys if key.startswith("doi:")}
    if doi:
        names.add(f"doi:{doi.lower()}")
    return {name.removeprefix("doi:") for name in names if not is_preprint(name)}
