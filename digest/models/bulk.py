"""Write many rows at once, as fast as the database takes them in."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.db import connection, models, transaction

CHUNK = 500
"""How many rows one INSERT holds."""

_LISTED = {
    "postgresql": ("jsonb_array_elements(%s::jsonb) AS v", "v ->> {}"),
    "sqlite": ("json_each(%s) AS v", "json_extract(v.value, '$[{}]')"),
}
"""Rows that are given as JSON, and the value at a place of one, in SQL."""

Row = TypeVar("Row", bound=models.Model)


def insert_new(rows: Sequence[Row]) -> None:
    """Insert rows of one model, all of them new, and give each its primary key.

    PostgreSQL gets them as one COPY, which costs a third of its INSERT. Call it
    inside a transaction of the default database; no signal is sent.

    Raises:
        IntegrityError: a row is there already. Then none is written.
    """
    if not rows:
        return
    if connection.vendor == "postgresql":
        _copy(rows)
    else:
        model = type(rows[0])
        models.QuerySet[Row](model).bulk_create(rows, batch_size=CHUNK)


def insert_values(
    model: type[models.Model], names: Sequence[str], rows: Iterable[tuple[object, ...]]
) -> None:
    """Insert rows that are given as values, in the order of the fields' `names`.

    Several times as fast as `insert_new`, for tables whose rows nobody needs back. A
    field that is not named has its default, the same one in all rows. What JSON is
    made of must not change meanwhile: what several rows share is written out once.
    Call it inside a transaction of the default database; no signal is sent.

    Raises:
        IntegrityError: a row is there already. Then none is written.
    """
    if connection.vendor == "postgresql":
        _copy_values(model, names, rows)
        return
    made = (model(**dict(zip(names, row, strict=True))) for row in rows)
    model._base_manager.bulk_create(made, batch_size=CHUNK)  # noqa: SLF001


def insert_selected(
    model: type[models.Model], names: Sequence[str], rows: models.QuerySet[Any, Any]
) -> list[tuple[int, int]]:
    """Insert what `rows` selects, as the columns `names`, of which the first is a key.

    Returns for each new row that key and its own. The rows never come here.
    """
    database = transaction.get_connection()
    quote = database.ops.quote_name
    selected, parameters = rows.query.sql_with_params()
    columns = ", ".join(map(quote, names))
    statement = (
        f"INSERT INTO {quote(model._meta.db_table)} ({columns}) {selected}"  # noqa: SLF001
        f" RETURNING {quote(names[0])}, id"
    )
    with database.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def update_each(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Sequence[tuple[int | str, ...]],
    where: Mapping[str, object] | None = None,
    **values: object,
) -> int:
    """Give rows values of their own, and all of them `values`; how many were there.

    `rows`: the primary key, then a text or a number for each of `columns`. `where`
    names what the rows must still be like. One statement, whose length does not grow
    with the rows.
    """
    if not rows:
        return 0
    database = transaction.get_connection()
    quote = database.ops.quote_name
    meta = model._meta  # noqa: SLF001
    fields = {field.column: field for field in meta.concrete_fields}

    def prepare(name: str, value: object) -> object:
        return fields[name].get_db_prep_save(value, database)

    source, cell = _LISTED[database.vendor]
    sets = [
        f"{quote(name)} = CAST({cell.format(at)} AS {_type_of(value)})"
        for at, (name, value) in enumerate(zip(columns, rows[0][1:], strict=True), 1)
    ]
    sets += [f"{quote(name)} = %s" for name in values]
    conditions = [f"t.{quote(name)} = %s" for name in where or {}]
    key = f"t.id = CAST({cell.format(0)} AS bigint)"
    statement = (
        f"UPDATE {quote(meta.db_table)} AS t SET {', '.join(sets)}"  # noqa: S608
        f" FROM {source} WHERE {' AND '.join([key, *conditions])}"
    )
    parameters = [prepare(name, value) for name, value in values.items()]
    parameters.append(json.dumps(rows))
    parameters += [prepare(name, value) for name, value in (where or {}).items()]
    with database.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


def _type_of(value: object) -> str:
    return "bigint" if isinstance(value, int) else "text"


def _copy(rows: Sequence[Row]) -> None:
    # The proxy that Django hands out is looked up anew for every value.
    database = transaction.get_connection()
    quote = database.ops.quote_name
    meta = rows[0]._meta  # noqa: SLF001
    key, fields = meta.pk, meta.concrete_fields
    names = ", ".join(quote(field.column) for field in fields)
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) "
            "FROM generate_series(1, %s)",
            [quote(meta.db_table), key.attname, len(rows)],
        )
        for row, (number,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = number
        # Django's own error types come from its wrapper alone.
        with (
            database.wrap_database_errors,
            cursor.copy(f"COPY {quote(meta.db_table)} ({names}) FROM STDIN") as copy,
        ):
            for row in rows:
                values = ((f, f.pre_save(row, add=True)) for f in fields)
                copy.write_row([f.get_db_prep_save(v, database) for f, v in values])
    for row in rows:
        row._state.adding = False  # noqa: SLF001
        row._state.db = database.alias  # noqa: SLF001


def _copy_values(
    model: type[models.Model], names: Sequence[str], rows: Iterable[tuple[object, ...]]
) -> None:
    database = transaction.get_connection()
    quote = database.ops.quote_name
    meta = model._meta  # noqa: SLF001
    fields = {field.attname: field for field in meta.concrete_fields}
    # The key's default is the database's.
    others = [f for name, f in fields.items() if name not in names and f != meta.pk]
    rest = tuple(f.get_db_prep_save(f.get_default(), database) for f in others)
    columns = [fields[name].column for name in names] + [f.column for f in others]
    dumped = [
        (place, _dump_once(field.encoder))
        for place, field in enumerate(map(fields.__getitem__, names))
        if isinstance(field, models.JSONField)
    ]
    listed = ", ".join(map(quote, columns))
    statement = f"COPY {quote(meta.db_table)} ({listed}) FROM STDIN"
    with (
        database.cursor() as cursor,
        database.wrap_database_errors,
        cursor.copy(statement) as copy,
    ):
        for row in rows:
            values = [*row, *rest]
            for place, dump in dumped:
                values[place] = dump(values[place])
            copy.write_row(values)


def _dump_once(encoder: type[json.JSONEncoder] | None) -> Callable[[object], object]:
    """Write each object out once, however often it comes."""
    known: dict[int, tuple[object, str]] = {}

    def dump(value: object) -> object:
        if value is None:
            return None
        if id(value) not in known:
            # An object that is kept keeps its id to itself.
            known[id(value)] = (value, json.dumps(value, cls=encoder))
        return known[id(value)][1]

    return dump
