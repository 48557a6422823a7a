"""Signs of life: beat, the sweep and a worker of each queue leave one as they work.

The rows are what `digest.health` reads. A sign says that something lived then, and
nothing of what it did.
"""

from __future__ import annotations

from datetime import datetime

from digest.models import Heartbeat

BEAT, SWEEP = "beat", "sweep"

QUEUES = ("digest", "transactional")
"""Of Celery, as the settings route tasks; each needs a worker."""


def of_worker(queue: str) -> str:
    """The name of the sign that whoever works off this queue leaves."""
    return f"worker: {queue}"


def leave(name: str, *, now: datetime) -> None:
    """Leave a sign of life."""
    if not Heartbeat.objects.filter(name=name).update(beat_at=now):
        Heartbeat.objects.update_or_create(name=name, defaults={"beat_at": now})
