"""Crossref: what the publisher registered about one DOI (api.crossref.org/works/DOI).

Asked about papers that somebody names, never for what is new: a paper that is here by
a feed keeps that feed's words. An abstract comes as JATS, if it comes at all.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import quote

from digest.sources import listing
from digest.sources.days import day_of_numbers
from digest.sources.entry import Author, Entry, NotAFeed, Parsed
from digest.sources.html_text import to_text
from digest.sources.identity import bare_doi
from digest.sources.stated import Stated, build, doi_url
from digest.sources.text import (
    AUTHOR_COUNT,
    NAME_LENGTH,
    TITLE_LENGTH,
    one_line,
    web_url,
)

BASE_URL = "https://api.crossref.org/works"

_JATS = re.compile(r"(</?)(?:jats:|mml:)?([a-z][a-z-]*)")
_HTML = {"title": "p", "sec": "div", "list": "ul", "list-item": "li"}
"""What elements of JATS are in HTML; p, sub and sup are the same."""

_DAYS = ("published-online", "posted", "published", "published-print", "issued")
"""Where a day may stand; often a year and a month alone, which is no day."""

_REGISTERED = "created"
"""When the DOI was registered: always a whole day, and near the publication."""


def work_url(doi: str, base_url: str = BASE_URL) -> str:
    """Where the details of a DOI are asked for."""
    return f"{base_url}/{quote(doi, safe='')}"


def parse(data: bytes, *, today: date) -> Parsed:
    """The one work of an answer. Raises NotAFeed for anything else."""
    answer = listing.mapping(listing.read(data))
    work = listing.mapping(answer.get("message"))
    if answer.get("message-type") != "work" or not work:
        raise NotAFeed("The answer is about no work.")
    return Parsed(entries=(_build(work, today),))


def _build(work: Mapping[str, Any], today: date) -> Entry:
    doi = bare_doi(listing.text(work.get("DOI")))
    title = ": ".join(filter(None, (_first(work, "title"), _first(work, "subtitle"))))
    if not doi or not title:
        raise NotAFeed("The answer has no DOI or no title.")
    day = _day(work)
    entry = build(
        Stated(
            title=title,
            link=doi_url(doi),
            guid=doi_url(doi),
            doi=doi,
            texts=(_abstract(listing.text(work.get("abstract"))),),
            people=tuple(_people(work))[:AUTHOR_COUNT],
            published_on=min(day, today) if day else None,
            journal_ref=_journal(work),
            license_url=_licence(work),
        )
    )
    return replace(entry, is_withdrawn=entry.is_withdrawn or _is_retracted(work))


def _abstract(jats: str) -> str:
    """The text of an abstract; its headings are paragraphs of their own."""
    html = _JATS.sub(lambda tag: tag[1] + _HTML.get(tag[2], tag[2]), jats)
    return to_text(html, is_html=True)


def _first(work: Mapping[str, Any], name: str) -> str:
    """The first text of a list, as one line without markup."""
    texts = map(listing.text, listing.items(work.get(name)))
    return one_line(to_text(next(texts, ""), is_html=True), TITLE_LENGTH)


def _people(work: Mapping[str, Any]) -> Iterator[Author]:
    for raw in listing.items(work.get("author")):
        person = listing.mapping(raw)
        parts = (listing.text(person.get(part)) for part in ("given", "family"))
        name = " ".join(filter(None, parts)) or listing.text(person.get("name"))
        places = listing.items(person.get("affiliation"))
        place = listing.mapping(places[0] if places else None)
        if shown := one_line(name, NAME_LENGTH):
            yield Author(shown, one_line(listing.text(place.get("name")), NAME_LENGTH))


def _day(work: Mapping[str, Any]) -> date | None:
    for name in (*_DAYS, _REGISTERED):
        parts = listing.items(listing.mapping(work.get(name)).get("date-parts"))
        numbers = listing.items(parts[0] if parts else None)
        day = day_of_numbers("-".join(str(listing.count(each)) for each in numbers))
        if day:
            return day
    return None


def _journal(work: Mapping[str, Any]) -> str:
    """ "Journal of Feeds 12 (3), 45-60"."""
    journal = _first(work, "container-title")
    volume, issue, page = (
        one_line(listing.text(work.get(name)), NAME_LENGTH)
        for name in ("volume", "issue", "page")
    )
    place = " ".join(filter(None, (journal, volume, f"({issue})" if issue else "")))
    return ", ".join(filter(None, (place, page))) if journal else ""


def _licence(work: Mapping[str, Any]) -> str:
    """The first address of a licence."""
    stated = map(listing.mapping, listing.items(work.get("license")))
    return next((web_url(listing.text(one.get("URL"))) for one in stated), "")


def _is_retracted(work: Mapping[str, Any]) -> bool:
    """Whether a notice says so. Corrections and new versions are notices as well."""
    notices = map(listing.mapping, listing.items(work.get("updated-by")))
    return any(
        listing.text(notice.get("type")) in {"retraction", "withdrawal", "removal"}
        for notice in notices
    )
