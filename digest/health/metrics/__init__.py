"""What /metrics tells Prometheus: counted from the database at each scrape.

Only what takes long to count is kept, for minutes, where all web processes find it: any
of them may be asked, and a restart loses nothing. No other number costs more than an
index's worth of the last days, and no label holds anything of a person.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from prometheus_client import generate_latest
from prometheus_client.metrics_core import Metric

from digest.health.metrics import parts, sending


class _Scrape:
    """What `generate_latest` asks of a registry, at one time."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def collect(self) -> Iterator[Metric]:
        """All families, in the order of the page."""
        yield from parts.collect(self._now)
        yield from sending.collect(self._now)


def expose(now: datetime) -> bytes:
    """The page, in Prometheus' text format."""
    return generate_latest(_Scrape(now))
