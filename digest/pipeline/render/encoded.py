"""Editions as the bytes of a mail's two parts: quoted-printable, CRLF, joined blindly.

Every piece begins on a line of its own and ends in a newline, and every hole stands
between two soft line breaks: so no line passes 76 characters (RFC 2045, part 6.7),
whatever the neighbours are. All lines end in CRLF and none begins with a dot: SMTP
takes them as they are. A piece is encoded once per process.
"""

import binascii
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape
from operator import attrgetter
from typing import NamedTuple

from digest.models import Edition, Fragment
from digest.pipeline.render import holes
from digest.pipeline.render.piece import Piece

Encoded = bytes
"""What `%` fills: `%(name)b` where a hole is, and each percent sign doubled."""

MOST_KEPT = 4096
"""Pieces that a process keeps: about 5 KB each."""

_SOFT_BREAK = b"=\r\n"
_TOKEN = b"\0" * 22
"""Stands for the token that each paper's links have: it is put in all at once. No
other NUL is in quoted-printable, and every token is as long."""
_LEADING_DOT = re.compile(rb"(?m)^\.")
_PLAIN = re.compile(r"[\w:/-](?:[\w:/. -]{0,73}[\w:/-])?", re.ASCII)
"""One line that quoted-printable and HTML leave as it is, as links are."""
_HOLE = re.compile(rb"%(?:%|\(([^)]+)\)b)")


class Body(NamedTuple):
    """The two parts of a mail, with holes."""

    html: Encoded
    text: Encoded


def encode(text: str) -> bytes:
    """What goes into a hole: quoted-printable, with the soft break that ends it."""
    return _quote(text) + _SOFT_BREAK


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
            html[hole] = text[hole] = value.encode("ascii") + _SOFT_BREAK
        else:
            html[hole], text[hole] = encode(escape(value)), encode(value)
    token = values[holes.FEEDBACK]
    return Values(html, token), Values(text, token)


def find_holes(encoded: Encoded) -> set[bytes]:
    """Names of the holes, but for the token's."""
    return {hole for hole in _HOLE.findall(encoded) if hole}


def join(pieces: Iterable[bytes], values: Values) -> bytes:
    """Put filled pieces together, and the token into the links about papers."""
    return b"".join(pieces).replace(_TOKEN, values.token)


def decode(quoted: bytes) -> str:
    """The text of a filled part, its lines ended by LF."""
    return binascii.a2b_qp(quoted).decode().replace("\r\n", "\n")


def read_bodies(editions: Iterable[Edition]) -> dict[int, Body]:
    """The contents of editions by id; those that lack a fragment are left out."""
    wanted = list(editions)
    pieces = _read({key for edition in wanted for key in _keys(edition)})
    return {
        edition.pk: _join(edition, pieces)
        for edition in wanted
        if pieces.keys() >= set(_keys(edition))
    }


def make_body(edition: Edition, pieces: Iterable[Piece]) -> Body:
    """The content of an edition that is not stored, from its pieces."""
    bodies = {p.key: Body(_encode(p.html), _encode(p.text)) for p in pieces}
    return _join(edition, bodies)


def _join(edition: Edition, pieces: Mapping[str, Body]) -> Body:
    return Body(
        _assemble(edition, pieces, attrgetter("html"), escape),
        _assemble(edition, pieces, attrgetter("text"), str),
    )


class _Own(dict[bytes, bytes]):
    """What is one edition's own, by hole; the readers' own holes stay."""

    def __init__(self, texts: Mapping[str, str], escaped: Callable[[str], str]) -> None:
        self._texts, self._escaped = texts, escaped

    def __missing__(self, hole: bytes) -> bytes:
        text = self._texts.get(hole.decode())
        if text is None:
            return b"%%(%b)b" % hole
        return _double(encode(self._escaped(text)))


def _assemble(
    edition: Edition,
    pieces: Mapping[str, Body],
    part: Callable[[Body], Encoded],
    escaped: Callable[[str], str],
) -> Encoded:
    own = _Own(edition.texts, escaped)
    body = [part(pieces[key]) for key in edition.parts]
    own[holes.BODY.encode()] = b"".join([*body, _SOFT_BREAK])
    own[holes.COVERAGE.encode()] = part(pieces[edition.coverage]) + _SOFT_BREAK
    # Putting these in halves the percent signs of the shell alone.
    return part(pieces[edition.shell]).replace(b"%%", b"%%%%") % own


_kept: dict[str, Body] = {}


def _read(keys: set[str]) -> dict[str, Body]:
    """Fragments by key: those that this process has kept, and the rest in one query."""
    found = {key: _kept[key] for key in keys if key in _kept}
    missing = keys - found.keys()
    for fragment in Fragment.objects.filter(key__in=missing) if missing else ():
        body = Body(_encode(fragment.html), _encode(fragment.text))
        found[fragment.key] = body
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        # It never gets old: a fragment's key is a hash of its content.
        _kept[fragment.key] = body
    return found


def _encode(content: str) -> Encoded:
    encoded = []
    for at, piece in enumerate(holes.split(content)):
        if piece == holes.FEEDBACK and at % 2:
            encoded.append(_SOFT_BREAK + _TOKEN + _SOFT_BREAK)
        elif at % 2:
            encoded.append(_SOFT_BREAK + b"%%(%b)b" % piece.encode("ascii"))
        else:
            encoded.append(_double(_quote(piece)))
    return b"".join(encoded)


def _double(quoted: bytes) -> Encoded:
    return quoted.replace(b"%", b"%%")


def _keys(edition: Edition) -> Iterator[str]:
    yield edition.shell
    yield edition.coverage
    yield from edition.parts


def _quote(text: str) -> bytes:
    """Encode lines that end in LF; none begins with a dot, all end in CRLF."""
    if "\r" in text or "\0" in text:
        raise ValueError("a mail has a character that ends or breaks its lines")
    quoted = binascii.b2a_qp(text.encode(), istext=True, header=False)
    while _LEADING_DOT.search(quoted):
        # SMTP would double it. The rest of the line goes on a line of its own.
        quoted = _LEADING_DOT.sub(b"=2E=\n", quoted)
    return quoted.replace(b"\n", b"\r\n")
