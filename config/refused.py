"""Who sent forged reports is turned away for a minute, before anything is looked at.

Counted by network address, as the limits on sign-ups are. Reports with the secret are
not counted, however many: a provider may have a morning's worth at once. Where the
cache is away nobody is turned away, for a lost broker may cost no report.
"""

from contextlib import suppress

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

MOST_REFUSED = 30
"""Forged reports from one address until it is turned away."""

SECONDS = 60


def is_turned_away(request: HttpRequest) -> bool:
    """Whether too much from there was refused of late."""
    with suppress(RedisError):
        return bool(cache.get(_key(request), 0) >= MOST_REFUSED)
    return False


def note(request: HttpRequest) -> None:
    """Count a refusal."""
    key = _key(request)
    # The count may end between the two; then there is nothing to add to.
    with suppress(RedisError, ValueError):
        cache.add(key, 0, SECONDS)
        cache.incr(key)


def _key(request: HttpRequest) -> str:
    return f"refused:{get_adapter(request).get_client_ip(request)}"
