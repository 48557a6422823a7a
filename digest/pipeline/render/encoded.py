"""Text as the bytes of a mail's parts: quoted-printable, CRLF, joined blindly.

Every piece begins on a line of its own and ends in a newline, and every hole stands
between two soft line breaks: so no line passes 76 characters (RFC 2045, part 6.7),
whatever the neighbours are. All lines end in CRLF and none begins with a dot: SMTP
takes them as they are.
"""

import binascii
import hashlib
import re
from collections.abc import Mapping
from html import escape
from typing import NamedTuple

from digest.pipeline.render import holes

Encoded = bytes
"""What `%` fills: `%(name)b` where a hole is, and each percent sign doubled."""

SOFT_BREAK = b"=\r\n"
_TOKEN = b"\0" * 22
"""Stands for the token that each paper's links have: it is put in all at once. No
other NUL is in quoted-printable, and every token is as long."""
_LEADING_DOT = re.compile(rb"(?m)^\.")
_PLAIN = re.compile(r"[\w:/-](?:[\w:/. -]{0,73}[\w:/-])?", re.ASCII)
"""One line that quoted-printable and HTML leave as it is, as links are."""
_HOLE = re.compile(rb"%(?:%|\(([^)]+)\)b)")


class Encoding(NamedTuple):
    """A piece's two forms, the holes in each, and a hash of both."""

    html: Encoded
    text: Encoded
    html_holes: frozenset[bytes]
    text_holes: frozenset[bytes]
    digest: bytes


def encode(text: str) -> bytes:
    """What goes into a hole: quoted-printable, with the soft break that ends it."""
    return _quote(text) + SOFT_BREAK


class Values(dict[bytes, bytes]):
    """A reader's own values, encoded for one of the two parts, by hole.

    Who has no link of their own to leave a topic is led to their preferences.
    """

    def __init__(self, encoded: Mapping[bytes, bytes], token: str) -> None:
        """`token` goes into the links about papers, all of the same length."""
        super().__init__(encoded)
        self.token = token.encode("ascii")

    def __missing__(self, hole: bytes) -> bytes:
        if hole.startswith(b"leave_url:"):
            return self[b"manage_url"]
        raise KeyError(hole)


def encode_values(values: Mapping[str, str]) -> tuple[Values, Values]:
    """A reader's own values as they stand in the HTML, and in the text."""
    html, text = {}, {}
    for name, value in values.items():
        hole = name.encode("ascii")
        if _PLAIN.fullmatch(value):
            html[hole] = text[hole] = value.encode("ascii") + SOFT_BREAK
        else:
            html[hole], text[hole] = encode(escape(value)), encode(value)
    token = values[holes.FEEDBACK]
    return Values(html, token), Values(text, token)


def fill(encoded: Encoded, values: Values) -> bytes:
    """Put a reader's own values in, and their token into the links about papers."""
    return (encoded % values).replace(_TOKEN, values.token)


def decode(quoted: bytes) -> str:
    """The text of a filled part, its lines ended by LF."""
    return binascii.a2b_qp(quoted).decode().replace("\r\n", "\n")


def encode_piece(html: str, text: str) -> Encoding:
    """Encode both forms of a piece."""
    both = _encode(html), _encode(text)
    digest = hashlib.sha256(b"\0\0".join(both)).digest()
    return Encoding(*both, find_holes(both[0]), find_holes(both[1]), digest)


def find_holes(encoded: Encoded) -> frozenset[bytes]:
    """Names of the holes, but for the token's."""
    return frozenset(hole for hole in _HOLE.findall(encoded) if hole)


def _encode(content: str) -> Encoded:
    encoded = []
    for at, piece in enumerate(holes.split(content)):
        if piece == holes.FEEDBACK and at % 2:
            encoded.append(SOFT_BREAK + _TOKEN + SOFT_BREAK)
        elif at % 2:
            encoded.append(SOFT_BREAK + b"%%(%b)b" % piece.encode("ascii"))
        else:
            encoded.append(double(_quote(piece)))
    return b"".join(encoded)


def double(quoted: bytes) -> Encoded:
    """What is in no hole is left as it is by `%`."""
    return quoted.replace(b"%", b"%%")


def _quote(text: str) -> bytes:
    """Encode lines that end in LF; none begins with a dot, all end in CRLF."""
    if "\r" in text or "\0" in text:
        raise ValueError("a mail has a character that ends or breaks its lines")
    quoted = binascii.b2a_qp(text.encode(), istext=True, header=False)
    while _LEADING_DOT.search(quoted):
        # SMTP would double it. The rest of the line goes on a line of its own.
        quoted = _LEADING_DOT.sub(b"=2E=\n", quoted)
    return quoted.replace(b"\n", b"\r\n")
