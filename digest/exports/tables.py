"""JSON and CSV: one row a paper, with what its list says of it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence

from digest.exports.reference import Reference

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_json(references: Sequence[Reference]) -> str:
    """A list of objects; authors are a list too."""
    rows = [
        {**_row(each), "authors": list(each.printed_authors)} for each in references
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def write_csv(references: Sequence[Reference]) -> str:
    """A table with a line of names; nothing in it is a formula to a spreadsheet."""
    rows = [
        {**_row(each), "authors": "; ".join(each.printed_authors)}
        for each in references
    ]
    return write_rows(rows)


def write_rows(rows: Sequence[Mapping[str, str]]) -> str:
    """Any rows as such a table, with the columns of all of them."""
    columns = dict.fromkeys(name for row in rows for name in row)
    written = io.StringIO()
    table = csv.DictWriter(written, list(columns))
    table.writeheader()
    table.writerows({name: _text(value) for name, value in row.items()} for row in rows)
    return written.getvalue()


def _row(reference: Reference) -> Mapping[str, str]:
    day = reference.published_on
    return {
        "title": reference.title,
        "authors": "",
        "published": day.isoformat() if day else "",
        "journal": reference.journal,
        "doi": reference.doi,
        "arxiv_id": reference.arxiv_id,
        "category": reference.category,
        "url": reference.url,
        "abstract": reference.abstract,
        **reference.extra,
    }


def _text(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value
