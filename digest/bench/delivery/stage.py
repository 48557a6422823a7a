"""Where everything runs: the database, the broker, the sink, and what they are told."""

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from digest.bench.delivery.programs import BenchError, NamedSink, Sink
from digest.bench.postgres import PostgresServer
from digest.bench.story.processes import free_port

SITE_URL = "https://papers.example.org"
_OURS = ("DIGEST_", "EMAIL_", "ANYMAIL_", "CELERY_")


@dataclass(frozen=True, slots=True)
class Stage:
    """Addresses on loopback. `environment` holds for all processes but for the mail."""

    folder: Path
    database_url: str
    broker_port: int
    sink: Sink | NamedSink

    @property
    def environment(self) -> dict[str, str]:
        """Settings by environment alone, as in production."""
        return {
            "DJANGO_SETTINGS_MODULE": "config.settings.local",
            "VAR_DIR": str(self.folder),
            "SECRET_KEY": "bench",
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.broker_url,
            "SITE_URL": SITE_URL,
            "DIGEST_FROM": "Paperboy <papers@papers.example.org>",
            "DIGEST_POSTAL_ADDRESS": "Paperboy, 1 Example Road, 12345 Exampleton",
        }

    @property
    def broker_url(self) -> str:
        """Address for REDIS_URL."""
        return f"redis://127.0.0.1:{self.broker_port}/0"

    @property
    def log_path(self) -> Path:
        """What the processes print."""
        return self.folder / "log"


def smtp_environment(host: str, port: int) -> dict[str, str]:
    """Mail goes there by SMTP."""
    return {"EMAIL_URL": f"smtp://{host}:{port}"}


def own_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without what was set for a service of somebody's."""
    return {
        name: value for name, value in environment.items() if not name.startswith(_OURS)
    }


@contextmanager
def set_stage(folder: Path, database: str | None, sink: str | None) -> Iterator[Stage]:
    """Start what is not named; the broker is started with the workers."""
    with _open_sink(folder, sink) as opened, open_database(database) as url:
        yield Stage(folder, url, free_port(), opened)


@contextmanager
def _open_sink(folder: Path, address: str | None) -> Iterator[Sink | NamedSink]:
    if address:
        yield NamedSink(address)
        return
    with Sink(folder) as sink:
        yield sink


@contextmanager
def open_database(url: str | None) -> Iterator[str]:
    """An empty database: of a server of our own, or beside the one that is named."""
    if not url:
        with PostgresServer(is_durable=True) as server:
            yield server.url
        return
    parts = urlsplit(url)
    if not parts.scheme.startswith("postgres"):
        raise BenchError("Delivery is measured on PostgreSQL: postgres://…")
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


def use(stage: Stage, mail: Mapping[str, str]) -> None:
    """Let this process be one of the service's, too."""
    os.environ.update({**stage.environment, **mail})
