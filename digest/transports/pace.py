"""How fast mails may leave: one bucket for all, one for each domain, in Redis.

All workers on all machines take from the same buckets, in one script that Redis runs
alone and by its own clock. A bucket holds what a second brings, so that in any time
no more leaves than its rate allows, and one second's worth. Where Redis does not
answer, nothing may leave. Where no limit is set, Redis is not asked.
"""

import logging
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from redis import Redis
from redis.commands.core import Script
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

SECONDS_WITHOUT_REDIS = 60.0
SHORTEST_WAIT = 1.0
_PREFIX = "digest:pace:"
_TIMEOUT = 2.0

_TAKE = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local buckets = {}
for i, key in ipairs(KEYS) do
  local rate = tonumber(ARGV[i])
  local size = math.max(1, rate)
  local kept = redis.call('HMGET', key, 'tokens', 'at', 'queue')
  local at = math.min(tonumber(kept[2]) or now, now)
  local tokens = (tonumber(kept[1]) or size) + (now - at) * rate
  buckets[i] = {rate = rate, size = size, tokens = math.min(size, tokens),
                queue = math.max(now, tonumber(kept[3]) or now), waiting = 0}
end
local answers = {}
for m = #KEYS + 1, #ARGV do
  local full = 0
  local own = tonumber(ARGV[m])
  local needs = {1, own}
  for _, i in ipairs(needs) do
    if i > 0 and buckets[i].tokens < 1 then full = i end
  end
  if full == 0 then
    for _, i in ipairs(needs) do
      if i > 0 then buckets[i].tokens = buckets[i].tokens - 1 end
    end
  else
    buckets[full].waiting = buckets[full].waiting + 1
  end
  answers[#answers + 1] = full
end
local waits = {}
for i, key in ipairs(KEYS) do
  local bucket = buckets[i]
  waits[i] = tostring(bucket.queue - now)
  if bucket.waiting > 0 then
    bucket.queue = bucket.queue + bucket.waiting / bucket.rate
  end
  redis.call('HSET', key, 'tokens', tostring(bucket.tokens), 'at', tostring(now),
             'queue', tostring(bucket.queue))
  redis.call('EXPIRE', key, 3600 + math.ceil(bucket.size / bucket.rate))
end
return {answers, waits}
"""


class Turn(NamedTuple):
    """Whether a mail may leave now, and else in how many seconds to ask again."""

    is_now: bool
    wait: float = 0.0


def is_limited() -> bool:
    """Whether there is any limit."""
    return bool(
        settings.DIGEST_MAILS_PER_SECOND or settings.DIGEST_MAILS_PER_SECOND_BY_DOMAIN
    )


def take(domains: Sequence[str]) -> list[Turn]:
    """Take a token for each mail to these domains that may leave, in this order.

    Those that may not are told to ask again one after the other, as fast as their
    bucket fills: mails of one call and one bucket at the same time.
    """
    limits: Mapping[str, float] = settings.DIGEST_MAILS_PER_SECOND_BY_DOMAIN
    named = sorted({domain for domain in domains if domain in limits})
    # The first bucket is that of all; without a limit it never empties.
    rates = [settings.DIGEST_MAILS_PER_SECOND or 1e9, *(limits[name] for name in named)]
    places = {name: place for place, name in enumerate(named, 2)}
    keys = [_PREFIX, *(f"{_PREFIX}{name}" for name in named)]
    wanted = [places.get(domain, 0) for domain in domains]
    try:
        answers, waits = _script()(keys, [*map(repr, rates), *wanted])
    except RedisError as error:
        logger.warning("Mails wait: the rate limit cannot be asked for. %s", error)
        return [Turn(is_now=False, wait=SECONDS_WITHOUT_REDIS)] * len(domains)
    return [
        Turn(is_now=True)
        if not place
        else Turn(is_now=False, wait=max(SHORTEST_WAIT, float(waits[place - 1])))
        for place in answers
    ]


def _script() -> Script:
    return _script_at(settings.CELERY_BROKER_URL)


@lru_cache(maxsize=4)
def _script_at(url: str) -> Script:
    client = Redis.from_url(
        url, socket_timeout=_TIMEOUT, socket_connect_timeout=_TIMEOUT
    )
    return client.register_script(_TAKE)
