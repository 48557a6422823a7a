"""Papers as three sources know them: an archive, a journal and a feed with titles."""

from datetime import date
from typing import Any

from digest.models import Paper, Source
from digest.pipeline.ingest.intake import take_in
from digest.pipeline.ingest.reading import Ingested, Reading
from digest.sources.entry import Author, Entry, Parsed
from tests.factories import NOW, TODAY, make_source

TITLE = "Reading feeds of papers without losing any"
ARXIV, OTHER_ARXIV = "2611.90001", "2611.90002"
DOI, OTHER_DOI = "10.1000/feeds.1", "10.1000/feeds.2"


def entry(title: str = TITLE, **fields: Any) -> Entry:
    """An entry by Ada Author, announced today."""
    return Entry(
        title,
        **{
            "url": "https://example.org/a",
            "authors": (Author("Ada Author"),),
            "announced_on": TODAY,
            **fields,
        },
    )


def on_arxiv(bare: str = ARXIV, **fields: Any) -> Entry:
    """The preprint as arXiv has it."""
    return entry(**{"arxiv_id": bare, "version": 1, **fields})


def in_journal(doi: str = DOI, **fields: Any) -> Entry:
    """The published paper as its journal has it."""
    return entry(**{"doi": doi, "journal_ref": "Journal of Feeds 7", **fields})


def in_feed(guid: str = "tag:example.org,2026:1", **fields: Any) -> Entry:
    """The paper in a feed that knows neither arXiv id nor DOI."""
    return entry(**{"guid": guid, **fields})


def take(*entries: Entry, day: date = TODAY, kind: str = "feed") -> Ingested:
    """Take these entries in as one document."""
    slug = f"{kind}-of-works"
    source = Source.objects.filter(slug=slug).first() or make_source(
        slug, kind=kind, name=f"The {kind}"
    )
    reading = Reading(source, kind, NOW, is_live=True)
    return take_in(reading, Parsed(entries, announced_on=day))


def paper(of: Entry) -> Paper:
    """The row of this entry."""
    if of.arxiv_id:
        return Paper.objects.get(arxiv_id=of.arxiv_id)
    if of.doi:
        return Paper.objects.get(canonical_id=f"doi:{of.doi}")
    return Paper.objects.get(canonical_id__startswith="guid:", title=of.title)


def is_one(first: Entry, second: Entry) -> bool:
    """Whether the rows of these two stand for one work."""
    return paper(first).work_id == paper(second).work_id
