"""Celery's worker processes, and what they use: processor and memory."""

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from digest.bench.alone import BenchError
from digest.bench.delivery.stage import Stage
from digest.bench.story.processes import Processes
from digest.tasks import send

_START_SECONDS = 60.0
_TICKS = os.sysconf("SC_CLK_TCK")


class Crew:
    """Fresh workers for one round: nothing is in their caches."""

    def __init__(
        self,
        stage: Stage,
        mail: Mapping[str, str],
        workers: int,
        program: Sequence[str] = ("celery",),
    ) -> None:
        """`program` runs Celery; `mail` says how the workers send."""
        self._processes = Processes({**stage.environment, **mail}, stage.log_path)
        self._workers = workers
        self._program = program

    def __enter__(self) -> Self:
        """Start them; return when all take work."""
        self._parent = self._processes.start(
            *self._program,
            *("-A", "config", "worker", "--queues", "digest,transactional"),
            *("--concurrency", str(self._workers), "--loglevel", "WARNING"),
        ).pid
        deadline = time.monotonic() + _START_SECONDS
        while not send.app.control.ping(timeout=0.2):
            if time.monotonic() > deadline:
                self._processes.stop()
                raise BenchError("The workers do not start.")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End them."""
        self._processes.stop()

    def cpu_seconds(self) -> float:
        """Processor time so far, that of the process that hands out work included."""
        return sum(map(_cpu_seconds, [self._parent, *self._children()]))

    def peak_megabytes(self) -> float:
        """Memory of the worker process that ever had most."""
        return max(_megabytes(pid, "VmHWM") for pid in self._children())

    def megabytes(self) -> float:
        """Memory of all worker processes together, now."""
        return sum(_megabytes(pid, "VmRSS") for pid in self._children())

    def _children(self) -> list[int]:
        told = Path(f"/proc/{self._parent}/task/{self._parent}/children").read_text()
        return [int(pid) for pid in told.split()]


def _cpu_seconds(pid: int) -> float:
    # The name, in parentheses, may hold spaces.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    user, system = fields[11:13]
    return (int(user) + int(system)) / _TICKS


def _megabytes(pid: int, name: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    kilobytes = next(line.split()[1] for line in lines if line.startswith(name))
    return int(kilobytes) / 1024
