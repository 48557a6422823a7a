"""The full-text index over all papers: SearchEntry, by the database's own means.

PostgreSQL keeps a tsvector with a GIN index, SQLite an FTS5 table beside the rows,
which triggers keep in step (the migration makes them). A later migration that alters
this table on SQLite has to make them again.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Lookup

from digest.models.paper import Paper


class LexemesField(models.Field[str, str]):
    """Words with spaces between them, as `matching.paper_lexemes` writes them."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """The type that is searched, where there is one."""
        return "tsvector" if connection.vendor == "postgresql" else "text"

    def get_placeholder(
        self, _value: Any, _compiler: Any, connection: BaseDatabaseWrapper
    ) -> str:
        """The words as they stand: no dictionary of the database touches them."""
        if connection.vendor == "postgresql":
            return "array_to_tsvector(string_to_array(%s, ' '))"
        return "%s"


@LexemesField.register_lookup
class Asked(Lookup[str]):
    """Whether a question in the database's own language holds for the words."""

    lookup_name = "asked"
    prepare_rhs = False

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Ask the tsvector."""
        column, values = self.process_lhs(compiler, connection)
        return f"{column} @@ %s::tsquery", [*values, self.rhs]

    def as_sqlite(
        self, compiler: Any, connection: Any, **_extra: Any
    ) -> tuple[str, list[Any]]:
        """Ask the FTS5 table, whose row ids are those of the papers."""
        column, values = self.process_lhs(compiler, connection)
        paper_id = column.replace('"lexemes"', '"paper_id"')
        question = "SELECT rowid FROM digest_lexemes WHERE digest_lexemes MATCH %s"
        return f"{paper_id} IN ({question})", [*values, self.rhs]


class SearchEntry(models.Model):
    """A paper in the index. `indexed_for`: when the paper had changed last.

    `rules`: the version of the lexemes. Another one, or another time: older words.
    """

    paper = models.OneToOneField(
        Paper, models.CASCADE, primary_key=True, related_name="search"
    )
    indexed_for = models.DateTimeField()
    rules = models.PositiveIntegerField()
    # Of the paper, so that the newest are found without a look at it.
    announced_on = models.DateField(null=True)
    lexemes = LexemesField()

    class Meta:
        indexes = [
            # Of a common word the newest papers are met soonest on this way.
            models.Index(
                fields=["-announced_on", "-paper"], name="search_entry_newest_first"
            ),
        ]

    def __str__(self) -> str:
        return str(self.paper_id)
