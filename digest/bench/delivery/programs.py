"""The programs of other people that the bench needs, found or named as missing."""

import os
import re
import shutil
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from digest.bench.alone import BenchError
from digest.bench.postgres import free_port

_SBIN = "/usr/sbin"
_BACKLOG = "1000"
_START_SECONDS = 10.0
_COUNT = re.compile(rb"mesg=(\d+)")


def find_program(name: str) -> str:
    """Path of one of Postfix's test programs, which are not in everybody's PATH."""
    path = os.pathsep.join([os.environ.get("PATH", ""), _SBIN])
    found = shutil.which(name, path=path)
    if found is None:
        raise BenchError(f"{name} is missing: apt-get install postfix")
    return found


class NamedSink:
    """A sink that somebody else started; what it took is not known."""

    def __init__(self, address: str) -> None:
        """Take HOST:PORT."""
        host, colon, port = address.rpartition(":")
        if not colon or not port.isdigit():
            raise BenchError(f"{address} is not HOST:PORT.")
        self.host, self.port = host, int(port)

    def count(self) -> int | None:
        """None: nobody counts."""
        return None


class Sink:
    """Postfix's smtp-sink, which takes every mail in and keeps none."""

    host = "127.0.0.1"

    def __init__(self, folder: Path) -> None:
        """Keep its running count in a file of the folder."""
        self._counts = folder / "sink"

    def __enter__(self) -> Self:
        """Start it, and wait until it listens."""
        self.port = free_port()
        user = ["-u", "nobody"] if os.geteuid() == 0 else []
        command = [find_program("smtp-sink"), *user, "-c"]
        with self._counts.open("wb") as counts:
            self._process = subprocess.Popen(
                [*command, f"{self.host}:{self.port}", _BACKLOG], stdout=counts
            )
        self._wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait()

    def count(self) -> int:
        """How many mails it has taken in since it was started."""
        with self._counts.open("rb") as counts:
            size = counts.seek(0, os.SEEK_END)
            counts.seek(max(0, size - 200))
            found = _COUNT.findall(counts.read())
        return int(found[-1]) if found else 0

    def _wait(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        source = [find_program("smtp-source"), "-m", "1", f"{self.host}:{self.port}"]
        while subprocess.run(source, check=False, stderr=subprocess.DEVNULL).returncode:
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise BenchError("smtp-sink does not start.")
            time.sleep(0.05)
