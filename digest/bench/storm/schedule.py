"""Which fault comes when, drawn from the seed: every kind before any comes again."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """What is done to the processes."""

    KILL_CHILD = "SIGKILL of a worker's child"
    KILL_AT_DOT = "SIGKILL of every child at the dot, before the server took it"
    KILL_AFTER_DOT = "SIGKILL of every child after the server took it, before 250"
    KILL_WORKER = "SIGKILL of a whole worker"
    DEPLOY = "SIGTERM of a worker, and a new one"
    STOP_SHORT = "SIGSTOP of a worker past the claim's lease, SIGCONT"
    STOP_LONG = "SIGSTOP of a worker past the hand-off's lease, SIGCONT"
    BROKER_KILL = "SIGKILL of the broker, which keeps nothing, and a new one"
    BROKER_FLUSH = "FLUSHALL"
    DATABASE_RESTART = "immediate restart of PostgreSQL"
    DATABASE_FULL = "no connection to PostgreSQL is free"
    DATABASE_LOCK = "SQLite locked"
    SECOND_BEAT = "a second beat"
    DOUBLED_TASKS = "tasks for the same deliveries, five times"
    HOLD = "sending on hold"


_OF_POSTGRES = {Fault.DATABASE_RESTART, Fault.DATABASE_FULL}
_OF_SQLITE = {Fault.DATABASE_LOCK}
_GAP = (3.0, 7.0)
_CALM_START = 5.0


@dataclass(frozen=True, slots=True)
class Planned:
    """A fault and its second."""

    at: float
    fault: Fault


def draw(seed: int, seconds: float, *, on_postgres: bool) -> Sequence[Planned]:
    """The faults of so many seconds."""
    chance = random.Random(f"{seed} schedule")  # noqa: S311  the same each time
    left_out = _OF_SQLITE if on_postgres else _OF_POSTGRES
    kinds = [fault for fault in Fault if fault not in left_out]
    planned = []
    at = _CALM_START
    for fault in _endlessly(kinds, chance):
        if at >= seconds:
            break
        planned.append(Planned(at, fault))
        at += chance.uniform(*_GAP)
    return planned


def _endlessly(kinds: Sequence[Fault], chance: random.Random) -> Iterator[Fault]:
    while True:
        yield from chance.sample(kinds, len(kinds))
