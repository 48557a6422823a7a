"""Where everything runs: the database, the broker, the sink, and what they are told."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from digest.bench.database import open_database
from digest.bench.delivery.programs import NamedSink, Sink
from digest.bench.story.processes import free_port

SITE_URL = "https://papers.example.org"


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


def use(stage: Stage, mail: Mapping[str, str]) -> None:
    """Let this process be one of the service's, too."""
    os.environ.update({**stage.environment, **mail})
