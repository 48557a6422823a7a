"""Editions as the bytes of a mail's two parts: quoted-printable, CRLF, joined blindly.

Every piece begins on a line of its own and ends in a newline, and every hole stands
between two soft line breaks: so no line passes 76 characters (RFC 2045, part 6.7),
whatever the neighbours are. All lines end in CRLF and none begins with a dot: SMTP
takes them as they are. A piece is encoded once per process.
"""

import binascii
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.html import escape

from digest.models import Edition, Fragment
from digest.pipeline.render import holes
from digest.pipeline.render.piece import Piece

Encoded = tuple[bytes | str, ...]
"""Bytes, and the names of holes."""

MOST_KEPT = 4096
"""Pieces that a process keeps: about 5 KB each."""

_SOFT_BREAK = b"=\r\n"
_TOKEN = b"\0" * 22
"""Stands for the token that each paper's links have: it is put in all at once. No
other NUL is in quoted-printable, and every token is as long."""
_LEADING_DOT = re.compile(rb"(?m)^\.")


@dataclass(frozen=True, slots=True)
class Body:
    """The two parts of a mail, with holes."""

    html: Encoded
    text: Encoded


def encode(text: str) -> bytes:
    """What goes into a hole: quoted-printable, with the soft break that ends it."""
    return _quote(text) + _SOFT_BREAK


class Values(dict[str, bytes]):
    """A reader's own values, encoded for one of the two parts.

    Who has no link of their own to leave a topic is led to their preferences.
    """

    def __init__(
        self, values: Mapping[str, str], escaped: Callable[[str], str]
    ) -> None:
        super().__init__(
            (name, encode(escaped(value))) for name, value in values.items()
        )
        self.token = values[holes.FEEDBACK].encode("ascii")

    def __missing__(self, name: str) -> bytes:
        if name.startswith("leave_url:"):
            return self["manage_url"]
        raise KeyError(name)


def fill(encoded: Encoded, values: Values) -> bytes:
    """Put a reader's own values in the holes."""
    filled = b"".join([p if isinstance(p, bytes) else values[p] for p in encoded])
    return filled.replace(_TOKEN, values.token)


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
        tuple(_assemble(edition, pieces, is_html=True)),
        tuple(_assemble(edition, pieces, is_html=False)),
    )


def _assemble(
    edition: Edition, pieces: Mapping[str, Body], *, is_html: bool
) -> Iterator[bytes | str]:
    def get(key: str) -> Encoded:
        return pieces[key].html if is_html else pieces[key].text

    for piece in get(edition.shell):
        if isinstance(piece, bytes):
            yield piece
        elif piece == holes.BODY:
            for key in edition.parts:
                yield from get(key)
            yield _SOFT_BREAK
        elif piece == holes.COVERAGE:
            yield from get(edition.coverage)
            yield _SOFT_BREAK
        elif piece in edition.texts:
            own = edition.texts[piece]
            yield encode(escape(own) if is_html else own)
        else:
            yield piece


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
    pieces: list[bytes | str] = []
    for at, piece in enumerate(holes.split(content)):
        if piece == holes.FEEDBACK and at % 2:
            pieces.append(_SOFT_BREAK + _TOKEN + _SOFT_BREAK)
        elif at % 2:
            pieces += [_SOFT_BREAK, piece]
        else:
            pieces.append(_quote(piece))
    return tuple(_merge(iter(pieces)))


def _keys(edition: Edition) -> Iterator[str]:
    yield edition.shell
    yield edition.coverage
    yield from edition.parts


def _merge(pieces: Iterator[bytes | str]) -> Iterator[bytes | str]:
    """Join bytes that follow each other."""
    waiting: list[bytes] = []
    for piece in pieces:
        if isinstance(piece, bytes):
            waiting.append(piece)
            continue
        yield b"".join(waiting)
        waiting = []
        yield piece
    yield b"".join(waiting)


def _quote(text: str) -> bytes:
    """Encode lines that end in LF; none begins with a dot, all end in CRLF."""
    if "\r" in text or "\0" in text:
        raise ValueError("a mail has a character that ends or breaks its lines")
    quoted = binascii.b2a_qp(text.encode(), istext=True, header=False)
    while _LEADING_DOT.search(quoted):
        # SMTP would double it. The rest of the line goes on a line of its own.
        quoted = _LEADING_DOT.sub(b"=2E=\n", quoted)
    return quoted.replace(b"\n", b"\r\n")
