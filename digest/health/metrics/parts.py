"""Metrics of the parts: checks, signs of life, the broker, disks and sources."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from prometheus_client.metrics_core import Metric
from redis.exceptions import RedisError

from digest import health
from digest.health import broker, disk, sources
from digest.health.metrics.family import gauge, gauges
from digest.models import Heartbeat, Source
from digest.pipeline.watch import heartbeats

SIGNS = (
    heartbeats.BEAT,
    heartbeats.SWEEP,
    *(heartbeats.of_worker(queue) for queue in heartbeats.QUEUES),
)


def collect(now: datetime) -> Iterator[Metric]:
    """These families, with some ten queries."""
    found = health.run(health.READY, now)
    failing = {n: f.verdict == health.Verdict.FAIL for n, f in found.items()}
    yield gauges("check_failing", "1 for a check that is red.", "check", failing)
    yield gauge("ready", "1 if /healthz/ready is green.", not any(failing.values()))
    yield gauges(
        "heartbeat_age_seconds",
        "Since the last sign of life.",
        "name",
        {
            row.name: (now - row.beat_at).total_seconds()
            for row in Heartbeat.objects.filter(name__in=SIGNS)
        },
    )
    yield gauges(
        "broker_tasks", "Messages that no worker has taken.", "queue", _tasks()
    )
    yield gauges("free_bytes", "Room left where it writes.", "place", disk.free_space())
    yield from _sources(now)


def _tasks() -> dict[str, float]:
    """Lengths of the queues; none while the broker is away."""
    try:
        with broker.connect() as client:
            return {name: float(client.llen(name)) for name in heartbeats.QUEUES}
    except (RedisError, OSError):
        return {}


def _sources(now: datetime) -> Iterator[Metric]:
    late = {found.source.slug: found for found in sources.late_sources(now)}
    active = Source.objects.filter(is_active=True)
    failures = dict(active.values_list("slug", "failure_count"))
    yield gauges(
        "source_late_seconds",
        "How late a source is; 0 if it is not.",
        "source",
        {
            slug: (now - late[slug].since).total_seconds() if slug in late else 0.0
            for slug in failures
        },
    )
    yield gauges(
        "source_failures", "Times in a row that it failed.", "source", failures
    )
