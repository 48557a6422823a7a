"""A table of people (CSV) that staff want to invite: bytes in, rows and problems out.

Promise: pure and bounded, like the other readers of this package. Each row is read by
itself: one that cannot be read has its problem beside it, and stops no other. What is
no address is left to whoever judges addresses.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

MOST_BYTES = 1_000_000
MOST_ROWS = 5_000
MOST_COLUMNS = 200

COLUMNS: Mapping[str, frozenset[str]] = {
    "email": frozenset(
        [
            "email",
            "mail",
            "emailaddress",
            "mailaddress",
            "address",
            "emailaddresses",
            "subscriber",
            "emailadresse",
            "mailadresse",
            "adresse",
            "courriel",
            "adressemail",
            "correo",
            "correoelectronico",
            "indirizzoemail",
        ]
    ),
    "topics": frozenset({"topic", "topics", "interests", "tags", "lists", "themen"}),
    "language": frozenset({"language", "lang", "locale", "sprache", "langue"}),
    "zone": frozenset({"zone", "timezone", "tz", "zeitzone"}),
}
"""Names of columns as mailing programs write them, without spaces and signs."""

DELIMITERS = ",;\t"
_SIGNS = re.compile(r"[\W_]+")
_BRACKETED = re.compile(r"<([^<>]*)>\s*$")
_LIST = re.compile(r"[;,|]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class TableRefusedError(Exception):
    """Nothing of the file can be used.

    `code`: too_large, too_many, too_wide, nothing, encoding, no_address_column.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Row:
    """One person; `line` is that of the row's end in the file.

    `problem`: encoding, control, unclosed, or "" where the row could be read.
    """

    line: int
    email: str
    topics: tuple[str, ...] = ()
    language: str = ""
    zone: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows in their order, and the names of columns that nobody reads."""

    rows: tuple[Row, ...]
    ignored: tuple[str, ...]


def read_table(data: bytes) -> Table:
    """Read the file; its first line names the columns, or is an address itself.

    Raises:
        TableRefusedError: nothing of it can be used.
    """
    if len(data) > MOST_BYTES:
        raise TableRefusedError("too_large")
    text = _decode(data)
    if not text.strip():
        raise TableRefusedError("nothing")
    first = text.lstrip().splitlines()[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows, ignored = _read_lines(
            (reader.line_num, cells) for cells in reader if any(map(str.strip, cells))
        )
    except csv.Error as error:  # a cell of more than 128 kB
        raise TableRefusedError("too_wide") from error
    if not rows:
        raise TableRefusedError("nothing")
    return Table(tuple(rows), tuple(ignored))


def _read_lines(
    lines: Iterator[tuple[int, list[str]]],
) -> tuple[list[Row], list[str]]:
    line, head = next(lines, (0, []))
    places, ignored = _read_head(head)
    rows: list[Row] = []
    if not places:
        places = {"email": _place_of_address(head)}
        rows.append(_row(line, head, places))
    for line_number, cells in lines:
        if len(rows) == MOST_ROWS:
            raise TableRefusedError("too_many")
        rows.append(_row(line_number, cells, places))
    return rows, ignored


def _decode(data: bytes) -> str:
    """UTF-8, or UTF-16 that says so; bytes that are neither are kept, and told of."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise TableRefusedError("encoding") from error
    if b"\x00" in data[:1000]:
        raise TableRefusedError("encoding")
    return data.decode("utf-8-sig", errors="surrogateescape")


def _read_head(cells: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Where each column stands; nothing where the line is an address, not a head."""
    if len(cells) > MOST_COLUMNS:
        raise TableRefusedError("too_wide")
    places: dict[str, int] = {}
    ignored = []
    for place, cell in enumerate(cells):
        name = _SIGNS.sub("", cell).casefold()
        column = next((key for key, names in COLUMNS.items() if name in names), "")
        if column and column not in places:
            places[column] = place
        elif name:
            ignored.append(_readable(cell.strip()))
    return (places, ignored) if "email" in places else ({}, [])


def _place_of_address(cells: Sequence[str]) -> int:
    for place, cell in enumerate(cells):
        if "@" in cell:
            return place
    raise TableRefusedError("no_address_column")


def _row(line: int, cells: Sequence[str], places: Mapping[str, int]) -> Row:
    def cell(name: str) -> str:
        place = places.get(name, len(cells))
        return cells[place].strip() if place < len(cells) else ""

    email = cell("email")
    bracketed = _BRACKETED.search(email)
    if bracketed:
        email = bracketed[1].strip()
    email = email.removeprefix("mailto:")
    return Row(
        line,
        _readable(email)[:320],
        tuple(_split(_readable(cell("topics")))),
        _readable(cell("language")),
        _readable(cell("zone")),
        _problem(cells),
    )


def _split(text: str) -> Iterator[str]:
    for part in _LIST.split(text):
        if part.strip():
            yield part.strip()


def _problem(cells: Sequence[str]) -> str:
    text = "".join(cells)
    if any("\udc80" <= char <= "\udcff" for char in text):
        return "encoding"
    if "\n" in text or "\r" in text:
        return "unclosed"
    return "control" if _CONTROL.search(text) else ""


def _readable(text: str) -> str:
    """What can be shown: bytes that are no text become a mark."""
    shown = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return _CONTROL.sub("\ufffd", " ".join(shown.split()))
