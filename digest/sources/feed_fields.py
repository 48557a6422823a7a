"""What an RSS or Atom entry says about a paper, wherever journals put it.

Journals mix the elements of RSS and Atom with those of Dublin Core (`dc:`) and
PRISM (`prism:`). Each function here looks in all the places for one thing and
gives plain text back.
"""

import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import urljoin

from digest.sources import authors, feed
from digest.sources.days import day_in_utc
from digest.sources.entry import Author
from digest.sources.html_text import to_text
from digest.sources.identity import bare_doi
from digest.sources.text import AUTHOR_COUNT, NAME_LENGTH, one_line, web_url

_DOI_IN_LINK = re.compile(
    r"(?:/doi/(?:[a-z]+/)*|doi\.org/)(10\.\d{4,9}/[^?#\s]+)", re.I
)
_HTML_TYPES = ("text/html", "application/xhtml+xml")


def doi(raw: feed.RawEntry) -> str:
    """The DOI in lower case, from an element of its own, the GUID or the link."""
    keys = ("prism_doi", "dc_identifier", "id", "arxiv_doi", "link", "prism_url")
    return first_doi(*(feed.text_of(raw, key) for key in keys))


def first_doi(*texts: str) -> str:
    """The first of these that is a DOI, else the first that is a link with one."""
    in_links = (found[1] for text in texts if (found := _DOI_IN_LINK.search(text)))
    return next((d for text in (*texts, *in_links) if (d := bare_doi(text))), "")


def link(raw: feed.RawEntry, base_url: str) -> str:
    """The page of the paper, made absolute; "" if there is none on the web."""
    stated = feed.text_of(raw, "link").strip() or feed.text_of(raw, "prism_url").strip()
    return absolute(stated, base_url) or web_url(feed.text_of(raw, "id"))


def absolute(address: str, base_url: str) -> str:
    """The address, resolved against that of the feed if it is relative."""
    try:
        joined = urljoin(base_url, address) if address else ""
    except ValueError:
        return ""
    return web_url(joined.replace(" ", "%20"))


def title(raw: feed.RawEntry) -> str:
    """The title, tags and all kinds of line breaks gone, not yet shortened."""
    return detail(raw.get("title_detail")) or feed.text_of(raw, "title")


def detail(value: object) -> str:
    """The plain text of one of feedparser's typed values."""
    if not isinstance(value, dict):
        return ""
    is_html = feed.text_of(value, "type") in _HTML_TYPES
    return to_text(feed.text_of(value, "value"), is_html=is_html)


def texts(raw: feed.RawEntry) -> Iterator[str]:
    """Each text that may be the abstract, as plain text."""
    contents = raw.get("content")
    for value in contents if isinstance(contents, list) else []:
        yield detail(value)
    yield detail(raw.get("summary_detail"))


def people(raw: feed.RawEntry) -> tuple[Author, ...]:
    """The authors, one element each or all in one line."""
    listed = raw.get("authors")
    stated = [
        feed.text_of(person, "name")
        for person in (listed if isinstance(listed, list) else [])
        if isinstance(person, dict)
    ]
    lines = [to_text(name, is_html=False) for name in stated if name.strip()]
    if len(lines) == 1:
        return authors.split_list(lines[0])
    each = (
        authors.split_list(authors.readable(line))[:1] for line in lines[:AUTHOR_COUNT]
    )
    return tuple(dict.fromkeys(author for one in each for author in one))


def journal(raw: feed.RawEntry) -> str:
    """ "Zoosystema 12(3), 45-67": as much of it as the entry states."""
    # Some publishers fill the journal's place with the paper's title.
    own = one_line(title(raw), NAME_LENGTH)
    keys = ("prism_publicationname", "prism_publicationtitle", "dc_source")
    name = next((n for key in keys if (n := _line(raw, key)) not in ("", own)), "")
    if not name:
        return ""
    volume, number = _line(raw, "prism_volume"), _line(raw, "prism_number")
    pages = "-".join(
        filter(None, (_line(raw, f"prism_{end}page") for end in ("starting", "ending")))
    )
    issue = f"{volume}({number})" if volume and number else volume
    reference = ", ".join(filter(None, (f"{name} {issue}".strip(), pages)))
    return one_line(reference, NAME_LENGTH)


def categories(raw: feed.RawEntry) -> Iterator[str]:
    """The labels of the entry's categories, else their terms."""
    tags = raw.get("tags")
    for tag in tags if isinstance(tags, list) else []:
        if isinstance(tag, dict):
            shown = feed.text_of(tag, "label") or feed.text_of(tag, "term")
            yield to_text(shown, is_html=False)


def own_address(channel: feed.RawEntry) -> str:
    """Where the feed says it is, else the page it belongs to."""
    links = channel.get("links")
    for value in links if isinstance(links, list) else []:
        if isinstance(value, dict) and value.get("rel") == "self":
            return feed.text_of(value, "href")
    return feed.text_of(channel, "link")


def licence_url(raw: feed.RawEntry) -> str:
    """The address of the licence, if one is linked or the rights are one."""
    links = raw.get("links")
    for value in links if isinstance(links, list) else []:
        if isinstance(value, dict) and value.get("rel") == "license":
            return web_url(feed.text_of(value, "href"))
    return web_url(feed.text_of(raw, "rights"))


def day(raw: feed.RawEntry, today: date) -> date | None:
    """The day of publication in UTC, never one to come; None if it is unbelievable."""
    moment = raw.get("published_parsed") or raw.get("updated_parsed")
    stated = day_in_utc(moment)
    return min(stated, today) if stated else None


def _line(raw: feed.RawEntry, key: str) -> str:
    return one_line(to_text(feed.text_of(raw, key), is_html=False), NAME_LENGTH)
