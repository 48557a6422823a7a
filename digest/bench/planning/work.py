"""What is timed: planning all who are due, range by range, as the sweep's tasks do."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from digest.bench.planning.scene import Scene
from digest.models import Schedule
from digest.pipeline import plan


@dataclass(slots=True)
class Planned:
    """What it took. `third_seconds`: for a third of the readers, as the first went."""

    digests: int = 0
    queries: int = 0
    seconds: float = 0.0
    third_seconds: float = 0.0

    def count(self, execute: Any, *arguments: Any) -> Any:
        """Count a query, for `connection.execute_wrapper`."""
        self.queries += 1
        return execute(*arguments)


def plan_all(scene: Scene, size: int) -> Planned:
    """Plan all readers, so many in one transaction."""
    planned = Planned()
    start = time.perf_counter()
    with connection.execute_wrapper(planned.count):
        for ids in _ranges(scene, size):
            planned.digests += len(plan.plan_digests(ids, now=scene.now))
            share = planned.digests / scene.subscribers
            if not planned.third_seconds and share * 3 >= 1:
                # A batch may go beyond the third.
                planned.third_seconds = (time.perf_counter() - start) / (3 * share)
    planned.seconds = time.perf_counter() - start
    return planned


def _ranges(scene: Scene, size: int) -> Iterator[list[int]]:
    """The ids of the due schedules, a range at a time."""
    due = Schedule.objects.due(scene.now).order_by("pk").values_list("pk", flat=True)
    ids = list(due[:size])
    while ids:
        yield ids
        ids = list(due.filter(pk__gt=ids[-1])[:size])
