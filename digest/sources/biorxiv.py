"""bioRxiv and medRxiv: their RDF feeds and their details API.

The feeds (connect.biorxiv.org) show the last postings of a subject; the API
(api.biorxiv.org) answers for days, a hundred records a page, every version a
record of its own. DOIs begin with 10.1101 until late 2025 and with 10.64898 since.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from digest.sources import authors, feed, listing
from digest.sources.collect import EntryError, collect, require_some
from digest.sources.days import day_of_numbers
from digest.sources.entry import (
    AnnounceType,
    Author,
    Entry,
    NotAFeed,
    Parsed,
    SourceError,
)
from digest.sources.html_text import to_text
from digest.sources.identity import bare_doi
from digest.sources.text import (
    ABSTRACT_LENGTH,
    CATEGORY_COUNT,
    CATEGORY_LENGTH,
    NAME_LENGTH,
    TITLE_LENGTH,
    URL_LENGTH,
    names,
    one_line,
    paragraph,
)

_API = "https://api.biorxiv.org/details"
_VERSION_IN_LINK = re.compile(r"v(\d{1,3})(?:[?#.].*)?\s*$")
_INTERVAL = re.compile(r"(\d{4}-\d{1,2}-\d{1,2}):(\d{4}-\d{1,2}-\d{1,2})")
_NOTHING_FOUND = re.compile(r"no (posts|papers|articles) found", re.IGNORECASE)
_WITHDRAWN_TITLE = re.compile(r"\W*withdrawn\b\s*:", re.IGNORECASE)
_LICENCES = {
    "cc_by": "by/4.0",
    "cc_by_nc": "by-nc/4.0",
    "cc_by_nd": "by-nd/4.0",
    "cc_by_nc_nd": "by-nc-nd/4.0",
    "cc_by_sa": "by-sa/4.0",
    "cc_by_nc_sa": "by-nc-sa/4.0",
}


def feed_url(server: str, subject: str = "all") -> str:
    """The feed of a subject ("neuroscience", "all")."""
    subjects = urlencode({"subject": subject.replace(" ", "_")})
    return f"https://connect.{server}.org/{server}_xml.php?{subjects}"


def details_url(server: str, first_day: date, last_day: date, cursor: int = 0) -> str:
    """A page of what was posted on these days: 100 records from `cursor` on."""
    return f"{_API}/{server}/{first_day}/{last_day}/{cursor}/json"


def urls_for_days(server: str, address: str, days: Sequence[date]) -> list[str]:
    """A feed's own address; for an address of the API, the first page of the days."""
    if not days:
        return []
    if (urlsplit(address).hostname or "").startswith("api."):
        return [details_url(server, days[0], days[-1])]
    return [address]


def parse(
    data: bytes, *, server: str = "biorxiv", content_type: str = "", today: date
) -> Parsed:
    """The postings of a feed or of one page of the API, told apart by their form.

    An API page names the next one in `next_url`. Raises NotAFeed for anything
    else and SourceError for an error that the API reports.
    """
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return _parse_details(data, server, today)
    document = feed.read(data, content_type=content_type)
    entries, problems = collect(
        document.entries, partial(_feed_entry, server=server, today=today)
    )
    require_some(document.entries, entries)
    return Parsed(
        entries=entries,
        title=document.title,
        problems=(*document.problems, *problems),
    )


def _feed_entry(raw: feed.RawEntry, *, server: str, today: date) -> Entry:
    link = feed.text_of(raw, "link").strip()
    version = _VERSION_IN_LINK.search(link)
    return _build(
        {
            "doi": feed.text_of(raw, "dc_identifier"),
            "title": feed.text_of(raw, "title"),
            "abstract": feed.text_of(raw, "summary"),
            "authors": feed.text_of(raw, "author"),
            "date": feed.text_of(raw, "updated") or feed.text_of(raw, "published"),
            "version": version[1] if version else "",
            "category": feed.text_of(raw, "prism_section"),
        },
        server=server,
        today=today,
    )


