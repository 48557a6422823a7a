"""A process is dead when its sign is two and a half intervals old, and not before."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from digest.health import Verdict, broker, lives
from digest.health.finding import Check
from digest.pipeline.watch import heartbeats
from tests.factories import NOW

pytestmark = pytest.mark.django_db

PROCESSES = [
    (heartbeats.BEAT, lives.check_beat, 150),
    (heartbeats.of_worker("digest"), lives.check_worker, 150),
    (heartbeats.of_worker("transactional"), lives.check_transactional, 150),
    (heartbeats.SWEEP, lives.check_sweep, 900),
]


@pytest.mark.usefixtures("a_broker")
@pytest.mark.parametrize(("name", "check", "seconds"), PROCESSES)
def test_it_is_alive_until_its_limit(name: str, check: Check, seconds: int) -> None:
    assert check(NOW).verdict == Verdict.FAIL
    heartbeats.leave(name, now=NOW)

    assert check(NOW + timedelta(seconds=seconds)).verdict == Verdict.OK
    dead = check(NOW + timedelta(seconds=seconds + 1))
    assert dead.verdict == Verdict.FAIL
    assert dead.advice


@pytest.mark.usefixtures("a_broker")
def test_the_limit_follows_the_interval(settings: Settings) -> None:
    settings.DIGEST_SWEEP_SECONDS = 8
    heartbeats.leave(heartbeats.BEAT, now=NOW)

    assert lives.check_beat(NOW + timedelta(seconds=20)).verdict == Verdict.OK
    assert lives.check_beat(NOW + timedelta(seconds=21)).verdict == Verdict.FAIL


@pytest.mark.usefixtures("no_broker")
def test_nobody_is_called_dead_while_the_broker_is_away() -> None:
    assert broker.check(NOW).verdict == Verdict.FAIL
    assert lives.check_worker(NOW).verdict == Verdict.UNKNOWN


@pytest.mark.usefixtures("a_broker")
def test_a_broker_that_answers_is_well() -> None:
    assert broker.check(NOW).verdict == Verdict.OK
