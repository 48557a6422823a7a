"""The service's processes, started with a clock of their own and stopped together."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

LIBRARIES = "/usr/lib/*/faketime/libfaketimeMT.so.1"
CLOCKED = [sys.executable, "-m", "digest.bench.story.clocked"]
STOP_SECONDS = 30
START_SECONDS = 120


class StoryError(Exception):
    """The story cannot go on; the text says why."""


def find_faketime() -> Path:
    """The library that sets a process's clock."""
    found = sorted(Path("/").glob(LIBRARIES.removeprefix("/")))
    if not found:
        raise StoryError("The story sets the clock: apt-get install faketime")
    return found[0]


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Processes:
    """Starts commands in the background, all with the same environment."""

    def __init__(self, environment: dict[str, str], log_path: Path) -> None:
        """Keep the environment; what the processes print goes to `log_path`."""
        self._environment = {**os.environ, **environment}
        self._log_path = log_path
        self._running: list[subprocess.Popen[bytes]] = []

    def start(
        self, *command: str, clock: datetime | Path | None = None
    ) -> subprocess.Popen[bytes]:
        """Start one process; with `clock` its time begins there and goes on.

        A path names a file with the seconds by which its clock is off, which may
        change while it runs.
        """
        with self._log_path.open("ab") as log:
            process = subprocess.Popen(
                [*CLOCKED, *command],
                env={**self._environment, **_clock(clock)},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._running.append(process)
        return process

    def run(self, *command: str, clock: datetime | Path | None = None) -> str:
        """Run one command to its end at that time; return what it printed."""
        done = subprocess.run(
            [*CLOCKED, *command],
            env={**self._environment, **_clock(clock)},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise StoryError(f"{' '.join(command)}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def stop(self) -> None:
        """End every process, the last one first: a worker needs its broker to stop.

        Each is asked first, then made to. Nothing is left running.
        """
        for process in reversed(self._running):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self._running.clear()


def _clock(clock: datetime | Path | None) -> dict[str, str]:
    if clock is None:
        return {}
    if isinstance(clock, Path):
        setting = {"FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1"}
        # Times of files stay real: gunicorn tells by them whether a worker lives.
        setting["NO_FAKE_STAT"] = "1"
    else:
        setting = {"FAKETIME": f"@{clock:%Y-%m-%d %H:%M:%S}"}
    return {
        "LD_PRELOAD": str(find_faketime()),
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "TZ": "UTC",
        **setting,
    }


def wait_for_page(url: str, headers: Mapping[str, str] | None = None) -> None:
    """Return when the page answers."""
    request = urllib.request.Request(url, headers=dict(headers or {}))  # noqa: S310
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with urllib.request.urlopen(request, timeout=30):  # noqa: S310  loopback
                return
        except (urllib.error.URLError, OSError) as error:
            if time.monotonic() > deadline:
                raise StoryError(f"{url} does not answer: {error}") from error
            time.sleep(0.1)
