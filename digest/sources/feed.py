"""Read an RSS or Atom document with feedparser, without its dangerous defaults.

Bytes go in through a BytesIO: feedparser opens whatever a bare string or bytes
value happens to name. Its HTML sanitiser stays off, because it destroys maths
(`$n<m$`); text is escaped at output instead.
"""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax import SAXException

import feedparser

from digest.sources.entry import NotAFeed
from digest.sources.text import TITLE_LENGTH, one_line

RawEntry = Mapping[str, Any]

# Encodings in which plain ASCII can hide markup, or that are Python's own.
_REFUSED_ENCODINGS = re.compile(
    r"utf[-_]?7|idna|punycode|(raw[-_])?unicode[-_]escape|undefined", re.IGNORECASE
)
_DECLARED_ENCODING = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_NUMERIC_REFERENCE = re.compile(rb"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,8}));")
_CLOSING = re.compile(rb"</(?:\w+:)?(?:item|entry)\s*>")
_OPENING = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]")
_LEGAL_CODES = (
    (0x09, 0x0A, 0x0D),
    range(0x20, 0xD800),
    range(0xE000, 0xFFFE),
    range(0x10000, 0x110000),
)
# Control bytes that XML forbids; ESC, SO and SI stay, ISO-2022-JP shifts with them.
_FORBIDDEN_BYTES = bytes({*range(9), 0x0B, 0x0C, *range(0x10, 0x20)} - {0x1B})
_BLANKED = bytes.maketrans(_FORBIDDEN_BYTES, b" " * len(_FORBIDDEN_BYTES))


@dataclass(frozen=True, slots=True)
class Feed:
    """One document as feedparser sees it, whole entries only."""

    channel: RawEntry
    entries: list[RawEntry]
    problems: list[str]

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
    legal = _without_forbidden_characters(data)
    parsed = _parse(legal, charset)
    if not parsed.get("version"):
        raise NotAFeed(f"The answer is no feed: it looks like {_likeness(data)}.")
    # Plain dicts: feedparser's own answer to one key with the value of another.
    entries: list[RawEntry] = [dict(entry) for entry in parsed.entries]
    problems = []
    if legal != data:
        problems.append("Characters that XML forbids were left out.")
    if isinstance(parsed.get("bozo_exception"), SAXException):
        problems.append("The document is not well-formed.")
        if entries and _is_cut(legal):
            entries.pop()
            problems.append("It breaks off inside its last entry, which was left out.")
    return Feed(dict(parsed.feed), entries, problems)


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
    declared = _DECLARED_ENCODING.match(data)
    stated = _CHARSET.search(content_type)
    inside = declared[1].decode("ascii", "replace") if declared else ""
    outside = stated[1] if stated else ""
    for name in (inside, outside):
        if _REFUSED_ENCODINGS.fullmatch(name.strip()):
            raise NotAFeed(f"The answer is in {name.strip()}, which is not accepted.")
    if declared or not outside or _is_wide(data):
        return ""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return outside
    return ""


def _is_wide(data: bytes) -> bool:
    """Whether the document is in UTF-16 or UTF-32."""
    return data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:4]


def _without_forbidden_characters(data: bytes) -> bytes:
    """Blank what no XML may hold: one such character would fail the whole feed."""
    if _is_wide(data):
        return data
    return _NUMERIC_REFERENCE.sub(_legal_reference, data.translate(_BLANKED))


def _legal_reference(match: re.Match[bytes]) -> bytes:
    code = int(match[1], 16) if match[1] else int(match[2])
    return match[0] if any(code in span for span in _LEGAL_CODES) else b" "


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
