"""Numbers as the database has them, at a cost that does not grow with its size."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families

from digest.health.metrics import expose, sending
from digest.models import Attempt, SendingHold
from digest.pipeline.watch import heartbeats
from tests.digest.health.mail.test_practice import report, send
from tests.digest.pipeline.sending import State
from tests.factories import NOW, make_delivery, make_digest, make_reader, make_source

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_broker")]

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    cache.clear()


def scrape() -> dict[str, float]:
    """Each number by its name and label."""
    page = expose(NOW).decode()
    return {
        "/".join([sample.name.removeprefix("paperboy_"), *sample.labels.values()]): (
            sample.value
        )
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def make_attempt(outcome: str, **fields: Any) -> None:
    Attempt.objects.create(
        delivery=make_delivery(make_digest()),
        number=1,
        worker="w",
        outcome=outcome,
        **{"started_at": NOW - timedelta(minutes=1), **fields},
    )


def test_an_empty_site_has_every_number() -> None:
    found = scrape()

    assert found["ready"] == 0
    assert found["check_failing/broker"] == 1
    assert found["queue_depth"] == found["queue_age_seconds"] == found["readers"] == 0
    assert found["deliveries_open/uncertain"] == found["deliveries_day/failed"] == 0
    assert found["attempts_hour/accepted"] == found["sent_per_second"] == 0


def test_it_counts_what_waits_and_what_ended() -> None:
    make_reader()
    make_delivery(make_digest(), state=State.QUEUED, next_attempt_at=NOW - HOUR)
    make_delivery(make_digest(), state=State.QUEUED, next_attempt_at=NOW + HOUR)
    make_delivery(make_digest(), state=State.UNCERTAIN, reason="no answer")
    send(4)
    send(1, next_attempt_at=NOW - 25 * HOUR)
    SendingHold.objects.create(reason="x", held_at=NOW)

    found = scrape()

    assert found["deliveries_open/queued"] == 2
    assert found["deliveries_open/uncertain"] == 1
    assert found["queue_depth"] == 1
    assert found["queue_age_seconds"] == 3600
    assert found["deliveries_day/accepted"] == 4
    assert found["week_accepted"] == 5
    assert found["holds"] == found["readers"] == 1


def test_it_tells_how_fast_it_sends_and_what_the_server_says() -> None:
    for _number in range(6):
        make_attempt("accepted")
    make_attempt("queued")
    make_attempt("accepted", started_at=NOW - timedelta(minutes=6))
    make_attempt("failed", started_at=NOW - 2 * HOUR)

    found = scrape()

    assert found["sent_per_second"] == 6 / 300
    assert found["attempts_hour/accepted"] == 7
    assert found["attempts_hour/queued"] == 1
    assert found["attempts_hour/failed"] == 0


def test_a_great_run_is_measured_over_the_tries_that_are_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sending, "MOST_ATTEMPTS", 5)
    for _number in range(8):
        make_attempt("accepted", started_at=NOW - timedelta(seconds=10))

    assert scrape()["sent_per_second"] == 5 / 10


def test_it_tells_of_processes_and_sources() -> None:
    heartbeats.leave(heartbeats.BEAT, now=NOW - HOUR)
    make_source("late", kind="feed", last_succeeded_at=NOW - 8 * HOUR)
    make_source("well", kind="feed", last_succeeded_at=NOW, failure_count=2)

    found = scrape()

    assert found["heartbeat_age_seconds/beat"] == 3600
    assert found["source_late_seconds/late"] == 8 * 3600
    assert found["source_late_seconds/well"] == 0
    assert found["source_failures/well"] == 2


def test_it_tells_what_came_back() -> None:
    sent = send(100)
    report("complained", sent[:1])
    report("bounced", sent[:3])

    found = scrape()

    assert found["complaint_ratio"] == 0.01
    assert found["week_bounces"] == 3


def test_its_queries_are_as_many_with_more_rows() -> None:
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            cache.clear()
            expose(NOW)
        return len(asked)

    send(1)
    make_source(kind="feed")
    few = count()
    send(10)
    for _number in range(5):
        make_source(kind="feed")
        make_attempt("queued")

    assert count() == few


def test_what_takes_long_to_count_is_counted_again_after_minutes() -> None:
    send(1)
    before = scrape()
    send(1)
    make_reader()
    make_delivery(make_digest(), state=State.QUEUED, next_attempt_at=NOW - HOUR)

    after = scrape()

    kept = ("deliveries_day/accepted", "week_accepted", "readers")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert after["queue_depth"] == 1, "what an alarm is about is counted each time"
    cache.clear()
    assert scrape()["week_accepted"] == 2


def test_without_the_cache_everything_is_counted(settings: Any) -> None:
    send(1)
    settings.CACHES = {
        **settings.CACHES,
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        },
    }

    assert scrape()["week_accepted"] == 1


def test_no_number_is_of_a_person() -> None:
    make_reader("somebody@example.org")
    send(2)

    assert b"@" not in expose(NOW)
