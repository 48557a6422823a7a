"""Everything that takes part in one storm, started, watched and ended."""

import argparse
import os
import random
from pathlib import Path

from django.conf import settings

from digest.bench.postgres import PostgresServer
from digest.bench.storm import scene, schedule
from digest.bench.storm.blowing import Storm
from digest.bench.storm.crew import Crew
from digest.bench.storm.faults import Faults
from digest.bench.storm.reckoning import reckon
from digest.bench.storm.sink import Sink
from digest.bench.storm.telling import describe
from digest.bench.storm.wire import Wire
from digest.bench.story.processes import Processes

_BUSY = 0.7
_SLOWEST = 0.25
_TIME_LIMIT = "Hard time limit"


class Stage:
    """One storm's folder, database, broker port and options."""

    def __init__(
        self,
        folder: Path,
        database: PostgresServer | Path,
        broker_port: int,
        options: argparse.Namespace,
    ) -> None:
        self._database, self._options = database, options
        self._seconds = 60 * options.minutes
        # Slow enough that the workers are busy for most of the time.
        pause = min(_SLOWEST, _BUSY * self._seconds / options.digests)
        self._wire = Wire(options.seed, folder / "wire.log")
        self._sink = Sink(self._wire, pause)
        os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{self._sink.port}"
        self._log_path = folder / "log"
        self._processes = Processes({}, self._log_path)
        chance = random.Random(f"{options.seed} victims")  # noqa: S311
        self._chance = chance
        self._crew = Crew(self._processes, folder, broker_port, chance)

    def play(self) -> int:
        """From the rows to the verdict; 0 if it holds."""
        seed = self._options.seed
        ids = scene.set_scene(self._options.digests)
        faults = Faults(self._crew, self._wire, self._database, ids, self._chance)
        storm = Storm(faults, ids, self._seconds)
        on_postgres = isinstance(self._database, PostgresServer)
        try:
            self._crew.start()
            seconds = storm.blow(
                schedule.draw(seed, self._seconds, on_postgres=on_postgres)
            )
        finally:
            self._crew.clear_up()
            self._processes.stop()
            self._sink.stop()
        limits = self._log_path.read_text(errors="replace").count(_TIME_LIMIT)
        lost = faults.lost.plus(limits=limits)
        told = reckon(
            self._wire.read(),
            scene.read_ledger(),
            lost=lost,
            hand_off_size=settings.DIGEST_HANDOFF_SIZE,
            seconds=seconds,
        )
        for line in describe(told, lost, storm.counts, self._wire.counts):
            print(line)
        print(f"seed {seed}: " + ("FAILS" if told.problems else "holds"))
        return 1 if told.problems else 0
