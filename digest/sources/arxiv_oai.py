"""arXiv by OAI-PMH (oaipmh.arxiv.org): the whole record, to fill in missed days.

A record's datestamp is the day on which anything in it changed: an announcement,
but also a journal reference added years later. A first version counts as new only
if it was submitted not long before; everything else is a replacement, so that
refilling never announces an old paper as today's.

Formats: `arXivRaw` states every version, `arXiv` states the authors apart. The list
comes in pages, each with a token for the next; tokens end with the day.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qs, urlencode, urlsplit
from xml.etree.ElementTree import Element

from digest.sources import arxiv_id, xml_tree
from digest.sources import authors as author_lines
from digest.sources.collect import EntryError, collect
from digest.sources.days import day_of_iso
from digest.sources.entry import (
    AnnounceType,
    Author,
    Entry,
    NotAFeed,
    Parsed,
    SourceError,
)
from digest.sources.text import (
    ABSTRACT_LENGTH,
    AUTHOR_COUNT,
    CATEGORY_COUNT,
    CATEGORY_LENGTH,
    NAME_LENGTH,
    TITLE_LENGTH,
    names,
    one_line,
    paragraph,
    web_url,
)
from digest.sources.withdrawal import says_withdrawn
from digest.sources.xml_tree import child_text, plain_text

BASE_URL = "https://oaipmh.arxiv.org/oai"
# Longer than arXiv's moderators hold a submission back before it is announced.
NEW_WITHIN = timedelta(days=60)

_TOKEN_LENGTH = 500
_NAMED_DELETIONS = 10
_VERSION = re.compile(r"v(\d{1,3})")


def list_records_url(
    set_spec: str, from_day: date, metadata_prefix: str = "arXivRaw"
) -> str:
    """The first page of the records of a set ("": of all) that changed since that day.

    There is no end: arXiv counts `until` in days of the server's own.
    """
    asked = {
        "verb": "ListRecords",
        "metadataPrefix": metadata_prefix,
        "set": set_spec,
        "from": from_day.isoformat(),
    }
    stated = {key: text for key, text in asked.items() if text}
    return f"{BASE_URL}?{urlencode(stated, safe=':')}"


def resume_url(token: str) -> str:
    """The page that a resumption token stands for."""
    return f"{BASE_URL}?{urlencode({'verb': 'ListRecords', 'resumptionToken': token})}"


def urls_for_days(address: str, days: Sequence[date]) -> list[str]:
    """The first page of what changed since the first of these days.

    `address` names the set and, if it likes, the format:
    "https://oaipmh.arxiv.org/oai?set=cs:cs:AI".
    """
    asked = parse_qs(urlsplit(address).query)
    prefix = asked.get("metadataPrefix", ["arXivRaw"])[0]
    sets = asked.get("set", [""])
    return [list_records_url(name, days[0], prefix) for name in sets] if days else []


def parse(data: bytes, *, content_type: str = "") -> Parsed:  # noqa: ARG001
    """One page of records; `next_url` names the next one.

    Entries are dated by their datestamp. Raises NotAFeed for what is not OAI-PMH,
    SourceError for an error it reports (a token that ended: start again) and for a
    page that breaks off, because the token of the next page is lost with its end.
    """
    tree = xml_tree.read(data)
    if tree.root.tag != "OAI-PMH":
        raise NotAFeed("The answer is no OAI-PMH document.")
    if not tree.is_whole:
        raise SourceError("arXiv's list of records breaks off; ask again.")
    if _says_empty(tree.root):
        return Parsed(entries=())
    records = tree.root.findall("ListRecords/record")
    live = [record for record in records if not _is_deleted(record)]
    entries, problems = collect(live, _entry)
    deleted = [record for record in records if _is_deleted(record)]
    token = tree.root.find("ListRecords/resumptionToken")
    return Parsed(
        entries=entries,
        problems=(*problems, *_deletions(deleted)),
        next_url=_next_url(token),
        next_url_expires_at=_expiry(token),
    )


def _says_empty(root: Element) -> bool:
    """Whether the answer is that nothing changed. Raises SourceError for the rest."""
    for error in root.findall("error"):
        code = error.get("code", "")
        if code == "noRecordsMatch":
            return True
        said = one_line(error.text or "", TITLE_LENGTH)
        if code == "badResumptionToken":
            raise SourceError(
                f"arXiv no longer knows where the list went on; start again. {said}"
            )
        raise SourceError(f"arXiv answered with an error: {code} {said}".rstrip())
    return False


def _is_deleted(record: Element) -> bool:
    header = record.find("header")
    return header is not None and header.get("status") == "deleted"


def _deletions(records: list[Element]) -> Iterator[str]:
    if records:
        gone = [
            one_line(record.findtext("header/identifier") or "", NAME_LENGTH)
            for record in records[:_NAMED_DELETIONS]
        ]
        yield f"arXiv deleted {len(records)} records: {', '.join(gone)}."


def _next_url(token: Element | None) -> str:
    text = (token.text or "").strip() if token is not None else ""
    if len(text) > _TOKEN_LENGTH:
        raise SourceError("arXiv's list of records goes on at an impossible address.")
    return resume_url(text) if text else ""


def _expiry(token: Element | None) -> datetime | None:
    stated = token.get("expirationDate", "") if token is not None else ""
    try:
        moment = datetime.fromisoformat(stated)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _entry(record: Element) -> Entry:
    metadata = record.find("metadata")
    paper = metadata[0] if metadata is not None and len(metadata) else Element("none")
    stated_id = one_line(child_text(paper, "id"), NAME_LENGTH)
    bare, _ = arxiv_id.split(stated_id)
    title = one_line(plain_text(paper, "title"), TITLE_LENGTH)
    if not (bare and title):
        header = one_line(record.findtext("header/identifier") or "", NAME_LENGTH)
        raise EntryError(
            f"A record without an id or a title was left out: {header or title!r}."
        )
    version, submitted_on = _last_version(paper)
    changed_on = day_of_iso(record.findtext("header/datestamp") or "")
    abstract = paragraph(plain_text(paper, "abstract"), ABSTRACT_LENGTH)
    comment = one_line(plain_text(paper, "comments"), ABSTRACT_LENGTH)
    return Entry(
        title=title,
        url=f"https://arxiv.org/abs/{bare}",
        arxiv_id=bare,
        version=version,
        doi=one_line(child_text(paper, "doi"), NAME_LENGTH),
        guid=f"oai:arXiv.org:{bare}",
        abstract=abstract,
        authors=_authors(paper),
        categories=names(
            child_text(paper, "categories").split(), CATEGORY_LENGTH, CATEGORY_COUNT
        ),
        announce_type=_announce_type(paper, version, submitted_on, changed_on),
        announced_on=changed_on,
        journal_ref=one_line(plain_text(paper, "journal-ref"), NAME_LENGTH),
        license_url=web_url(child_text(paper, "license")),
        is_withdrawn=says_withdrawn(abstract) or says_withdrawn(comment),
        comment=comment,
    )


def _last_version(paper: Element) -> tuple[int, date | None]:
    """The version (0: the format does not say) and the day of its submission."""
    versions = paper.findall("version")
    if not versions:
        stated = child_text(paper, "updated") or child_text(paper, "created")
        return 0, day_of_iso(stated)
    last = versions[-1]
    number = _VERSION.fullmatch(last.get("version", ""))
    return (
        int(number[1]) if number else len(versions),
        _day_of_mail(child_text(last, "date")),
    )


def _day_of_mail(text: str) -> date | None:
    """The day of "Mon, 2 Apr 2007 19:18:42 GMT"."""
    try:
        return parsedate_to_datetime(text).date()
    except (ValueError, TypeError, OverflowError):
        return None


def _announce_type(
    paper: Element, version: int, submitted_on: date | None, changed_on: date | None
) -> AnnounceType:
    is_first = version == 1 or (version == 0 and not child_text(paper, "updated"))
    is_recent = (
        submitted_on is None
        or changed_on is None
        or changed_on - submitted_on <= NEW_WITHIN
    )
    return AnnounceType.NEW if is_first and is_recent else AnnounceType.REPLACE


def _authors(paper: Element) -> tuple[Author, ...]:
    """From one line in `arXivRaw`, one by one in `arXiv`."""
    people = paper.findall("authors/author")
    if not people:
        return author_lines.split_line(plain_text(paper, "authors"))
    listed = (_author(person) for person in people[:AUTHOR_COUNT])
    return tuple(author for author in listed if author.name)


def _author(person: Element) -> Author:
    parts = (plain_text(person, key) for key in ("forenames", "keyname", "suffix"))
    places = ", ".join(place.text or "" for place in person.findall("affiliation"))
    return Author(one_line(" ".join(parts), NAME_LENGTH), one_line(places, NAME_LENGTH))
