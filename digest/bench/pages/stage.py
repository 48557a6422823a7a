"""The service as it runs in production, on loopback: environment, settings, worker."""

import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

import django
from django.conf import Settings, settings

from digest.bench.pages.browser import Browser
from digest.bench.story.processes import Processes

HOST = "papers.example.org"
HELLO = "/bench/hello/"
_START_SECONDS = 60
_SECRET_KEY = secrets.token_urlsafe(48)
_STATIC = "BENCH_STATIC_DIR"


@dataclass(frozen=True, slots=True)
class Stage:
    """Where everything runs. `environment` holds for all processes."""

    folder: Path
    database_url: str
    broker_port: int
    web_port: int

    @property
    def environment(self) -> dict[str, str]:
        """Settings by environment alone, as in production."""
        return {
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "VAR_DIR": str(self.folder),
            _STATIC: str(self.folder / "static"),
            "SECRET_KEY": _SECRET_KEY,
            "DATABASE_URL": self.database_url,
            "REDIS_URL": f"redis://127.0.0.1:{self.broker_port}/0",
            "SITE_URL": f"https://{HOST}",
            "DIGEST_FROM": f"Paperboy <papers@{HOST}>",
            "DIGEST_POSTAL_ADDRESS": "Paperboy, 1 Example Road, 12345 Exampleton",
            "EMAIL_URL": "smtp://127.0.0.1:9",
        }

    @property
    def log_path(self) -> Path:
        """What the processes print."""
        return self.folder / "log"

    def browser(self, cookies: dict[str, str] | None = None) -> Browser:
        """Somebody who reads pages there."""
        return Browser(HOST, self.web_port, cookies or {})


def set_up() -> None:
    """Take production's settings, but for the view that says hello and the files."""
    base = Settings(os.environ["DJANGO_SETTINGS_MODULE"])
    settings.configure(
        base,
        ROOT_URLCONF="digest.bench.pages.urls",
        STATIC_ROOT=os.environ[_STATIC],
    )
    django.setup()


def open_broker(processes: Processes) -> None:
    """Start what production keeps its counters in."""
    processes.start("config.broker")


def open_worker(stage: Stage, processes: Processes) -> None:
    """Start one gunicorn worker as the Procfile does, and wait until it answers."""
    worker = processes.start(
        *("gunicorn", "digest.bench.pages.wsgi", "--workers", "1", "--threads", "4"),
        *("--bind", f"127.0.0.1:{stage.web_port}", "--no-control-socket"),
    )
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            stage.browser().ask(HELLO)
        except OSError as error:
            if worker.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"gunicorn does not answer: {error}") from error
            time.sleep(0.1)
        else:
            return
