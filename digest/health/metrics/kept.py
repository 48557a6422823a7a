"""Numbers that take long to count: kept for a while, for all web processes together."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar, cast

from django.core.cache import cache
from redis.exceptions import RedisError

T = TypeVar("T")


def keep(name: str, seconds: int, count: Callable[[], T]) -> T:
    """What `count` gives, counted at most once in so many seconds.

    While the cache is away it is counted each time.
    """
    with suppress(RedisError):
        return cast("T", cache.get_or_set(f"metrics:{name}", count, seconds))
    return count()
