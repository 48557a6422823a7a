"""Whether beat, the sweep and a worker of each queue are alive, by their signs."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from digest.health import broker, database
from digest.health.finding import Finding, Verdict, fail, ok, unknown
from digest.models import Heartbeat
from digest.pipeline.watch import heartbeats

INTERVALS = 2.5
"""Of silence make a process dead: its end is told before the third is over."""

SWEEP_INTERVALS = 15
"""The sweep waits its turn in the queue: behind a day's digests it may be late."""

MINUTE, HOUR = 60, 3600

SHORTEST = timedelta(seconds=10)
"""Celery's workers leave a sign each two seconds at most."""


def check_beat(now: datetime) -> Finding:
    """The process that has the sweep started."""
    return _check(
        heartbeats.BEAT,
        _limit(INTERVALS),
        now,
        _("Start `celery -A config beat`: nothing is planned, fetched or sent."),
    )


def check_worker(now: datetime) -> Finding:
    """Whoever plans, renders and sends."""
    return _check(
        heartbeats.of_worker("digest"),
        _limit(INTERVALS),
        now,
        _("Start a worker of the queue `digest`: no digest is planned or sent."),
    )


def check_transactional(now: datetime) -> Finding:
    """Whoever sends confirmations and codes."""
    return _check(
        heartbeats.of_worker("transactional"),
        _limit(INTERVALS),
        now,
        _("Start a worker of the queue `transactional`: nobody can join or sign in."),
    )


def check_sweep(now: datetime) -> Finding:
    """The round that finds what is due; it runs in a worker when beat says so."""
    return _check(
        heartbeats.SWEEP,
        _limit(SWEEP_INTERVALS),
        now,
        _(
            "The queue is longer than its workers can work off, or they hang: add "
            "workers, or restart them."
        ),
    )


def _limit(intervals: float) -> timedelta:
    return max(SHORTEST, timedelta(seconds=settings.DIGEST_SWEEP_SECONDS) * intervals)


def _check(name: str, limit: timedelta, now: datetime, advice: str) -> Finding:
    row = Heartbeat.objects.filter(name=name).first()
    age = now - row.beat_at if row else None
    if age is not None and age <= limit:
        return ok(_("Alive {age} ago.").format(age=_in_words(age)))
    if broker.is_away() or database.check(now).verdict == Verdict.FAIL:
        return unknown(_("Cannot be told while the broker or the database is away."))
    if age is None:
        return fail(_("It has never been alive."), advice)
    return fail(
        _("No sign of life for {age}.").format(age=_in_words(age)),
        advice,
    )


def _in_words(age: timedelta) -> str:
    seconds = max(round(age.total_seconds()), 0)
    if seconds < 2 * MINUTE:
        return _("{seconds} s").format(seconds=seconds)
    if seconds < 2 * HOUR:
        return _("{minutes} min").format(minutes=seconds // MINUTE)
    return _("{hours} h").format(hours=seconds // HOUR)
