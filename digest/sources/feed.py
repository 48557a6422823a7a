"""Read an RSS or Atom document with feedparser, without its dangerous defaults.

Bytes go in through a BytesIO: feedparser opens whatever a bare string or bytes
value happens to name. Its HTML sanitiser stays off, because it destroys maths
(`$n<m$`); text is escaped at output instead.
"""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any
from xml.sax import SAXException

import feedparser

from digest.sources import octets
from digest.sources.collect import ENTRY_LIMIT
from digest.sources.entry import NotAFeed
from digest.sources.text import TITLE_LENGTH, one_line

RawEntry = Mapping[str, Any]

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_CLOSING = re.compile(rb"</(?:\w+:)?(?:item|entry)\s*>")
_OPENING = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]")


@dataclass(frozen=True, slots=True)
class Feed:
    """One document as feedparser sees it, whole entries only.

    `is_whole` is False where the document is broken or only its first entries
    were read.
    """

    channel: RawEntry
    entries: list[RawEntry]
    problems: list[str]
    is_whole: bool = True

    @property
    def title(self) -> str:
        """The title of the whole feed, on one line."""
        return one_line(text_of(self.channel, "title"), TITLE_LENGTH)


def read(data: bytes, *, content_type: str = "") -> Feed:
    """Parse the document.

    A document that breaks off keeps the entries before the break. Raises
    NotAFeed for anything that is neither RSS nor Atom.
    """
    if not data.strip():
        raise NotAFeed("The answer is empty.")
    charset = _charset(data, content_type)
    legal = octets.without_forbidden_characters(data)
    octets.refuse_endless_tags(legal)
    shortened = _first_entries(legal)
    parsed = _parse(shortened, charset)
    if not parsed.get("version"):
        raise NotAFeed(f"The answer is no feed: it looks like {_likeness(data)}.")
    # Plain dicts: feedparser's own answer to one key with the value of another.
    entries: list[RawEntry] = [dict(entry) for entry in parsed.entries]
    problems = []
    if legal != data:
        problems.append("Characters that XML forbids were left out.")
    is_ours = len(shortened) < len(legal)
    is_broken = isinstance(parsed.get("bozo_exception"), SAXException)
    if is_broken and not is_ours:
        problems.append("The document is not well-formed.")
        if entries and _is_cut(legal):
            entries.pop()
            problems.append("It breaks off inside its last entry, which was left out.")
    is_whole = not (is_broken or is_ours)
    return Feed(dict(parsed.feed), entries, problems, is_whole)


def text_of(item: RawEntry, key: str) -> str:
    """The text under that key; "" where there is none or it is no text."""
    value = item.get(key)
    return value if isinstance(value, str) else ""


def _parse(data: bytes, charset: str) -> Any:
    headers = {"content-type": f"application/xml; charset={charset}"} if charset else {}
    try:
        return feedparser.parse(
            io.BytesIO(data),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:
        # feedparser lets many kinds of exception through on rubbish, and each
        # of them means the same here.
        kind = type(error).__name__
        raise NotAFeed(f"The answer could not be read as a feed ({kind}).") from error


def _charset(data: bytes, content_type: str) -> str:
    """The encoding to tell feedparser; "" lets the document speak for itself.

    A charset of the HTTP header counts only where the document declares none and
    is no UTF-8, because servers state a default more often than the truth.
    """
    declared = octets.declared_encoding(data)
    stated = _CHARSET.search(content_type)
    outside = stated[1] if stated else ""
    octets.refuse_encoding(outside)
    if declared or not outside or octets.is_wide(data):
        return ""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return outside
    return ""


def _first_entries(data: bytes) -> bytes:
    """The document as far as entries of it are read, and one more to show for it."""
    if octets.is_wide(data):
        return data
    closings = islice(_CLOSING.finditer(data), ENTRY_LIMIT, None)
    last = next(closings, None)
    return data[: last.end()] if last else data


def _is_cut(data: bytes) -> bool:
    """Whether the last entry that was opened is never closed."""
    narrow = data.replace(b"\0", b"")
    opened = max((match.start() for match in _OPENING.finditer(narrow)), default=-1)
    closed = max((match.start() for match in _CLOSING.finditer(narrow)), default=-1)
    return opened > closed


def _likeness(data: bytes) -> str:
    head = data[:1_000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html")) or b"<body" in head:
        return "a web page"
    if head.startswith((b"{", b"[")):
        return "JSON"
    if head.startswith(b"<"):
        return "some other XML"
    return "neither XML nor JSON"
