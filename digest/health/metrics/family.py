"""Gauges, in as few words as they need."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client.core import GaugeMetricFamily

PREFIX = "paperboy_"


def gauge(name: str, what: str, value: float) -> GaugeMetricFamily:
    """One number."""
    return GaugeMetricFamily(PREFIX + name, what, value=value)


def gauges(
    name: str, what: str, label: str, values: Mapping[str, float]
) -> GaugeMetricFamily:
    """A number for each value of a label."""
    family = GaugeMetricFamily(PREFIX + name, what, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family
