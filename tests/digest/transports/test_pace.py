"""Mails leave as fast as they may and no faster, by a real broker's own clock."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from redis import Redis
from redis.exceptions import ConnectionError as BrokerAway

from digest import tasks
from digest.bench.story.processes import free_port
from digest.models import Attempt, Delivery
from digest.pipeline import deliver
from digest.transports import pace
from tests.digest.pipeline.sending import queue
from tests.factories import NOW, make_reader


@pytest.fixture(scope="module")
def broker_url() -> Iterator[str]:
    """The bundled broker, as the service runs it."""
    port = free_port()
    url = f"redis://127.0.0.1:{port}/0"
    process = subprocess.Popen(
        [sys.executable, "-m", "config.broker"], env={**os.environ, "REDIS_URL": url}
    )
    client, deadline = Redis.from_url(url), time.monotonic() + 20
    while not _answers(client):
        assert time.monotonic() < deadline
    yield url
    process.terminate()
    process.wait()


def _answers(client: Redis) -> bool:
    try:
        return bool(client.ping())
    except BrokerAway:
        return False


@pytest.fixture
def limits(broker_url: str, settings: Any) -> Any:
    """Settings that reach an empty broker."""
    Redis.from_url(broker_url).flushall()
    settings.CELERY_BROKER_URL = broker_url
    settings.DIGEST_MAILS_PER_SECOND = 0
    settings.DIGEST_MAILS_PER_SECOND_BY_DOMAIN = {}
    return settings


def now_count(turns: list[pace.Turn]) -> int:
    return sum(turn.is_now for turn in turns)


def test_no_limit_asks_no_broker(settings: Any) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"

    assert not pace.is_limited()
    assert deliver.take_turns([1, 2], now=NOW).ready == [1, 2]


def test_a_second_s_worth_leaves_at_once_and_the_rest_waits(limits: Any) -> None:
    limits.DIGEST_MAILS_PER_SECOND = 5

    turns = pace.take(["a.org"] * 12)

    assert [turn.is_now for turn in turns] == [True] * 5 + [False] * 7
    assert {turn.wait for turn in turns[5:]} == {pace.SHORTEST_WAIT}


def test_later_calls_are_told_to_come_after_those_that_wait_already(
    limits: Any,
) -> None:
    limits.DIGEST_MAILS_PER_SECOND = 5
    pace.take(["a.org"] * 105)

    turns = pace.take(["a.org"] * 10)

    assert now_count(turns) == 0
    assert 19 < turns[0].wait <= 20, "a hundred at five a second"


def test_a_domain_has_its_own_limit_beside_that_of_all(limits: Any) -> None:
    limits.DIGEST_MAILS_PER_SECOND = 8
    limits.DIGEST_MAILS_PER_SECOND_BY_DOMAIN = {"slow.org": 2, "other.org": 0.5}

    turns = pace.take(["slow.org"] * 5 + ["other.org"] * 3 + ["fast.org"] * 9)

    assert now_count(turns[:5]) == 2
    assert now_count(turns[5:8]) == 1
    assert now_count(turns[8:]) == 5, "what is left of all"


def test_many_workers_together_are_no_faster_than_one(limits: Any) -> None:
    limits.DIGEST_MAILS_PER_SECOND = 50
    began = time.monotonic()

    with ThreadPoolExecutor(8) as workers:
        counts = list(
            workers.map(lambda _: now_count(pace.take(["a.org"] * 3)), range(300))
        )

    passed = time.monotonic() - began
    assert 50 <= sum(counts) <= 50 * (1 + passed) + 1


def test_tokens_come_back_with_the_brokers_clock(limits: Any, broker_url: str) -> None:
    limits.DIGEST_MAILS_PER_SECOND = 10
    assert now_count(pace.take(["a.org"] * 20)) == 10
    client = Redis.from_url(broker_url)
    at = float(client.hget(pace._PREFIX, "at"))  # type: ignore[arg-type]
    client.hset(pace._PREFIX, "at", str(at - 0.5))

    assert 5 <= now_count(pace.take(["a.org"] * 20)) <= 8


def test_a_broker_that_is_away_lets_nothing_leave(settings: Any) -> None:
    settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{free_port()}/0"
    settings.DIGEST_MAILS_PER_SECOND = 1000

    turns = pace.take(["a.org"] * 3)

    assert turns == [pace.Turn(is_now=False, wait=60)] * 3


@pytest.mark.django_db
def test_a_delivery_that_waits_keeps_its_attempts_and_is_due_later(limits: Any) -> None:
    limits.DIGEST_MAILS_PER_SECOND_BY_DOMAIN = {"slow.org": 1}
    rows = [
        queue(make_reader(email))
        for email in ("a@slow.org", "b@slow.org", "c@fast.org", "d@slow.org")
    ]
    ids = [row.pk for row in rows]

    turns = deliver.take_turns(ids, now=NOW)
    assert turns.ready == [ids[0], ids[2]]
    assert turns.later == {1.0: [ids[1], ids[3]]}
    deliver.deliver(turns.ready, now=NOW)

    waiting = Delivery.objects.filter(pk__in=turns.later[1.0])
    assert set(waiting.values_list("state", "attempt_count")) == {("queued", 0)}
    assert min(waiting.values_list("next_attempt_at", flat=True)) > NOW
    assert Attempt.objects.count() == 2
    assert deliver.take_turns(ids, now=NOW).ready == [], "not before they are due"


@pytest.mark.django_db
def test_the_task_sends_what_may_leave_and_comes_back_for_the_rest(
    limits: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits.DIGEST_MAILS_PER_SECOND = 2
    ids = [queue().pk for _ in range(5)]
    hands = [NOW]
    monkeypatch.setattr(timezone, "now", lambda: hands[0])

    for accepted in (2, 4, 5):
        Redis.from_url(limits.CELERY_BROKER_URL).flushall()
        tasks.send(ids)
        states = list(Delivery.objects.values_list("state", flat=True))
        assert states.count("accepted") == accepted
        assert states.count("queued") == 5 - accepted
        hands[0] += timedelta(seconds=1)
