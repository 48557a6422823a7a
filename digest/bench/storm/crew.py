"""The processes of the service: two workers, a beat, a broker; killed and replaced."""

import contextlib
import os
import random
import signal
import subprocess
import time
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from digest.bench.story.processes import Processes, StoryError

WORKERS = 2
_START_SECONDS = 90.0


class Crew:
    """Two workers with a child each, so that one lost child is one hand-off at most."""

    def __init__(
        self, processes: Processes, folder: Path, port: int, chance: random.Random
    ) -> None:
        self._processes, self._folder, self._chance = processes, folder, chance
        self.redis = Redis(port=port, socket_timeout=2)
        self._started = 0
        self._workers: list[subprocess.Popen[bytes]] = []
        self._leaving: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start all; return when both workers have their child."""
        self.start_broker()
        for _number in range(WORKERS):
            self._workers.append(self._start_worker())
        self.start_beat()
        deadline = time.monotonic() + _START_SECONDS
        while len(self.children()) < WORKERS:
            if time.monotonic() > deadline:
                raise StoryError("The workers do not start.")
            time.sleep(0.2)

    def start_broker(self) -> None:
        """Start a broker that knows nothing; return when it answers."""
        self._broker = self._processes.start("config.broker")
        deadline = time.monotonic() + _START_SECONDS
        while True:
            with contextlib.suppress(RedisError):
                self.redis.ping()
                return
            if time.monotonic() > deadline:
                raise StoryError("The broker does not start.")
            time.sleep(0.1)

    def kill_broker(self) -> None:
        """End it at once; it keeps nothing."""
        _kill(self._broker)

    def start_beat(self) -> subprocess.Popen[bytes]:
        """Start a beat with a schedule file of its own."""
        self._started += 1
        return self._processes.start(
            *("celery", "-A", "config", "beat", "--loglevel", "WARNING", "--pidfile="),
            f"--schedule={self._folder / f'beat{self._started}'}",
        )

    def choose(self) -> subprocess.Popen[bytes]:
        """One of the workers."""
        return self._chance.choice(self._workers)

    def kill_children(self, worker: subprocess.Popen[bytes] | None = None) -> int:
        """SIGKILL the child of one worker, or of each; how many died."""
        children = self.children(worker)
        for pid in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return len(children)

    def kill_worker(self) -> int:
        """SIGKILL a worker and its child, and start another; how many children died."""
        worker = self.choose()
        dead = len(self.children(worker))
        _kill(worker)
        self._replace(worker)
        return dead

    def deploy(self) -> None:
        """Ask a worker to end, and start another."""
        worker = self.choose()
        worker.send_signal(signal.SIGTERM)
        self._leaving.append(worker)
        self._replace(worker)

    def stop_worker(self) -> subprocess.Popen[bytes]:
        """SIGSTOP a worker and its child."""
        worker = self.choose()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGSTOP)
        return worker

    def go_on(self, worker: subprocess.Popen[bytes]) -> None:
        """SIGCONT a worker and its child."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGCONT)

    def clear_up(self) -> None:
        """Let everything that was stopped go on, so that it can be ended."""
        for worker in [*self._workers, *self._leaving]:
            self.go_on(worker)

    def children(self, worker: subprocess.Popen[bytes] | None = None) -> list[int]:
        """Process ids of the children of one worker, or of all."""
        found: list[int] = []
        for one in [worker] if worker else self._workers:
            path = Path(f"/proc/{one.pid}/task/{one.pid}/children")
            with contextlib.suppress(OSError):
                found += map(int, path.read_text().split())
        return found

    def _start_worker(self) -> subprocess.Popen[bytes]:
        self._started += 1
        return self._processes.start(
            *("celery", "-A", "config", "worker", "--concurrency", "1"),
            *("--queues", "digest,transactional", "--loglevel", "WARNING"),
            *("--hostname", f"storm{self._started}@%h"),
        )

    def _replace(self, worker: subprocess.Popen[bytes]) -> None:
        self._workers[self._workers.index(worker)] = self._start_worker()


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
