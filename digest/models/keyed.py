"""Many rows by their keys, in a statement that is no longer than one for a single row.

A list in SQL has a place for each value, and writing and reading all those places takes
longer than finding the rows. What is here passes them as one value.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.db.models import CharField, Field, ForeignObject, Func, Lookup


@Field.register_lookup
@ForeignObject.register_lookup
class AnyOf(Lookup[Any]):
    """`pk__any_of=keys` is `pk__in=keys`, for keys that are known.

    They are whole numbers, or texts without control characters.
    """

    lookup_name = "any_of"

    def get_prep_lookup(self) -> str:
        """Write the keys down once."""
        return json.dumps(list(self.rhs), ensure_ascii=False)

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """As an array, which is written like JSON but for its brackets."""
        lhs, parameters = self.process_lhs(compiler, connection)
        # What is looked for may be nothing, which says nothing of its kind.
        kind = "text" if isinstance(self.lhs.output_field, CharField) else "bigint"
        return f"{lhs} = ANY(%s::{kind}[])", [*parameters, f"{{{self.rhs[1:-1]}}}"]

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """As JSON."""
        lhs, parameters = self.process_lhs(compiler, connection)
        listed = "SELECT value FROM json_each(%s)"
        return f"{lhs} IN ({listed})", [*parameters, self.rhs]


class ByKey(Func):
    """In an UPDATE: what `texts` has for the row's primary key, or NULL."""

    arity = 1

    def __init__(self, texts: Mapping[int, str]) -> None:
        super().__init__("pk", output_field=CharField())
        self._texts = json.dumps(texts)

    def as_sql(
        self, compiler: Any, connection: Any, *_arguments: Any, **_context: Any
    ) -> tuple[str, tuple[str, ...]]:
        """Look into an object, which the database reads once."""
        key, _none = compiler.compile(self.source_expressions[0])
        look = (
            f"(%s::jsonb ->> {key}::text)"
            if connection.vendor == "postgresql"
            else f"json_extract(%s, '$.' || {key})"
        )
        return look, (self._texts,)
