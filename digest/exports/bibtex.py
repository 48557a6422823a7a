"""BibTeX: one entry a paper, each under a key of its own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from digest.exports.reference import Name, Reference

# Braces count even after a backslash, so they have to go by name.
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    **{character: f"\\{character}" for character in "$&%#_"},
}
_ESCAPES = str.maketrans(_SPECIAL)
_AND = re.compile(r"\band\b", re.IGNORECASE)
_SHORT_WORD = 3


def write(references: Sequence[Reference]) -> str:
    """All entries, one after the other."""
    used: set[str] = set()
    return "\n".join(_entry(reference, used) for reference in references)


def _entry(reference: Reference, used: set[str]) -> str:
    kind = "article" if reference.journal else "misc"
    lines = [f"  {name} = {{{value}}}," for name, value in _fields(reference) if value]
    head = f"@{kind}{{{_new_key(reference, used)},"
    return "\n".join([head, *lines, "}", ""])


def _fields(reference: Reference) -> Iterator[tuple[str, str]]:
    yield "title", f"{{{_escape(reference.title)}}}"
    yield "author", " and ".join(map(_name, reference.authors))
    if reference.published_on:
        yield "year", str(reference.published_on.year)
        yield "month", str(reference.published_on.month)
    yield "journal", _escape(reference.journal)
    yield "doi", _address(reference.doi)
    if reference.arxiv_id:
        yield "eprint", _address(reference.arxiv_id)
        yield "archiveprefix", "arXiv"
        yield "primaryclass", _escape(reference.category)
    yield "url", _address(reference.url)
    yield "abstract", _escape(reference.abstract)


def _name(name: Name) -> str:
    if not name.given:
        return f"{{{_escape(name.family)}}}"
    text = f"{_escape(name.family)}, {_escape(name.given)}"
    # Between names stands "and"; inside of one it must not be read so.
    return f"{{{text}}}" if _AND.search(text) else text


def _escape(text: str) -> str:
    return text.translate(_ESCAPES)


def _address(text: str) -> str:
    """Addresses are taken as they stand, but for what would end the field."""
    return quote(text, safe="!#$%&'()*+,-./:;=?@[]_~")


def _new_key(reference: Reference, used: set[str]) -> str:
    """Family name, year and a word of the title: `author2611grasping`."""
    family = reference.authors[0].family if reference.authors else ""
    year = str(reference.published_on.year) if reference.published_on else ""
    words = [_plain(word) for word in reference.title.split()]
    word = next((word for word in words if len(word) > _SHORT_WORD), "")
    stem = f"{_plain(family)}{year}{word}" or "paper"
    key, number = stem, 1
    while key in used:
        number += 1
        key = f"{stem}-{number}"
    used.add(key)
    return key


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", folded.lower())
