"""A lap for each size of batch: plan, copy what was written, forget it."""

import resource
import sys
from pathlib import Path

from django.db import connection

from digest.bench.planning.copying import copy_all, forget
from digest.bench.planning.outcome import Lap, Outcome
from digest.bench.planning.scene import Scene
from digest.bench.planning.work import plan_all
from digest.models import Schedule

SIZES = (100, 500)
"""Readers in one transaction: as many as the sweep gives a task, and more."""


def measure_planning(scene: Scene, folder: Path) -> Outcome:
    """Plan all readers at each size; `folder` takes the rows for COPY."""
    laps = [_run(scene, size, folder) for size in SIZES]
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return Outcome(scene.subscribers, laps, kilobytes / 1024)


def _run(scene: Scene, size: int, folder: Path) -> Lap:
    print(f"planning {size} at a time …", file=sys.stderr)
    planned = plan_all(scene, size)
    copy_seconds, rows = copy_all(folder)
    forget()
    Schedule.objects.update(next_due_at=scene.due_at)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return Lap(
        size,
        planned.digests,
        rows,
        planned.queries,
        planned.seconds,
        copy_seconds,
        planned.seconds / planned.third_seconds,
    )
