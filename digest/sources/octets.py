"""The bytes of an XML document before any parser sees them.

One forbidden character fails a whole document in every XML parser, and some
encodings hide markup from whoever looks for it. Both are settled here.
"""

import re

from digest.sources.entry import NotAFeed

# Encodings in which plain ASCII can hide markup, or that are Python's own.
_REFUSED_ENCODINGS = re.compile(
    r"utf[-_]?7|idna|punycode|(raw[-_])?unicode[-_]escape|undefined", re.IGNORECASE
)
_DECLARED_ENCODING = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)")
_NUMERIC_REFERENCE = re.compile(rb"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,8}));")
# A tag so long that only attributes can fill it, and how many are believable.
_LONG_TAG = re.compile(rb"<[^<>!?][^<>]{4000,}")
_MOST_ATTRIBUTES = 500
_LEGAL_CODES = (
    (0x09, 0x0A, 0x0D),
    range(0x20, 0xD800),
    range(0xE000, 0xFFFE),
    range(0x10000, 0x110000),
)
# Control bytes that XML forbids; ESC, SO and SI stay, ISO-2022-JP shifts with them.
_FORBIDDEN_BYTES = bytes({*range(9), 0x0B, 0x0C, *range(0x10, 0x20)} - {0x1B})
_BLANKED = bytes.maketrans(_FORBIDDEN_BYTES, b" " * len(_FORBIDDEN_BYTES))


def declared_encoding(data: bytes) -> str:
    """What the XML declaration says, "" if it says nothing.

    Raises NotAFeed for an encoding that is not accepted.
    """
    declared = _DECLARED_ENCODING.match(data)
    name = declared[1].decode("ascii", "replace") if declared else ""
    refuse_encoding(name)
    return name


def refuse_encoding(name: str) -> None:
    """Raise NotAFeed if documents in this encoding are not read."""
    if _REFUSED_ENCODINGS.fullmatch(name.strip()):
        raise NotAFeed(f"The answer is in {name.strip()}, which is not accepted.")


def refuse_endless_tags(data: bytes) -> None:
    """Raise NotAFeed for an element with thousands of attributes.

    feedparser takes the square of their number in time.
    """
    narrow = data.replace(b"\0", b"") if is_wide(data) else data
    for tag in _LONG_TAG.finditer(narrow):
        if tag[0].count(b"=") > _MOST_ATTRIBUTES:
            raise NotAFeed("The answer holds an element with endless attributes.")


def is_wide(data: bytes) -> bool:
    """Whether the document is in UTF-16 or UTF-32."""
    return data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:4]


def without_forbidden_characters(data: bytes) -> bytes:
    """Blank what no XML may hold: one such character would fail the whole feed."""
    if is_wide(data):
        return data
    return _NUMERIC_REFERENCE.sub(_legal_reference, data.translate(_BLANKED))


def _legal_reference(match: re.Match[bytes]) -> bytes:
    code = int(match[1], 16) if match[1] else int(match[2])
    return match[0] if any(code in span for span in _LEGAL_CODES) else b" "
