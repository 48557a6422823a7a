"""One round after the other: the rivals and the product in turn, on the same rows.

A computer's speed changes from minute to minute, so the wire's limit is measured three
times a round, around what is compared with it.
"""

from dataclasses import dataclass
from pathlib import Path

from redis import Redis

from digest.bench.delivery import rivals, work
from digest.bench.delivery.crew import Crew
from digest.bench.delivery.outcome import SMALL, Growth, Lap, Outcome, Row, Wanted
from digest.bench.delivery.providing import measure_provider
from digest.bench.delivery.scene import Scene
from digest.bench.delivery.stage import Stage, smtp_environment
from digest.bench.delivery.work import UNSETTLED, Doorbell, State
from digest.bench.rows import PlannedSet

_LEAST_SOURCE, _MOST_SOURCE = 1_000, 8_000
_AFTER_WARMING_UP = (Row.SEND, Row.SEND_SMALL, Row.SHARED)
_MOST_SMTPLIB, _MOST_DJANGO = 2_000, 300


@dataclass(frozen=True, slots=True)
class Rounds:
    """Measures into an outcome."""

    stage: Stage
    scene: Scene
    outcome: Outcome

    @property
    def _bell(self) -> Doorbell:
        return Doorbell(Redis.from_url(self.stage.broker_url))

    @property
    def _mail(self) -> dict[str, str]:
        return smtp_environment(self.stage.sink.host, self.stage.sink.port)

    def run(self) -> None:
        """One round."""
        wanted, planned, shared = self._wanted, self.scene.planned, self.scene.shared
        limits = [self._source()]
        with Crew(self.stage, self._mail, wanted.workers) as crew:
            self._whole(planned)
            memory = crew.megabytes()
            limits.append(self._source())
            self._note(Row.RENDER, planned.count, self._render(planned))
            self._send(Row.SEND, planned, wanted.hand_off, crew)
            if wanted.hand_off != SMALL:
                self._render(planned)
                self._send(Row.SEND_SMALL, planned, SMALL, crew)
            if shared:
                self._render(shared)
                self._send(Row.SHARED, shared, wanted.hand_off, crew)
            peak, memory = crew.peak_megabytes(), crew.megabytes() - memory
        limits.append(self._source())
        self.outcome.peak_megabytes = max(self.outcome.peak_megabytes, peak)
        laps = (self.outcome.laps[row] for row in _AFTER_WARMING_UP)
        digests = sum(lap[-1].messages for lap in laps if lap)
        self.outcome.growth = Growth(digests, memory)
        messages = sum(limit.messages for limit in limits)
        seconds = sum(limit.seconds for limit in limits)
        self._note(Row.SOURCE, messages, seconds)
        self._run_rivals()
        measure_provider(self.stage, self._bell, planned, self.outcome)

    def look_on(self, name: str) -> Path:
        """Send once more, with workers that tell of their time, or profile it.

        Return the folder in which they do.
        """
        folder, planned = self.stage.folder / name, self.scene.planned
        folder.mkdir()
        program = ("digest.bench.delivery.worker", name, str(folder))
        with Crew(self.stage, self._mail, self._wanted.workers, program) as crew:
            self._render(planned)
            for told in folder.iterdir():
                told.unlink()
            self._send(None, planned, self._wanted.hand_off, crew)
        return folder

    @property
    def _wanted(self) -> Wanted:
        return self.outcome.wanted

    def _note(self, row: Row, messages: int, seconds: float) -> None:
        self.outcome.laps[row].append(Lap(messages, seconds))

    def _source(self) -> Lap:
        """What the sink takes at most, now."""
        messages = min(_MOST_SOURCE, max(_LEAST_SOURCE, self._wanted.digests))
        sink, folder = self.stage.sink, self.stage.folder
        return Lap(
            messages,
            rivals.run_smtp_source(
                sink.host, sink.port, self.scene.sample, messages, folder
            ),
        )

    def _run_rivals(self) -> None:
        host, port = self.stage.sink.host, self.stage.sink.port
        messages = min(_MOST_SMTPLIB, self._wanted.digests)
        seconds = rivals.run_smtplib(host, port, self.scene.sample, messages)
        self._note(Row.SMTPLIB, messages, seconds)
        messages = min(_MOST_DJANGO, self._wanted.digests)
        seconds = rivals.run_django(host, port, self.scene.lists, messages)
        self._note(Row.DJANGO, messages, seconds)

    def _whole(self, planned: PlannedSet) -> None:
        """From planned rows to accepted ones, by workers that have just started."""
        work.plan_again(planned)
        taken = self.stage.sink.count()
        seconds = self._ring(planned, self._wanted.hand_off)
        self._note(Row.WHOLE, planned.count, seconds)
        self._look_through(Row.WHOLE, planned, taken)

    def _render(self, planned: PlannedSet) -> float:
        """From planned rows to queued ones: while a hold lasts, nothing is sent."""
        work.plan_again(planned)
        held = work.hold()
        seconds = self._bell.send(
            planned.ids, self._wanted.hand_off, until_none_is=[State.PLANNED]
        )
        work.release(held)
        return seconds

    def _send(
        self, row: Row | None, planned: PlannedSet, size: int, crew: Crew
    ) -> None:
        """From queued rows to accepted ones."""
        taken, cpu = self.stage.sink.count(), crew.cpu_seconds()
        seconds = self._ring(planned, size)
        cpu = crew.cpu_seconds() - cpu
        if row:
            self._note(row, planned.count, seconds)
        if row == Row.SEND:
            self.outcome.cpu_seconds.append(cpu * 1000 / planned.count)
        self._look_through(row or Row.SEND, planned, taken)

    def _ring(self, planned: PlannedSet, size: int) -> float:
        return self._bell.send(planned.ids, size, until_none_is=UNSETTLED)

    def _look_through(self, row: Row, planned: PlannedSet, taken: int | None) -> None:
        """See that every mail went once, by the rows and by the sink."""
        problems = work.find_problems(planned.ids)
        now_taken = self.stage.sink.count()
        if taken is None or now_taken is None:
            self.outcome.counted_by_sink = False
        elif now_taken - taken != planned.count:
            mails = now_taken - taken
            problems.append(f"{planned.count} deliveries made {mails} mails")
        self.outcome.problems += [f"{row}: {problem}" for problem in problems]
