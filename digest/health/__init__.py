"""The checks that `manage.py doctor`, /healthz/ready and /metrics share.

A check is a function of the time that changes nothing and says how one thing is. One
that cannot be made is UNKNOWN: whatever stopped it has a check of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import DatabaseError, InterfaceError
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from digest.health import (
    broker,
    clock,
    configuration,
    database,
    disk,
    lives,
    queue,
    sources,
    templates,
)
from digest.health.finding import Check, Finding, Verdict, unknown

__all__ = ["READY", "SERVICE", "Check", "Finding", "Verdict", "run"]

READY: dict[str, Check] = {
    "database": database.check,
    "broker": broker.check,
    "beat": lives.check_beat,
    "worker": lives.check_worker,
    "transactional": lives.check_transactional,
    "sweep": lives.check_sweep,
    "disk": disk.check,
    "sources": sources.check,
    "uncertain": queue.check_uncertain,
    "webhook": configuration.check_webhook,
}
"""What turns /healthz/ready red; each costs a few milliseconds."""

SERVICE: dict[str, Check] = {
    **READY,
    "migrations": database.check_migrations,
    "settings": configuration.check,
    "templates": templates.check,
    "last digest": templates.check_last_digest,
    "waiting": queue.check_waiting,
    "holds": queue.check_holds,
    "clock": clock.check,
}
"""All that can be seen from within."""


def run(checks: Mapping[str, Check], now: datetime) -> dict[str, Finding]:
    """Make these checks, one after the other."""
    return {name: _make(check, now) for name, check in checks.items()}


def _make(check: Check, now: datetime) -> Finding:
    try:
        return check(now)
    except (DatabaseError, InterfaceError, RedisError, OSError) as error:
        words = _("It could not be checked: {error}")
        return unknown(words.format(error=" ".join(str(error).split())))
