"""Whether the broker answers. It keeps nothing; without it nobody is woken."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from redis import Redis
from redis.exceptions import RedisError

from digest.health.finding import Finding, fail, ok

TIMEOUT_SECONDS = 2.0


def connect() -> Redis:
    """A client that waits for two seconds, and no longer."""
    return Redis.from_url(
        settings.CELERY_BROKER_URL,
        socket_timeout=TIMEOUT_SECONDS,
        socket_connect_timeout=TIMEOUT_SECONDS,
    )


def is_away() -> str:
    """Why it does not answer; empty if it does."""
    try:
        with connect() as client:
            client.ping()
    except (RedisError, OSError) as error:
        return type(error).__name__
    return ""


def check(_now: datetime) -> Finding:
    """One ping."""
    problem = is_away()
    if problem:
        return fail(
            _("The broker does not answer: {problem}").format(problem=problem),
            _(
                "Start Redis, or see whether REDIS_URL names it. Nothing is lost: what "
                "is due waits in the database."
            ),
        )
    return ok(_("The broker answers."))
