"""Editions' contents: pieces that a process encodes once, joined when a mail leaves.

Until then a mail is the list of its pieces, and known by their hashes: a batch of mails
takes the room of one.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from digest.models import Edition, Fragment
from digest.pipeline.render import holes
from digest.pipeline.render.encoded import (
    SOFT_BREAK,
    Encoded,
    Encoding,
    double,
    encode,
    encode_piece,
)
from digest.pipeline.render.piece import Piece

MOST_KEPT = 4096
"""Pieces that a process keeps: about 5 KB each."""

_BODY, _COVERAGE = holes.BODY.encode("ascii"), holes.COVERAGE.encode("ascii")
_OWN = {name.encode("ascii"): name for name in holes.OWN}


class _Own(dict[bytes, bytes]):
    """What is one edition's own, by hole; the holes of the readers' own stay."""

    def __missing__(self, hole: bytes) -> bytes:
        return b"%%(%b)b" % hole


@dataclass(frozen=True, slots=True)
class Part:
    """One of the two parts of a mail: a shell, what fills it, and the pieces in it."""

    shell: Encoded
    own: _Own
    pieces: Sequence[Encoded]

    def join(self) -> Encoded:
        """The part, with the holes for a reader's own values."""
        own = _Own(self.own)
        own[_BODY] = b"".join([*self.pieces, SOFT_BREAK])
        # Putting these in halves the percent signs of the shell alone.
        return self.shell.replace(b"%%", b"%%%%") % own


@dataclass(frozen=True, slots=True)
class Body:
    """The two parts of a mail, the readers' holes in them, and a hash of all."""

    html: Part
    text: Part
    holes: Sequence[bytes]
    digest: bytes


class Bodies:
    """The contents of some editions, their fragments read together."""

    def __init__(self, editions: Iterable[Edition]) -> None:
        keys = {key for edition in editions for key in _keys(edition)}
        self._pieces = _read(keys)

    def of(self, edition: Edition) -> Body:
        """The content of one of them. ValueError if it lacks a fragment."""
        try:
            return _put_together(edition, self._pieces)
        except KeyError:
            text = f"Edition {edition.pk} is too old: its pieces are gone."
            raise ValueError(text) from None


def make_body(edition: Edition, pieces: Iterable[Piece]) -> Body:
    """The content of an edition that is not stored, from its pieces."""
    encoded = {piece.key: encode_piece(piece.html, piece.text) for piece in pieces}
    return _put_together(edition, encoded)


def _put_together(edition: Edition, encoded: Mapping[str, Encoding]) -> Body:
    pieces = [encoded[key] for key in _keys(edition)]
    shell, coverage, *inner = pieces
    html = _fill_own(edition, shell.html_holes, escape)
    text = _fill_own(edition, shell.text_holes, str)
    own = [*html.values(), *text.values()]
    html[_COVERAGE] = coverage.html + SOFT_BREAK
    text[_COVERAGE] = coverage.text + SOFT_BREAK
    found = frozenset[bytes]().union(
        *[one.html_holes for one in pieces], *[one.text_holes for one in pieces]
    )
    return Body(
        Part(shell.html, html, [one.html for one in inner]),
        Part(shell.text, text, [one.text for one in inner]),
        sorted(found - html.keys() - text.keys() - {_BODY}),
        hash_all(b"".join([one.digest for one in pieces]), own),
    )


def _fill_own(
    edition: Edition, shell_holes: frozenset[bytes], escaped: Callable[[str], str]
) -> _Own:
    return _Own(
        (hole, double(encode(escaped(edition.texts[name]))))
        for hole, name in _OWN.items()
        if hole in shell_holes
    )


def hash_all(digests: bytes, texts: Iterable[bytes]) -> bytes:
    """SHA-256 of hashes and of texts, no one of which holds a NUL."""
    size = b"%d\0" % len(digests)
    return hashlib.sha256(b"\0".join([size + digests, *texts])).digest()


def _keys(edition: Edition) -> list[str]:
    return [edition.shell, edition.coverage, *edition.parts]


_kept: dict[str, Encoding] = {}


def _read(keys: set[str]) -> dict[str, Encoding]:
    """Fragments by key: those that this process has kept, and the rest in one query."""
    found = {key: _kept[key] for key in keys if key in _kept}
    missing = keys - found.keys()
    for fragment in Fragment.objects.filter(key__any_of=missing) if missing else ():
        encoded = encode_piece(fragment.html, fragment.text)
        found[fragment.key] = encoded
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        # It never gets old: a fragment's key is a hash of its content.
        _kept[fragment.key] = encoded
    return found
