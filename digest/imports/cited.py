"""What a file of references says: papers, and what could not be read of it.

Promise: plain one-line texts of bounded length, whatever the file holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from digest import tex
from digest.sources import arxiv_id
from digest.sources.entry import Author, Entry
from digest.sources.identity import bare_doi, fingerprint

MOST_BYTES = 1_000_000
MOST_ENTRIES = 2000
MOST_DEEP = 40
"""How deep brackets may be nested: no reference needs more than a few."""

TITLE_LENGTH = 500
ABSTRACT_LENGTH = 5000
_NAME_LENGTH = 80

_SAID_ARXIV = re.compile(r"arxiv[.:]\s*([\w./-]+)", re.IGNORECASE)
_SPACE = re.compile(r"[\x00-\x20\x7f]+")


class ImportRefusedError(ValueError):
    """A file of which nothing can be used. `code` says why, `line` where, from 1.

    Codes: too_large, encoding, unknown_kind, nothing, too_many, too_deep, json.
    """

    def __init__(self, code: str, line: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.line = line


@dataclass(frozen=True, slots=True)
class Problem:
    """One entry that could not be read, or not wholly: by name, and where it begins.

    Codes: broken, unfinished, outside, no_title.
    """

    code: str
    name: str
    line: int


@dataclass(frozen=True, slots=True)
class Cited:
    """One paper as the file states it. `keys`: what the archive may know it by."""

    title: str
    abstract: str
    keywords: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Library:
    """All that a file said."""

    papers: tuple[Cited, ...]
    problems: tuple[Problem, ...] = ()


def cite(
    title: str,
    *,
    abstract: str = "",
    keywords: str = "",
    authors: Iterable[str] = (),
    ids: Iterable[str] = (),
) -> Cited:
    """Make plain what a file says; `ids` are texts that may hold an id or a DOI."""
    plain = one_line(title, TITLE_LENGTH)
    names = tuple(Author(one_line(name, _NAME_LENGTH)) for name in authors)
    said = [one_line(text, TITLE_LENGTH) for text in ids]
    title_key = fingerprint(Entry(plain, "", authors=names[:1]))
    keys = [
        *(f"arxiv:{bare}" for bare in map(_arxiv_id, said) if bare),
        *(f"doi:{doi}" for doi in map(bare_doi, said) if doi),
        *([f"title:{title_key}"] if title_key else []),
    ]
    return Cited(
        plain,
        one_line(abstract, ABSTRACT_LENGTH),
        one_line(keywords, TITLE_LENGTH),
        tuple(dict.fromkeys(keys)),
    )


def one_line(text: str, length: int) -> str:
    """Plain text without TeX, braces and control characters."""
    # TeX is longer than what it says; what is far too long is cut before it is read.
    plain = tex.to_unicode(_SPACE.sub(" ", text[: 2 * length]))
    return _SPACE.sub(" ", plain.replace("{", "").replace("}", "")).strip()[:length]


def name_of(text: str) -> str:
    """An entry's name as a message may show it."""
    return _SPACE.sub(" ", text).strip()[:_NAME_LENGTH]


def _arxiv_id(text: str) -> str:
    found = (arxiv_id.split(one)[0] for one in chain([text], _said(text)))
    return next(filter(None, found), "")


def _said(text: str) -> list[str]:
    """Ids within a text such as "arXiv preprint arXiv:1706.03762"."""
    return [found.rstrip(".") for found in _SAID_ARXIV.findall(text)]
