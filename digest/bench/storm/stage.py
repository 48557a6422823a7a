"""Everything that takes part in one storm, started, watched and ended."""

import argparse
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from digest.bench.postgres import PostgresServer
from digest.bench.storm import scene, schedule
from digest.bench.storm.blowing import Storm
from digest.bench.storm.crew import Crew
from digest.bench.storm.environment import WEBHOOK_SECRET, Place
from digest.bench.storm.faults import Faults
from digest.bench.storm.provider import ProviderStub
from digest.bench.storm.reckoning import reckon
from digest.bench.storm.reports import Reports
from digest.bench.storm.sink import Sink
from digest.bench.storm.telling import describe
from digest.bench.storm.wire import Wire
from digest.bench.story.processes import Processes

_BUSY = 0.3
_SLOWEST = 0.25
_REPORT_SECONDS = 60.0
_TIME_LIMIT = "Hard time limit"


class Stage:
    """One storm's place, database and options."""

    def __init__(
        self,
        place: Place,
        database: PostgresServer | Path,
        options: argparse.Namespace,
    ) -> None:
        self._place, self._database, self._options = place, database, options
        self._seconds = 60 * options.minutes
        self._wire = Wire(options.seed, place.folder / "wire.log")
        self._processes = Processes({}, place.log_path)
        # No secrets: the same each time is the point.
        self._chance = random.Random(f"{options.seed} victims")  # noqa: S311
        self._crew = Crew(
            self._processes, place.folder, place.broker_port, self._chance
        )

    def play(self) -> int:
        """From the rows to the verdict; 0 if it holds."""
        seed = self._options.seed
        ids = scene.set_scene(self._options.digests)
        faults = Faults(self._crew, self._wire, self._database, ids, self._chance)
        storm = Storm(faults, ids, self._seconds)
        on_postgres = isinstance(self._database, PostgresServer)
        planned = schedule.draw(seed, self._seconds, on_postgres=on_postgres)
        try:
            self._crew.start()
            with self._serve():
                seconds = storm.blow(planned)
        finally:
            self._crew.clear_up()
            self._processes.stop()
        log = self._place.log_path.read_text(errors="replace")
        lost = faults.lost.plus(limits=log.count(_TIME_LIMIT))
        told = reckon(
            self._wire.read(),
            scene.read_ledger(),
            lost=lost,
            holds=faults.holds,
            hand_off_size=settings.DIGEST_HANDOFF_SIZE,
            seconds=seconds,
        )
        lines = describe(
            told,
            lost,
            faults=storm.counts,
            whims=self._wire.counts,
            reasons=scene.count_reasons(),
        )
        print("\n".join(lines))
        print(f"seed {seed}: " + ("FAILS" if told.problems else "holds"))
        return 1 if told.problems else 0

    @contextmanager
    def _serve(self) -> Iterator[None]:
        """Take mails, slowly enough to meet faults, and fast enough to catch up."""
        pause = min(_SLOWEST, _BUSY * self._seconds / self._options.digests)
        place = self._place
        if not place.by_provider:
            sink = Sink(self._wire, pause, place.mail_port)
            yield
            sink.stop()
            return
        self._processes.start(
            *("gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{place.web_port}"),
            *("--threads", "4", "--no-control-socket"),
        )
        reports = Reports(self._options.seed, place.report_url, WEBHOOK_SECRET)
        stub = ProviderStub(self._wire, reports, pause, place.mail_port)
        yield
        reports.wait(_REPORT_SECONDS)
        stub.stop()
        self._wire.counts["reports taken"] = reports.posted
        self._wire.counts["reports refused, told again"] = reports.refused
