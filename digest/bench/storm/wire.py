"""What really was taken over the wire: a log that is written before any answer.

It is the truth about the wire, whatever happens to the sender afterwards.
"""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from digest.bench.storm.reckoning import Decision

Kind = TypeVar("Kind", bound=StrEnum)

_TRAP_SECONDS = 10.0


class Trap:
    """Holds the next message, before or after the server takes it."""

    def __init__(self, *, is_after: bool) -> None:
        self.is_after = is_after
        self.sprung = threading.Event()
        self.release = threading.Event()


class Wire:
    """The log, what was counted, and the trap; for the server's many threads."""

    def __init__(self, seed: int, path: Path) -> None:
        self.seed = seed
        self.counts: Counter[str] = Counter()
        self._path = path
        self._visits: Counter[str] = Counter()
        self._trap: Trap | None = None
        self._lock = threading.Lock()
        path.touch()

    def draw(self, name: str, choose: Callable[[int, str, int], Kind]) -> Kind:
        """Choose by seed, name, and how often that name came."""
        with self._lock:
            self._visits[name] += 1
            chosen = choose(self.seed, name, self._visits[name])
            self.counts[chosen] += 1
            return chosen

    def note(self, decision: Decision) -> None:
        """Write down what was decided; a trap holds it before that, or after."""
        self._wait_in_trap(is_after=False)
        decision = replace(decision, at=time.time())
        values = [getattr(decision, name) for name in Decision.__slots__]
        with self._lock, self._path.open("a", encoding="utf-8") as log:
            log.write(json.dumps(values) + "\n")
        self._wait_in_trap(is_after=True)

    def read(self) -> list[Decision]:
        """All that was decided."""
        lines = self._path.read_text(encoding="utf-8").splitlines()
        return [Decision(*json.loads(line)) for line in lines]

    def set_trap(self, trap: Trap) -> None:
        """Have it hold the next message."""
        self._trap = trap

    def _wait_in_trap(self, *, is_after: bool) -> None:
        with self._lock:
            trap = self._trap
            if trap is None or trap.is_after is not is_after:
                return
            self._trap = None
        trap.sprung.set()
        trap.release.wait(_TRAP_SECONDS)
