"""JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

from digest.sources import authors, feed_fields, listing
from digest.sources.collect import collect
from digest.sources.days import day_of_iso
from digest.sources.entry import Author, Entry, NotAFeed, Parsed
from digest.sources.html_text import to_text
from digest.sources.stated import Stated, build
from digest.sources.text import TITLE_LENGTH, one_line, web_url

_VERSION = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/1(?:\.\d)?/?")


def looks_like_json(data: bytes) -> bool:
    """Whether the document can be no XML, because it opens with a brace."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def parse(data: bytes, *, today: date, address: str = "") -> Parsed:
    """All papers of the feed; `address` as for any feed.

    Raises NotAFeed for JSON that does not say it is a JSON Feed.
    """
    document = listing.mapping(listing.read(data))
    items = document.get("items")
    if not _VERSION.fullmatch(_text(document, "version")) or not isinstance(
        items, list
    ):
        raise NotAFeed("The answer is JSON, but no JSON Feed.")
    base_url = (
        address or _text(document, "feed_url") or _text(document, "home_page_url")
    )
    entries, problems = collect(items, partial(_entry, base_url=base_url, today=today))
    return Parsed(
        entries=entries,
        title=one_line(to_text(_text(document, "title"), is_html=False), TITLE_LENGTH),
        problems=tuple(problems),
    )


def _entry(raw: Any, *, base_url: str, today: date) -> Entry:
    item = listing.mapping(raw)
    link = feed_fields.absolute(_text(item, "url"), base_url)
    outer = feed_fields.absolute(_text(item, "external_url"), base_url)
    guid = _identifier(item.get("id"))
    published_on = day_of_iso(_text(item, "date_published")) or day_of_iso(
        _text(item, "date_modified")
    )
    return build(
        Stated(
            title=to_text(_text(item, "title"), is_html=False),
            link=link or outer or web_url(guid),
            guid=guid,
            doi=feed_fields.first_doi(guid, link, outer),
            texts=tuple(_texts(item)),
            people=_people(item),
            categories=(
                to_text(listing.text(tag), is_html=False)
                for tag in listing.items(item.get("tags"))
            ),
            published_on=min(published_on, today) if published_on else None,
        )
    )


def _texts(item: Mapping[str, Any]) -> Iterator[str]:
    yield to_text(_text(item, "content_html"), is_html=True)
    for key in ("content_text", "summary"):
        yield to_text(_text(item, key), is_html=False)


def _people(item: Mapping[str, Any]) -> tuple[Author, ...]:
    """Version 1.1 has a list, version 1.0 one person."""
    people = listing.items(item.get("authors")) or [item.get("author")]
    return authors.from_names(
        to_text(_text(listing.mapping(person), "name"), is_html=False)
        for person in people
    )


def _identifier(value: Any) -> str:
    """The id, which some feeds give as a number."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number else listing.text(value)


def _text(value: Mapping[str, Any], key: str) -> str:
    return listing.text(value.get(key)).strip()