def _parse_details(data: bytes, server: str, today: date) -> Parsed:
    answer = listing.mapping(listing.read(data))
    records = answer.get("collection")
    if not isinstance(records, list):
        raise NotAFeed("The answer is no list of postings.")
    message = listing.mapping((listing.items(answer.get("messages")) or [None])[0])
    status = one_line(listing.text(message.get("status")), TITLE_LENGTH)
    if not records and _NOTHING_FOUND.search(status):
        return Parsed(entries=())
    if status.lower() not in ("ok", ""):
        raise SourceError(f"{server} answered with an error: {status}")
    entries, problems = collect(records, partial(_build, server=server, today=today))
    require_some(records, entries)
    return Parsed(
        entries=entries,
        problems=tuple(problems),
        next_url=_next_url(message, len(records), server),
    )


def _next_url(message: Mapping[str, Any], received: int, server: str) -> str:
    """The next page, "" after the last. Raises SourceError for an empty one between."""
    end = _number(message.get("cursor")) + received
    total = _number(message.get("total"))
    interval = _INTERVAL.fullmatch(listing.text(message.get("interval")).strip())
    if total <= end:
        return ""
    if received == 0:
        raise SourceError(
            f"{server} sent an empty page at {end} of {total} postings; ask again."
        )
    first = day_of_numbers(interval[1]) if interval else None
    last = day_of_numbers(interval[2]) if interval else None
    if first is None or last is None:
        raise SourceError(f"{server} holds more postings, but does not say of what.")
    return details_url(server, first, last, end)


def _number(value: Any) -> int:
    """A count that comes as a number or as text."""
    text = listing.text(value)
    if text.isascii() and text.isdigit():
        return int(text[:9])
    return listing.count(value)


def _build(raw: Any, *, server: str, today: date) -> Entry:
    """The entry of one record; a feed's item is brought into the same form."""
    record = listing.mapping(raw)
    text = partial(_text, record)
    doi = bare_doi(text("doi"))
    title = one_line(to_text(text("title"), is_html=True), TITLE_LENGTH)
    if not doi:
        raise EntryError(f"A posting without a DOI was left out: {title!r}.")
    if not title:
        raise EntryError(f"A posting without a title was left out: {doi}.")
    version = _number(record.get("version"))
    posted_on = day_of_numbers(text("date"))
    suffix = f"v{version}" if version else ""
    return Entry(
        title=title,
        url=f"https://www.{server}.org/content/{quote(doi, safe='/')}{suffix}"[
            :URL_LENGTH
        ],
        version=version,
        doi=doi,
        guid=f"https://doi.org/{doi}",
        abstract=paragraph(to_text(text("abstract"), is_html=True), ABSTRACT_LENGTH),
        authors=_authors(record),
        categories=names([text("category").lower()], CATEGORY_LENGTH, CATEGORY_COUNT),
        announce_type=AnnounceType.REPLACE if version > 1 else AnnounceType.NEW,
        announced_on=min(posted_on, today) if posted_on else None,
        license_url=_licence_url(text("license").lower()),
        is_withdrawn=text("type").lower().startswith("withdrawn")
        or _WITHDRAWN_TITLE.match(title) is not None,
        published_doi=bare_doi(text("published")),
    )


def _text(record: Mapping[str, Any], key: str) -> str:
    return listing.text(record.get(key)).strip()


def _authors(record: Mapping[str, Any]) -> tuple[Author, ...]:
    """The authors; the institution is that of the corresponding one."""
    people = authors.split_list(_text(record, "authors"))
    place = one_line(_text(record, "author_corresponding_institution"), NAME_LENGTH)
    family = _text(record, "author_corresponding").rpartition(" ")[2].casefold()
    if not (place and family):
        return people
    return tuple(
        Author(person.name, place)
        if person.name.rpartition(" ")[2].casefold() == family
        else person
        for person in people
    )


def _licence_url(name: str) -> str:
    path = _LICENCES.get(name)
    if name == "cc0":
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    return f"https://creativecommons.org/licenses/{path}/" if path else ""
