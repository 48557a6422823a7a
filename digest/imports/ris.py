"""RIS: one tag a line, as Zotero, publishers and libraries write it.

Read by hand: the libraries for it drop an entry that is not ended without a word, and
know no lines.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from digest.imports.cited import (
    ABSTRACT_LENGTH,
    MOST_ENTRIES,
    Cited,
    ImportRefusedError,
    Library,
    Problem,
    cite,
    name_of,
)

TAG = re.compile(r"([A-Z][A-Z0-9]) {1,2}-(?: (.*)|\s*)")
_TITLES = ("TI", "T1", "CT", "BT")
_ABSTRACTS = ("AB", "N2")
_AUTHORS = ("AU", "A1")
_IDS = ("DO", "UR", "L1", "M1", "N1", "C7", "AN", "JO", "T2")


@dataclass(slots=True)
class _Open:
    """An entry while its lines come."""

    line: int
    fields: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    last: str = ""

    def add(self, tag: str, value: str) -> None:
        self.fields[tag].append(value)
        self.last = tag

    def go_on(self, text: str) -> None:
        """A line without a tag belongs to the one before."""
        values = self.fields[self.last] if self.last else []
        if values and len(values[-1]) < ABSTRACT_LENGTH:
            values[-1] += f" {text}"

    def first(self, tags: tuple[str, ...]) -> str:
        said = (value for tag in tags for value in self.fields.get(tag, ()))
        return next((value for value in said if value.strip()), "")


def read(text: str) -> Library:
    """Return the papers; what cannot be read is left out and named.

    Raises:
        ImportRefusedError: too many entries.
    """
    reader = _Reader()
    for number, line in enumerate(text.splitlines(), start=1):
        found = TAG.fullmatch(line.strip())
        if found:
            reader.take(found[1], found[2] or "", number)
        elif line.strip():
            reader.go_on(line.strip(), number)
    reader.leave_open()
    return Library(tuple(reader.papers), tuple(reader.problems))


class _Reader:
    """Takes line after line."""

    def __init__(self) -> None:
        self.papers: list[Cited] = []
        self.problems: list[Problem] = []
        self._entry: _Open | None = None

    def take(self, tag: str, value: str, line: int) -> None:
        """A line with a tag: "TY" begins an entry, "ER" ends it."""
        if tag == "TY":
            self.leave_open()
            self._entry = _Open(line)
        elif self._entry is None:
            self.problems.append(Problem("outside", name_of(f"{tag} - {value}"), line))
        elif tag == "ER":
            self._close(self._entry)
            self._entry = None
        else:
            self._entry.add(tag, value)

    def go_on(self, text: str, line: int) -> None:
        """A line without a tag."""
        if self._entry is None:
            self.problems.append(Problem("outside", name_of(text), line))
        else:
            self._entry.go_on(text)

    def leave_open(self) -> None:
        """No more lines come for the entry, though it has no end."""
        if self._entry is not None:
            self.problems.append(
                Problem("unfinished", _name(self._entry), self._entry.line)
            )
            self._close(self._entry)
            self._entry = None

    def _close(self, entry: _Open) -> None:
        if len(self.papers) == MOST_ENTRIES:
            raise ImportRefusedError("too_many", entry.line)
        title = entry.first(_TITLES)
        if not title:
            self.problems.append(Problem("no_title", _name(entry), entry.line))
            return
        authors = [name for tag in _AUTHORS for name in entry.fields.get(tag, ())]
        self.papers.append(
            cite(
                title,
                abstract=entry.first(_ABSTRACTS),
                keywords="; ".join(entry.fields.get("KW", ())),
                authors=authors,
                ids=[value for tag in _IDS for value in entry.fields.get(tag, ())],
            )
        )


def _name(entry: _Open) -> str:
    return name_of(entry.first((*_TITLES, "ID")))
