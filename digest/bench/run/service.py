"""The product's own way: new papers and due readers, left to its workers."""

import time
from collections.abc import Callable

from digest.bench.alone import BenchError
from digest.bench.delivery.crew import Crew
from digest.bench.delivery.work import UNSETTLED, Doorbell
from digest.bench.run.outcome import Lap
from digest.bench.run.scene import Scene, count_mailed
from digest.models import Delivery, Match, Schedule
from digest.tasks import match_papers, sweep_in_turn

_POLL_SECONDS = 0.01
_PATIENCE_SECONDS = 60.0


def run_service(scene: Scene, bell: Doorbell, crew: Crew) -> Lap:
    """Ring for the papers, as their ingest does, then for the sweep; wait."""
    cpu = crew.cpu_seconds()
    start = time.perf_counter()
    match_papers.delay(list(scene.paper_ids))
    _wait(bell, Match.objects.exists)
    matched = time.perf_counter()
    sweep_in_turn.delay()
    _wait(bell, lambda: not _is_waiting(scene))
    seconds = time.perf_counter() - start
    mails = Delivery.objects.count()
    cpu = crew.cpu_seconds() - cpu
    return Lap(mails, count_mailed(), seconds, cpu, matching=matched - start)


def _is_waiting(scene: Scene) -> bool:
    due = Schedule.objects.filter(next_due_at=scene.due_at)
    return due.exists() or Delivery.objects.filter(state__in=UNSETTLED).exists()


def _wait(bell: Doorbell, is_done: Callable[[], bool]) -> None:
    """Until nobody works and all is done."""
    idle_since: float | None = None
    while True:
        time.sleep(_POLL_SECONDS)
        if bell.is_busy():
            idle_since = None
        elif is_done():
            return
        else:
            # Between the list of tasks and that of running ones is a gap.
            idle_since = idle_since or time.monotonic()
            if time.monotonic() - idle_since > _PATIENCE_SECONDS:
                raise BenchError("Nobody works, and not every reader has a mail.")
