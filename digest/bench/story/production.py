"""The story as an operator runs it: honcho, the Procfile, production's settings.

PostgreSQL and Redis are started for it, mail goes to a relay on loopback, and the
reader's browser plays the proxy that ends TLS. The web process binds to every address
of the computer while it runs, as the Procfile says.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx2

from digest.bench.postgres import PostgresServer
from digest.bench.story.processes import (
    Processes,
    StoryError,
    free_port,
    wait_for_page,
)
from digest.bench.story.stage import SENDING_DOMAIN, Stage

REDIS_PASSWORD = "only-on-loopback"  # noqa: S105  the server ends with the story
RUNNING = ("web", "worker", "transactional", "beat")
SITECUSTOMIZE = """\
import time
from digest.bench.story.clocked import sleep
time.sleep = sleep
"""
"""What `clocked` does, for programs that the Procfile starts by their names."""


@dataclass(frozen=True)
class ProductionStage(Stage):
    """Everything by the environment that the README asks for, and nothing else."""

    database_url: str

    @property
    def site_url(self) -> str:
        """Address of the site, as its readers see it."""
        return f"https://{SENDING_DOMAIN}"

    @property
    def environment(self) -> dict[str, str]:
        """What production needs, and where its programs and files are."""
        programs = str(Path(sys.executable).parent)
        root = str(Path.cwd())
        return {
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ",
            "SITE_URL": self.site_url,
            "DATABASE_URL": self.database_url,
            "REDIS_URL": f"redis://:{REDIS_PASSWORD}@127.0.0.1:{self.broker_port}/0",
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail_port}",
            "DIGEST_FROM": f"Paperboy <papers@{SENDING_DOMAIN}>",
            "DIGEST_POSTAL_ADDRESS": "Example Institute, 1 Example Street",
            "DIGEST_SWEEP_SECONDS": "2",
            "VAR_DIR": str(self.folder),
            "PATH": os.pathsep.join((programs, os.environ["PATH"], "/usr/sbin")),
            "PYTHONPATH": f"{self.folder / 'clock'}:{root}",
        }

    @property
    def proxy(self) -> dict[str, str]:
        """What the proxy in front of the web process tells it."""
        return {
            "host": SENDING_DOMAIN,
            "x-forwarded-proto": "https",
            "x-forwarded-for": "192.0.2.1",
        }

    def open(self, processes: Processes, clock: datetime | Path) -> None:
        """Start what the Procfile names, all under one honcho."""
        (self.folder / "beat-schedule").unlink(missing_ok=True)
        honcho = ("honcho", "-f", "Procfile", "start", "-p", str(self.web_port))
        processes.start(*honcho, *RUNNING, clock=clock)
        wait_for_page(f"http://127.0.0.1:{self.web_port}/", self.proxy)

    def client(self) -> httpx2.Client:
        """A browser at the public address, and the proxy behind it."""
        return httpx2.Client(
            base_url=self.site_url,
            follow_redirects=True,
            timeout=30,
            transport=_Proxy(self.web_port, self.proxy),
        )


class _Proxy(httpx2.BaseTransport):
    """Ends TLS, so to speak: what is asked of the site is asked on loopback."""

    def __init__(self, port: int, headers: dict[str, str]) -> None:
        self._port = port
        self._headers = headers
        self._inner = httpx2.HTTPTransport(trust_env=False)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Ask the web process, with the headers that a proxy sets."""
        url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self._port)
        headers = {**request.headers, **self._headers}
        passed_on = httpx2.Request(
            request.method, url, headers=headers, stream=request.stream
        )
        return self._inner.handle_request(passed_on)


@contextmanager
def set_production_stage(folder: Path) -> Iterator[ProductionStage]:
    """Start PostgreSQL and Redis; both end, and leave nothing, with the block."""
    program = shutil.which("redis-server")
    if program is None:
        raise StoryError("Production has a Redis: apt-get install redis-server")
    (folder / "clock").mkdir()
    (folder / "clock" / "sitecustomize.py").write_text(SITECUSTOMIZE)
    with PostgresServer(is_durable=True) as database:
        stage = ProductionStage(
            folder,
            web_port=free_port(),
            mail_port=free_port(),
            broker_port=free_port(),
            by_provider=False,
            database_url=database.url,
        )
        redis = subprocess.Popen(
            [
                *(program, "--bind", "127.0.0.1", "--port", str(stage.broker_port)),
                *("--dir", str(folder), "--appendonly", "yes"),
                *("--maxmemory-policy", "noeviction"),
                *("--requirepass", REDIS_PASSWORD),
            ],
            stdout=subprocess.DEVNULL,
        )
        try:
            yield stage
        finally:
            redis.terminate()
            redis.wait()
