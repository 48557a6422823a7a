"""The RSS feed of a saved PubMed search.

The GUID holds the PMID, `content:encoded` the whole abstract between a line of
citation and a line of ids. There are no announcements: papers appear when they are
indexed, which may be months after their date.
"""

import re
from datetime import date
from functools import partial

from digest.sources import feed, feed_fields
from digest.sources.collect import EntryError, collect, require_some
from digest.sources.entry import Entry, Parsed
from digest.sources.stated import Stated, build
from digest.sources.text import NAME_LENGTH, TITLE_LENGTH, one_line

_PMID = re.compile(r"(?:pubmed:|pmid:)?\s*(\d{1,9})|https?://\S*/(\d{1,9})/?(?:\?\S*)?")
_IDS = re.compile(r"\s*PMID:")
_HEADING = re.compile(r"\s*ABSTRACT\s*")
# Such as "Parasitol Int. 2021 Dec 17:102531. doi: …. Online ahead of print."
_CITATION = re.compile(
    r"\s*(?P<reference>[^\n]{2,200}?\.\s\d{4}\b[^\n]{0,200}?)\.(?:\s|$)"
)


def parse(data: bytes, *, content_type: str = "", today: date) -> Parsed:
    """All papers of the feed. Raises NotAFeed for anything that is no feed."""
    document = feed.read(data, content_type=content_type)
    entries, problems = collect(document.entries, partial(_entry, today=today))
    require_some(document.entries, entries)
    return Parsed(
        entries=entries,
        title=one_line(feed_fields.title(document.channel), TITLE_LENGTH),
        problems=(*document.problems, *problems),
    )


def _entry(raw: feed.RawEntry, *, today: date) -> Entry:
    pmid = _pmid(feed.text_of(raw, "id"), feed.text_of(raw, "link"))
    if not pmid:
        title = one_line(feed_fields.title(raw), TITLE_LENGTH)
        raise EntryError(f"An entry without a PMID was left out: {title!r}.")
    content, *others = feed_fields.texts(raw)
    reference, abstract = _taken_apart(content)
    return build(
        Stated(
            title=feed_fields.title(raw),
            link=f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/",
            guid=f"pubmed:{pmid}",
            doi=feed_fields.doi(raw),
            texts=(abstract, *others),
            people=feed_fields.people(raw),
            published_on=feed_fields.day(raw, today),
            journal_ref=reference or feed_fields.journal(raw),
        )
    )


def _pmid(*texts: str) -> str:
    for text in texts:
        found = _PMID.fullmatch(text.strip())
        if found:
            return found[1] or found[2]
    return ""


def _taken_apart(content: str) -> tuple[str, str]:
    """The citation and the abstract of one `content:encoded`."""
    paragraphs = [part.strip() for part in content.split("\n\n") if part.strip()]
    cited = _CITATION.match(paragraphs[0]) if paragraphs else None
    kept = [
        part
        for part in paragraphs[1 if cited else 0 :]
        if not _IDS.match(part) and not _HEADING.fullmatch(part)
    ]
    reference = one_line(cited["reference"], NAME_LENGTH) if cited else ""
    return reference, "\n\n".join(kept)
