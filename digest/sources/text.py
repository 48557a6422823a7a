"""Text from outside becomes plain text that is safe to store, print and mail.

Nothing is interpreted: TeX, markup and entities stay as the characters they are
(`$a<b$`, `<script>`) and are escaped where they are shown. What goes is what no
reader can see and what breaks a mail header or a database: control characters,
lone surrogates, private-use and unassigned code points, direction overrides and
everything of zero width. The renderer marks its holes with private-use
characters and relies on their absence here.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from digest.sources.public import is_public

TITLE_LENGTH = 500
ABSTRACT_LENGTH = 10_000
NAME_LENGTH = 200
CATEGORY_LENGTH = 100
URL_LENGTH = 2_000
AUTHOR_COUNT = 200
CATEGORY_COUNT = 50

# Normalising is quadratic in runs of combining marks, so it sees a bounded text.
_HEADROOM = 4
# A longer run of marks on one letter is no grapheme worth keeping whole.
_LONGEST_GRAPHEME = 32

_DROPPED = {"Cc", "Cs", "Cn", "Co", "Cf"}
# Format characters that print: they enclose or precede Arabic, Syriac and Kaithi
# numbers.
_PRINTING_FORMATS = {
    *range(0x0600, 0x0606),
    *(0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2, 0x110BD, 0x110CD),
}
# Letters, marks and a symbol that print nothing: grapheme joiner, Hangul fillers,
# Khmer inherent vowels, the empty Braille pattern.
_INVISIBLE = {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0}

_PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*\n\s*")
_UNSAFE_IN_URL = re.compile(r"[\s\x00-\x20\x7f-\x9f\"<>\\^`{|}]")


class _Visible(dict[int, str | None]):
    """What each code point becomes, worked out when it is first met."""

    def __missing__(self, code: int) -> str | None:
        char = chr(code)
        kept: str | None = char
        if char.isspace():
            kept = " "
        elif code in _INVISIBLE:
            kept = None
        elif unicodedata.category(char) in _DROPPED:
            kept = char if code in _PRINTING_FORMATS else None
        self[code] = kept
        return kept


_VISIBLE = _Visible()


def one_line(text: str, max_length: int) -> str:
    """Plain text on one line, in NFC, of at most `max_length` characters.

    Every run of blanks becomes one space. A longer text is cut between
    graphemes and ends in "…".
    """
    return _shorten(_clean(text, max_length), max_length)


def paragraph(text: str, max_length: int) -> str:
    """Like `one_line`, but a blank line stays as a paragraph break ("\\n\\n").

    Single line breaks become spaces: abstracts arrive with hard-wrapped lines.
    """
    head = text.lstrip()[: max_length * _HEADROOM]
    unix = head.replace("\r\n", "\n").replace("\r", "\n")
    parts = (_clean(part, max_length) for part in _PARAGRAPH_BREAK.split(unix))
    return _shorten("\n\n".join(part for part in parts if part), max_length)


@lru_cache(maxsize=256)  # every paper of a feed names the same licence
def web_url(text: str) -> str:
    """The address if it is plain http or https to a named public host, else ""."""
    text = text.strip()
    if not text or len(text) > URL_LENGTH or _UNSAFE_IN_URL.search(text):
        return ""
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or "@" in parts.netloc:
        return ""
    return text if _is_named_host(host) else ""


def names(texts: Iterable[str], max_length: int, max_count: int) -> tuple[str, ...]:
    """Each text once, on one line, in order; empty ones and those past the count go."""
    cleaned = (one_line(text, max_length) for text in texts)
    return tuple(dict.fromkeys(text for text in cleaned if text))[:max_count]


@lru_cache(maxsize=256)  # a feed's links lead to a few hosts
def _is_named_host(host: str) -> bool:
    """Whether it is a name with a dot, or an address on the internet."""
    try:
        ip_address(host)
    except ValueError:
        return "." in host
    return is_public(host)


def _clean(text: str, max_length: int) -> str:
    head = text.lstrip()[: max_length * _HEADROOM]
    if head.isascii() and head.isprintable():  # most text: nothing to drop or compose
        return " ".join(head.split())
    return " ".join(unicodedata.normalize("NFC", head.translate(_VISIBLE)).split())


def _shorten(text: str, max_length: int) -> str:
    if len(text) <= max_length:
        return text
    end = max_length - 1
    for cut in range(end, max(end - _LONGEST_GRAPHEME, 0), -1):
        if not _continues_grapheme(text, cut):
            return text[:cut].rstrip() + "…"
    return text[:end].rstrip() + "…"


def _continues_grapheme(text: str, position: int) -> bool:
    """Whether the character there belongs to the one before it."""
    char = text[position]
    if (
        unicodedata.category(char).startswith("M")
        or "\U0001f3fb" <= char <= "\U0001f3ff"
    ):
        return True
    if not _is_flag_half(char):
        return False
    before = 0
    while before < position and _is_flag_half(text[position - before - 1]):
        before += 1
    return before % 2 == 1


def _is_flag_half(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"
