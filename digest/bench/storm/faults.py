"""What each fault does, and what must be done some seconds later to mend it."""

import contextlib
import random
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg
from django.conf import settings
from kombu.exceptions import OperationalError as BrokerAway
from redis.exceptions import RedisError

from digest.bench.delivery.work import hold, release
from digest.bench.postgres import PostgresServer
from digest.bench.storm.crew import WORKERS, Crew
from digest.bench.storm.reckoning import Losses
from digest.bench.storm.scene import patiently
from digest.bench.storm.schedule import Fault
from digest.bench.storm.wire import Trap, Wire
from digest.tasks import send

COPIES = 5
_TRAP_SECONDS = 8.0
_SECOND_BEAT_SECONDS = 15.0
_BROKER_SECONDS = 3.0
_LOCK_SECONDS = 5.0
_FULL_SECONDS = 5.0
_HOLD_SECONDS = 15.0
_MARGIN = 3.0


@dataclass(frozen=True, slots=True)
class Mending:
    """What is to be done after so many seconds."""

    after: float
    do: Callable[[], object]


class Faults:
    """Does one fault at a time, and counts what it may have broken off."""

    def __init__(
        self,
        crew: Crew,
        wire: Wire,
        database: PostgresServer | Path,
        ids: range,
        chance: random.Random,
    ) -> None:
        """`database` is a server of our own, or the path of SQLite's file."""
        self._crew, self._wire, self._database = crew, wire, database
        self._ids, self._chance = ids, chance
        self.lost = Losses()
        self.holds: list[tuple[float, float]] = []
        self._deeds: dict[Fault, Callable[[], Mending | None]] = {
            Fault.KILL_CHILD: self._kill_child,
            Fault.KILL_AT_DOT: partial(self._kill_in_trap, is_after=False),
            Fault.KILL_AFTER_DOT: partial(self._kill_in_trap, is_after=True),
            Fault.KILL_WORKER: self._kill_worker,
            Fault.DEPLOY: self._deploy,
            Fault.STOP_SHORT: partial(self._stop, settings.DIGEST_CLAIM_LEASE_SECONDS),
            Fault.STOP_LONG: partial(self._stop, settings.DIGEST_HANDOFF_LEASE_SECONDS),
            Fault.BROKER_KILL: self._kill_broker,
            Fault.BROKER_FLUSH: self._flush_broker,
            Fault.DATABASE_RESTART: self._disturb_database,
            Fault.DATABASE_FULL: self._fill_database,
            Fault.DATABASE_LOCK: self._disturb_database,
            Fault.SECOND_BEAT: self._double_beat,
            Fault.DOUBLED_TASKS: self._double_tasks,
            Fault.HOLD: self._hold,
        }

    def do(self, fault: Fault) -> Mending | None:
        """Do it."""
        return self._deeds[fault]()

    def _count(self, **more: int) -> None:
        self.lost = self.lost.plus(**more)

    def _kill_child(self) -> None:
        self._count(kills=self._crew.kill_children(self._crew.choose()))

    def _kill_worker(self) -> None:
        self._count(kills=self._crew.kill_worker())

    def _deploy(self) -> None:
        # It may be asked to end while it waits for an answer longer than it has.
        self._count(stops=1)
        self._crew.deploy()

    def _kill_broker(self) -> Mending:
        self._crew.kill_broker()
        return Mending(_BROKER_SECONDS, self._crew.start_broker)

    def _flush_broker(self) -> None:
        with contextlib.suppress(RedisError):
            self._crew.redis.flushall()

    def _double_beat(self) -> Mending:
        beat = self._crew.start_beat()
        return Mending(_SECOND_BEAT_SECONDS, beat.terminate)

    def _hold(self) -> Mending:
        held = patiently(hold)
        begun = time.time()

        def let_go() -> None:
            self.holds.append((begun, time.time()))
            patiently(partial(release, held))

        return Mending(_HOLD_SECONDS, let_go)

    def _kill_in_trap(self, *, is_after: bool) -> None:
        """Wait for a message at its dot; kill while the sender waits for the answer."""
        trap = Trap(is_after=is_after)
        self._wire.set_trap(trap)
        trap.sprung.wait(_TRAP_SECONDS)
        self._count(kills=self._crew.kill_children())
        trap.release.set()

    def _stop(self, lease: float) -> Mending:
        worker = self._crew.stop_worker()
        # It may be in a hand-off whose lease ends; a claim's end leaves no doubt.
        self._count(stops=1)
        return Mending(lease + _MARGIN, lambda: self._crew.go_on(worker))

    def _disturb_database(self) -> None:
        if isinstance(self._database, PostgresServer):
            # A hand-off that was committed, and of which its worker never heard.
            self._count(restarts=WORKERS)
            self._database.restart()
            return
        held = sqlite3.connect(
            self._database, timeout=20, isolation_level=None, check_same_thread=False
        )
        held.execute("BEGIN IMMEDIATE")
        # Not as a mending: who mends may itself be waiting for the lock.
        threading.Timer(_LOCK_SECONDS, held.close).start()

    def _fill_database(self) -> Mending:
        """Take every connection that is free; who needs a new one gets none."""
        assert isinstance(self._database, PostgresServer)  # noqa: S101  it is drawn for no other
        taken = []
        with contextlib.suppress(psycopg.OperationalError):
            while True:
                taken.append(psycopg.connect(self._database.url))

        def let_go() -> None:
            for connection in taken:
                connection.close()

        return Mending(_FULL_SECONDS, let_go)

    def _double_tasks(self) -> None:
        size = settings.DIGEST_HANDOFF_SIZE
        start = self._chance.randrange(self._ids.start, self._ids.stop)
        ids = list(range(start, min(start + size, self._ids.stop)))
        with contextlib.suppress(BrokerAway, RedisError):
            for _copy in range(COPIES):
                send.apply_async((ids,), retry=False)
