"""The same asked of the database's own full-text search: who is right, and faster.

It is told the words as our tokeniser sees them, one form each under a number of its
own, so that "c++" or "3.5" mean the same to both; what a query asks of them, and where
they stand, it finds out by itself. Title and abstract lie a word apart that nobody
asks for. SQLite is asked through FTS5, PostgreSQL through tsvector with a GIN index.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db import connection

from digest.matching import PaperText, Query
from digest.matching.query import And, Node, Not
from digest.matching.terms import Text
from digest.matching.tokens import tokenise
from digest.matching.variants import normalise

_BORDER = "w0"
_CHUNK = 1000
_TABLES = {
    "sqlite": (
        "CREATE VIRTUAL TABLE bench_paper USING fts5(words, tokenize='ascii')",
        "INSERT INTO bench_paper (rowid, words) VALUES (%s, %s)",
        "SELECT rowid FROM bench_paper WHERE bench_paper MATCH %s",
        "SELECT count(*) FROM bench_query JOIN bench_paper ON bench_paper MATCH asked",
    ),
    "postgresql": (
        "CREATE TABLE bench_paper (rowid integer, words tsvector)",
        "INSERT INTO bench_paper VALUES (%s, to_tsvector('simple', %s))",
        "SELECT rowid FROM bench_paper WHERE words @@ %s::tsquery",
        "SELECT count(*) FROM bench_query JOIN bench_paper ON words @@ asked",
    ),
}


class Oracle:
    """The papers in a table of full text, and the queries in its language."""

    def __init__(self, papers: Iterable[PaperText]) -> None:
        """Write the papers into a table of their own."""
        self._is_sqlite = connection.vendor == "sqlite"
        create, insert, self._ask, self._join = _TABLES[connection.vendor]
        self._numbers: dict[str, str] = {}
        with connection.cursor() as cursor:
            cursor.execute(create)
            cursor.executemany(insert, [(p.key, self._write(p)) for p in papers])
            if not self._is_sqlite:
                cursor.execute("CREATE INDEX ON bench_paper USING gin (words)")
                cursor.execute("ANALYZE bench_paper")

    def translate(self, query: Query) -> str:
        """Return a query in the language of the full-text search."""
        return self._translate(query.root)

    def ask(self, translated: str) -> set[int]:
        """Return the keys of the papers that a query finds."""
        with connection.cursor() as cursor:
            cursor.execute(self._ask, [translated])
            return {row[0] for row in cursor.fetchall()}

    def write_queries(self, translated: Sequence[str]) -> None:
        """Put the queries into a table, to be joined with the papers."""
        kind = "text" if self._is_sqlite else "tsquery"
        values: list[Any] = [(text,) for text in translated]
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE bench_query (asked {kind})")
            rest = iter(values)
            while chunk := list(islice(rest, _CHUNK)):
                rows = ", ".join(["(%s)"] * len(chunk))
                cursor.execute(
                    f"INSERT INTO bench_query VALUES {rows}",  # noqa: S608
                    [text for (text,) in chunk],
                )
            if not self._is_sqlite:
                cursor.execute("ANALYZE bench_query")

    def join(self) -> int:
        """Return how many pairs of query and paper one statement finds."""
        with connection.cursor() as cursor:
            cursor.execute(self._join)
            return int(cursor.fetchone()[0])

    def _write(self, paper: PaperText) -> str:
        title, abstract = (
            " ".join(self._number(token.form) for token in tokenise(text))
            for text in (paper.title, paper.abstract)
        )
        return f"{title} {_BORDER} {abstract}"

    def _number(self, form: str) -> str:
        word = normalise(form)
        return self._numbers.setdefault(word, f"w{len(self._numbers) + 1}")

    def _translate(self, node: Node) -> str:
        if isinstance(node, And):
            wanted = [c for c in node.children if not isinstance(c, Not)]
            excluded = [c.child for c in node.children if isinstance(c, Not)]
            both, without = (" AND ", " NOT ") if self._is_sqlite else (" & ", " & !")
            text = both.join(map(self._translate, wanted))
            return without.join([f"({text})", *map(self._translate, excluded)])
        if isinstance(node, Text):
            words = [self._number(step[-1]) for step in node.words]
            if self._is_sqlite:
                return f'"{" ".join(words)}"'
            return f"({' <-> '.join(words)})"
        raise TypeError(node)


def count_pairs(found: Mapping[int, int]) -> int:
    """Return how many pairs of query and paper there are in the bits of each query."""
    return sum(papers.bit_count() for papers in found.values())
