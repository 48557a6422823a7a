"""The rival: one bare COPY for each table, of the rows that planning wrote.

They go into copies of the tables, with the same defaults, checks, indexes and foreign
keys, in one transaction. The bytes are read out before the clock runs.
"""

import time
from pathlib import Path

from django.db import connection, transaction

from digest.models import Delivery, Digest, DigestItem

TABLES = tuple(m._meta.db_table for m in (Digest, DigestItem, Delivery))  # noqa: SLF001
_BLOCK = 1 << 18


def copy_all(folder: Path) -> tuple[float, int]:
    """Write all planned rows again, with COPY; seconds, and how many rows."""
    for table in TABLES:
        _read_out(table, folder / table)
    _make_copies()
    start = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES:
            statement = f"COPY {_copy_of(table)} FROM STDIN"
            with cursor.copy(statement) as copy, (folder / table).open("rb") as rows:
                while block := rows.read(_BLOCK):
                    copy.write(block)
    seconds = time.perf_counter() - start
    count = 0
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM {_copy_of(table)}")  # noqa: S608
            count += cursor.fetchone()[0]
            (folder / table).unlink()
        cursor.execute(f"DROP TABLE {', '.join(map(_copy_of, TABLES))}")
    return seconds, count


def forget() -> None:
    """Empty the tables that planning writes; whoever was planned is due again."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")


def _copy_of(table: str) -> str:
    return f"bench_{table}"


def _read_out(table: str, path: Path) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} TO STDOUT") as copy,
        path.open("wb") as rows,
    ):
        rows.writelines(copy)


def _make_copies() -> None:
    """Foreign keys are all that LIKE leaves out; those between the three follow."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(
                f"CREATE TABLE {_copy_of(table)} (LIKE {table} INCLUDING ALL)"
            )
        for table in TABLES:
            cursor.execute(
                "SELECT pg_get_constraintdef(oid) FROM pg_constraint "
                "WHERE contype = 'f' AND conrelid = %s::regclass",
                [table],
            )
            for (definition,) in cursor.fetchall():
                own = _among_copies(definition)
                cursor.execute(f"ALTER TABLE {_copy_of(table)} ADD {own}")


def _among_copies(definition: str) -> str:
    for table in TABLES:
        definition = definition.replace(
            f"REFERENCES {table}(", f"REFERENCES {_copy_of(table)}("
        )
    return definition
