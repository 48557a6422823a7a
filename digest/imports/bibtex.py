"""BibTeX and BibLaTeX, as editors and Zotero write it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

from bibtexparser.entrypoint import parse_string
from bibtexparser.model import DuplicateBlockKeyBlock, Entry, ParsingFailedBlock

from digest.imports.cited import (
    MOST_DEEP,
    MOST_ENTRIES,
    Cited,
    ImportRefusedError,
    Library,
    Problem,
    cite,
    name_of,
)

# It logs each entry that it cannot read: what a reader has is not for the log.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)

START = re.compile(r"@\s*[A-Za-z]+\s*[{(]")
_NAME = re.compile(r"@\s*[A-Za-z]+\s*[{(]\s*([^\s,{}=]*)")
_MARK = re.compile(r"\\.|[{}]|^[ \t]*@", re.MULTILINE | re.DOTALL)
_IDS = ("eprint", "doi", "url", "number", "note", "journal", "howpublished")


def read(text: str) -> Library:
    """Return the papers; what cannot be read is left out and named.

    Raises:
        ImportRefusedError: too many entries, or braces that are nested without end.
    """
    if sum(1 for _ in START.finditer(text)) > MOST_ENTRIES:
        raise ImportRefusedError("too_many")
    _refuse_depth(text)
    papers: list[Cited] = []
    problems: list[Problem] = []
    blocks = parse_string(text).blocks
    for block in blocks:
        entry = _entry_of(block)
        if entry is not None:
            title = _field(entry, "title")
            if title.strip():
                papers.append(_cite(entry, title))
            else:
                problems.append(_problem("no_title", entry.key, entry))
        elif isinstance(block, ParsingFailedBlock):
            found = _NAME.search(block.raw or "")
            problems.append(_problem("broken", found[1] if found else "", block))
    return Library(tuple(papers), tuple(problems))


def _entry_of(block: object) -> Entry | None:
    """An entry; of two with the same key the second counts, too."""
    if isinstance(block, DuplicateBlockKeyBlock):
        block = block.ignore_error_block
    return block if isinstance(block, Entry) else None


def _problem(code: str, name: str, block: Entry | ParsingFailedBlock) -> Problem:
    return Problem(code, name_of(name), (block.start_line or 0) + 1)


def _cite(entry: Entry, title: str) -> Cited:
    return cite(
        title,
        abstract=_field(entry, "abstract"),
        keywords=_field(entry, "keywords"),
        authors=re.split(r"\s+and\s+", _field(entry, "author"), maxsplit=1)[:1],
        ids=[_field(entry, name) for name in _IDS],
    )


def _field(entry: Entry, name: str) -> str:
    found = (one.value for one in entry.fields if one.key.lower() == name)
    return str(next(found, ""))


def _refuse_depth(text: str) -> None:
    """Braces count anew at each line that begins an entry: one may be unclosed."""
    for depth, place in _depths(text):
        if depth > MOST_DEEP:
            raise ImportRefusedError("too_deep", text.count("\n", 0, place) + 1)


def _depths(text: str) -> Iterator[tuple[int, int]]:
    depth = 0
    for mark in _MARK.finditer(text):
        if mark[0] == "{":
            depth += 1
        elif mark[0] == "}":
            depth = max(depth - 1, 0)
        elif mark[0].endswith("@"):
            depth = 0
        yield depth, mark.start()
