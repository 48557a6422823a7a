"""A judged collection read from a folder: papers, queries, and who wants what.

Promise: a file that is missing or broken is a `CollectionError` that names the file
and the line; judgments of unknown papers or queries are counted, not lost.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

_COLUMNS = 3


class CollectionError(ValueError):
    """A folder that is no judged collection; the message is for the operator."""


class Document(NamedTuple):
    """A paper of a collection."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Collection:
    """`grades`: for each query, the grade of each judged document by its place.

    `unknown`: judgments whose query or document is not in the files.
    """

    name: str
    documents: tuple[Document, ...]
    queries: tuple[str, ...]
    grades: tuple[dict[int, float], ...]
    unknown: int

    def wanted(self, query: int) -> dict[int, float]:
        """Return the documents that answer a query, with grades above 0."""
        judged = self.grades[query]
        return {place: grade for place, grade in judged.items() if grade > 0}


def read_collection(folder: Path) -> Collection:
    """Read docs.jsonl, queries.jsonl (either may end in .gz) and qrels.tsv."""
    if not folder.is_dir():
        raise CollectionError(f"{folder} is no folder.")
    documents = tuple(
        Document(_field(row, "id", at), _text(row, "title"), _text(row, "text"))
        for row, at in _rows(_find(folder, "docs.jsonl"))
    )
    queries = {
        _field(row, "id", at): _field(row, "text", at)
        for row, at in _rows(_find(folder, "queries.jsonl"))
    }
    places = {document.id: place for place, document in enumerate(documents)}
    if not documents or not queries:
        raise CollectionError(f"{folder} has no documents or no queries.")
    grades: dict[str, dict[int, float]] = {}
    unknown = 0
    for query, document, grade in _judgments(_find(folder, "qrels.tsv")):
        if query in queries and document in places:
            grades.setdefault(query, {})[places[document]] = grade
        else:
            unknown += 1
    judged = [query for query in queries if query in grades]
    return Collection(
        folder.resolve().name,
        documents,
        tuple(queries[query] for query in judged),
        tuple(grades[query] for query in judged),
        unknown,
    )


def _find(folder: Path, name: str) -> Path:
    for path in (folder / name, folder / f"{name}.gz"):
        if path.is_file():
            return path
    raise CollectionError(f"{folder} has no {name}.")


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the lines that say something, each with where it stands."""
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield line.rstrip("\r\n"), f"{path}, line {number}"
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise CollectionError(f"{path} cannot be read: {error}") from error


def _rows(path: Path) -> Iterator[tuple[dict[str, Any], str]]:
    for line, at in _lines(path):
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise CollectionError(f"{at} is no JSON: {error}") from error
        if not isinstance(row, dict):
            raise CollectionError(f"{at} is no object with fields.")
        yield row, at


def _field(row: dict[str, Any], name: str, at: str) -> str:
    value = row.get(name)
    if not isinstance(value, str | int):
        raise CollectionError(f"{at} has no {name}.")
    return str(value)


def _text(row: dict[str, Any], name: str) -> str:
    return str(row.get(name) or "")


def _judgments(path: Path) -> Iterator[tuple[str, str, float]]:
    """Yield query, document and grade; a first line that has no grade is a heading."""
    for number, (line, at) in enumerate(_lines(path)):
        columns = line.split("\t")
        if len(columns) != _COLUMNS:
            raise CollectionError(f"{at} has not three columns between tabs.")
        try:
            grade = float(columns[2])
        except ValueError as error:
            if number:
                raise CollectionError(f"{at} has no number as its grade.") from error
            continue
        yield columns[0].strip(), columns[1].strip(), grade
