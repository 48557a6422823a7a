"""The service as processes: a real broker, workers, beats and an SMTP server."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from redis import Redis
from redis.exceptions import ConnectionError as BrokerAway

from digest.bench.story.processes import Processes, free_port

DEADLINE_SECONDS = 40
REDIS_SERVER = shutil.which("redis-server")


class Inbox:
    """An SMTP server's messages; it can sit on the final dot and never answer."""

    def __init__(self) -> None:
        self.recipients: list[str] = []
        self.is_stuck = False
        self.at_the_dot = threading.Event()

    async def handle_DATA(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        self.recipients.append(str(envelope.rcpt_tos[0]))
        self.at_the_dot.set()
        if self.is_stuck:
            assert server.loop is not None
            await server.loop.create_future()
        return "250 kept"


class Service:
    """One installation in a folder of its own."""

    def __init__(
        self,
        folder: Path,
        broker: list[str] | None,
        log: Path | None = None,
        **environment: str,
    ) -> None:
        """`log`: where the processes print, if not into a file of the folder."""
        self.inbox = Inbox()
        self._broker = broker
        self._database = folder / "test.sqlite3"
        self._folder = folder
        mail_port, self._broker_port = free_port(), free_port()
        self._web_port = free_port()
        self._smtp = Controller(self.inbox, hostname="127.0.0.1", port=mail_port)
        self._smtp.start()
        self.log_path = folder / "log"
        self._processes = Processes(
            {
                "DJANGO_SETTINGS_MODULE": "config.settings.local",
                "VAR_DIR": str(folder),
                "DATABASE_URL": f"sqlite:///{self._database}",
                "REDIS_URL": f"redis://127.0.0.1:{self._broker_port}/0",
                "SITE_URL": "http://127.0.0.1:8000",
                "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
                "DIGEST_SWEEP_SECONDS": "1",
                "DIGEST_CLAIM_LEASE_SECONDS": "3",
                "DIGEST_HANDOFF_LEASE_SECONDS": "3",
                **environment,
            },
            log or self.log_path,
        )

    def prepare(self, reader_count: int) -> None:
        """Make the database with so many due readers."""
        self._processes.run("tests.queue.scene", str(reader_count))

    def start_broker(self) -> Redis:
        """Start the broker; return a client of it once it answers."""
        if self._broker:
            port = str(self._broker_port)
            self.broker_process = self._processes.start(
                "tests.queue.launch", *self._broker, "--port", port, "--save", ""
            )
        else:
            self.broker_process = self._processes.start("config.broker")
        client = Redis(port=self._broker_port)
        self.wait_until(lambda: _answers(client), "the broker answers")
        return client

    def start_worker(
        self, queues: str = "digest,transactional"
    ) -> subprocess.Popen[bytes]:
        """Start a worker with two child processes, on both queues if not told."""
        return self._processes.start(
            *("celery", "-A", "config", "--quiet", "worker", "--concurrency", "2"),
            *(
                "--queues",
                queues,
                "--loglevel",
                "WARNING",
                "--hostname",
                f"{queues}@%h",
            ),
        )

    def start_beat(self, name: str = "beat") -> subprocess.Popen[bytes]:
        """Start a beat with a schedule file of its own."""
        return self._processes.start(
            *("celery", "-A", "config", "--quiet", "beat", "--loglevel", "WARNING"),
            "--pidfile=",
            f"--schedule={self._folder / name}",
        )

    def start_web(self) -> None:
        """Start a web process."""
        self._processes.start(
            *("gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{self._web_port}"),
            *("--log-level", "warning", "--no-control-socket"),
        )

    def failing(self) -> list[str] | None:
        """What /healthz/ready names; None before it answers."""
        url = f"http://127.0.0.1:{self._web_port}/healthz/ready"
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return list(json.load(answer)["failing"])
        except urllib.error.HTTPError as error:
            return list(json.load(error)["failing"])
        except OSError:
            return None

    def add_silent_source(self, hours: int) -> None:
        """Add one at an address that does not answer, last read so long ago."""
        self._processes.run("tests.queue.scene", "--source", str(hours))

    def publish(self, task: str, *arguments: int | list[int]) -> None:
        """Put a task on the queue, as another process would."""
        self._processes.run(
            *("celery", "-A", "config", "call", task),
            f"--args={list(arguments)}",
        )

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """End a process and its children at once, as a lack of memory does."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def states(self) -> list[str]:
        """State of every delivery."""
        return [row[0] for row in self.ask("SELECT state FROM digest_delivery")]

    def ask(self, query: str) -> list[tuple[str, ...]]:
        """Read the database as it is now."""
        with sqlite3.connect(self._database, timeout=20) as connection:
            return connection.execute(query).fetchall()

    def change(self, *statements: str) -> None:
        """Change the tables while the processes run."""
        with sqlite3.connect(self._database, timeout=20) as connection:
            for statement in statements:
                connection.execute(statement)

    def wait_until(
        self, holds: Callable[[], bool], what: str, within: float = DEADLINE_SECONDS
    ) -> None:
        """Return when it holds; fail, with what was printed, if it is not in time."""
        deadline = time.monotonic() + within
        while not holds():
            if time.monotonic() > deadline:
                log = ""
                if self.log_path.exists():
                    log = self.log_path.read_text(errors="replace")[-3000:]
                pytest.fail(f"Never happened: {what}\n{log}")
            time.sleep(0.1)

    def sweeps(self) -> str:
        """When the last sweep was; it changes with each one."""
        rows = self.ask("SELECT beat_at FROM digest_heartbeat WHERE name = 'sweep'")
        return rows[0][0] if rows else ""

    def wait_for_sweeps(self, count: int) -> None:
        """Let so many sweeps pass."""
        for _sweep in range(count):
            last = self.sweeps()
            self.wait_until(lambda last=last: self.sweeps() != last, "a sweep")  # type: ignore[misc]

    def stop(self) -> None:
        """End everything."""
        self._processes.stop()
        self._smtp.stop()


def _answers(client: Redis) -> bool:
    try:
        return bool(client.ping())
    except BrokerAway:
        return False


@pytest.fixture(params=["bundled Valkey", "Debian's Redis"])
def any_broker(request: pytest.FixtureRequest) -> list[str] | None:
    """Command of the broker under test; None is the bundled one."""
    if request.param == "bundled Valkey":
        return None
    if REDIS_SERVER is None:
        pytest.skip("Redis: apt-get install redis-server")
    return [REDIS_SERVER, "--bind", "127.0.0.1"]


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """A service on the bundled broker, stopped at the end."""
    service = Service(tmp_path, None)
    yield service
    service.stop()


@pytest.fixture
def service_on(any_broker: list[str] | None, tmp_path: Path) -> Iterator[Service]:
    """A service on each kind of broker in turn."""
    service = Service(tmp_path, any_broker)
    yield service
    service.stop()
