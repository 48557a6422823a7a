"""Whether this machine's clock, the database's and the broker's tell one time."""

from __future__ import annotations

import time
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from digest.health import broker
from digest.health.finding import Finding, Verdict, ok

WARN_SECONDS, FAIL_SECONDS = 5, 60


def check(_now: datetime) -> Finding:
    """The largest difference, in seconds, from the clock of this machine."""
    drifts = [_drift_of_broker()]
    if connection.vendor == "postgresql":
        drifts.append(_drift_of_database())
    drift = max(drifts)
    text = _("The clocks differ by {seconds} s.").format(seconds=round(drift, 1))
    if drift < WARN_SECONDS:
        return ok(text)
    return Finding(
        Verdict.FAIL if drift > FAIL_SECONDS else Verdict.WARN,
        text,
        _("Let NTP set the clocks of all machines: leases and hours hang on them."),
    )


def _drift_of_database() -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        return abs(float(cursor.fetchone()[0]) - time.time())


def _drift_of_broker() -> float:
    """None of its own where the broker is away: its own check tells that."""
    try:
        with broker.connect() as client:
            seconds, micro = client.time()
    except (RedisError, OSError):
        return 0.0
    return abs(float(seconds) + float(micro) / 1e6 - time.time())
