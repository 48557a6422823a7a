"""CSL-JSON, as Zotero and Pandoc write it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from digest.imports.cited import (
    MOST_ENTRIES,
    Cited,
    ImportRefusedError,
    Library,
    Problem,
    cite,
    name_of,
)

_IDS = ("DOI", "URL", "number", "note", "archive_location", "container-title")


def read(text: str) -> Library:
    """Return the papers; what cannot be read is left out and named.

    Raises:
        ImportRefusedError: no JSON, no list of references, or too many of them.
    """
    rows = _rows(text)
    if len(rows) > MOST_ENTRIES:
        raise ImportRefusedError("too_many")
    papers: list[Cited] = []
    problems: list[Problem] = []
    for number, row in enumerate(rows, start=1):
        name = name_of(str(row.get("id", ""))) if isinstance(row, dict) else ""
        shown = name or str(number)
        if not isinstance(row, dict):
            problems.append(Problem("broken", shown, 0))
        elif not _text(row, "title").strip():
            problems.append(Problem("no_title", shown, _line_of(name, text)))
        else:
            papers.append(_cite(row))
    return Library(tuple(papers), tuple(problems))


def _rows(text: str) -> list[Any]:
    try:
        said = json.loads(text)
    except json.JSONDecodeError as error:
        raise ImportRefusedError("json", error.lineno) from error
    except RecursionError as error:
        raise ImportRefusedError("too_deep") from error
    except ValueError as error:  # a number of thousands of digits
        raise ImportRefusedError("json") from error
    if isinstance(said, dict):
        said = said.get("items", [said])
    if not isinstance(said, list):
        raise ImportRefusedError("unknown_kind")
    return said


def _cite(row: Mapping[str, Any]) -> Cited:
    authors = row.get("author")
    return cite(
        _text(row, "title"),
        abstract=_text(row, "abstract"),
        keywords=_text(row, "keyword"),
        authors=map(_printed, authors) if isinstance(authors, list) else (),
        ids=[_text(row, name) for name in _IDS],
    )


def _text(row: Mapping[str, Any], name: str) -> str:
    """The field, if it is a text."""
    value = row.get(name)
    return value if isinstance(value, str) else ""


def _printed(author: object) -> str:
    if not isinstance(author, dict):
        return ""
    family = _text(author, "family") or _text(author, "literal")
    return f"{family}, {_text(author, 'given')}"


def _line_of(name: str, text: str) -> int:
    """Where the name stands; 0 if it is not told."""
    place = text.find(json.dumps(name, ensure_ascii=False)) if name else -1
    return text.count("\n", 0, place) + 1 if place >= 0 else 0
