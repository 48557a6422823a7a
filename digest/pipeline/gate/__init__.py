"""Beside the stages: what holds sending by itself until an operator has looked.

What looks like a restored copy does (`restored`), and too many complaints do
(`complaints`). Whoever is in charge is told by mail and releases the hold in the admin.
"""

from digest.pipeline.gate.complaints import hold_if_complained
from digest.pipeline.gate.restored import count_due, hold_if_suspicious

__all__ = ["count_due", "hold_if_complained", "hold_if_suspicious"]
