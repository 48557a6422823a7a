"""An empty database for a bench that runs alone: PostgreSQL, as durable as in use."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from digest.bench.alone import BenchError
from digest.bench.postgres import PostgresServer


@contextmanager
def open_database(url: str | None) -> Iterator[str]:
    """Its address: on a server of our own, or beside the one that is named."""
    if not url:
        with PostgresServer(is_durable=True) as server:
            yield server.url
        return
    parts = urlsplit(url)
    if not parts.scheme.startswith("postgres"):
        raise BenchError("This is measured on PostgreSQL: postgres://…")
    name = f"paperboy_bench_{secrets.token_hex(4)}"
    _execute(url, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield urlunsplit(parts._replace(path=f"/{name}"))
    finally:
        drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
        _execute(url, drop.format(sql.Identifier(name)))


def _execute(url: str, statement: sql.Composed) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)
