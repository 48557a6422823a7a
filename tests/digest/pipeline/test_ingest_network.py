"""Sources asked over a real connection: claimed once, failing alone, asked politely."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from digest.models import Batch, Paper, Source
from digest.pipeline.ingest import Ingested, ingest_source
from tests.conftest import NOW
from tests.digest.pipeline.asking import (
    BROKEN,
    OK,
    TODAY,
    feed_server,
    fetch,
    source_at,
)
from tests.digest.pipeline.documents import Daily, hf, rss
from tests.digest.sources.servers import Answer, FeedServer, serving

pytestmark = pytest.mark.django_db

A = "2604.00001"


@pytest.fixture
def server(settings: Any) -> Iterator[FeedServer]:
    """The feed server of one test."""
    with feed_server(settings) as running:
        yield running


def test_it_takes_in_what_the_address_answers(server: FeedServer) -> None:
    source = source_at(server, kind="feed", fetch_every_minutes=45)

    result = fetch(source)

    assert (result.new_count, result.entry_count) == (1, 1)
    assert Paper.objects.get().arxiv_id == A
    assert (source.error, source.last_succeeded_at) == ("", NOW)
    assert source.next_fetch_at == NOW + timedelta(minutes=45)
    assert "papers.example.org" in server.asked[0][1]["User-Agent"]


def test_it_refuses_an_address_of_this_computer_unless_the_settings_allow_it() -> None:
    with serving({"/rss": OK}) as server:
        source = source_at(server)
        fetch(source)

        assert server.asked == []
    assert "not fetched" in source.error or "not a public address" in source.error
    assert not Paper.objects.exists()


def test_it_writes_a_failure_down_and_changes_no_paper(server: FeedServer) -> None:
    source = source_at(server)
    fetch(source)
    paper = Paper.objects.values().get()
    server.answers["/rss"] = BROKEN

    tomorrow = NOW + timedelta(days=1)
    result = fetch(source, tomorrow)

    assert result.paper_ids == ()
    assert "500" in result.problems[0]
    assert source.error == result.problems[0]
    assert source.last_succeeded_at == NOW
    assert Paper.objects.values().get() == paper
    failed = Batch.objects.get(announced_on=tomorrow.date())
    assert (failed.status, failed.problems) == (Batch.Status.FAILED, [source.error])


def test_it_never_marks_a_day_as_failed_that_brought_papers(server: FeedServer) -> None:
    source = source_at(server, kind="feed")
    fetch(source)
    server.answers["/rss"] = BROKEN
    fetch(source)

    assert source.error
    assert Batch.objects.get().status == Batch.Status.RECEIVED


def test_it_calls_a_day_empty_once_the_source_answers_without_papers(
    server: FeedServer,
) -> None:
    server.answers["/rss"] = BROKEN
    source = source_at(server, kind="feed")
    fetch(source)
    server.answers["/rss"] = (200, {}, rss(TODAY))
    fetch(source)

    assert Batch.objects.get().status == Batch.Status.EMPTY


def test_it_waits_twice_as_long_after_each_failure_in_a_row(server: FeedServer) -> None:
    server.answers["/rss"] = BROKEN
    source = source_at(server, kind="feed")

    waits = []
    for _ in range(8):
        fetch(source)
        waits.append((source.next_fetch_at - NOW) // timedelta(minutes=1))

    assert waits == [5, 10, 20, 40, 80, 160, 240, 240]
    assert source.failure_count == 8


def test_it_forgets_its_failures_with_the_first_success(server: FeedServer) -> None:
    server.answers["/rss"] = BROKEN
    source = source_at(server, kind="feed")
    fetch(source)
    server.answers["/rss"] = OK
    fetch(source)

    assert (source.error, source.failure_count) == ("", 0)
    assert Batch.objects.get().status == Batch.Status.RECEIVED
    server.answers["/rss"] = BROKEN
    fetch(source)
    assert source.next_fetch_at == NOW + timedelta(minutes=5)


def test_it_stays_away_as_long_as_the_server_asks(server: FeedServer) -> None:
    server.answers["/rss"] = (429, {"Retry-After": "7200"}, b"")
    source = source_at(server)

    result = fetch(source)

    assert source.next_fetch_at == NOW + timedelta(hours=2)
    assert "later" in result.problems[0]
    assert not Source.objects.due(NOW + timedelta(minutes=119)).exists()


def test_it_records_an_answer_that_is_no_feed(server: FeedServer) -> None:
    server.answers["/rss"] = (200, {}, b"<html><body>Sign in</body></html>")
    source = source_at(server)

    fetch(source)

    assert "no feed" in source.error
    assert source.failure_count == 1


def test_it_keeps_what_came_before_a_later_address_failed(server: FeedServer) -> None:
    yesterday = TODAY - timedelta(days=1)
    server.answers = {
        f"/hf?date={yesterday}": (200, {}, hf(yesterday, Daily(A))),
        f"/hf?date={TODAY}": BROKEN,
    }
    source = source_at(
        server, kind="hf_daily", address=f"{server.url}/hf", last_succeeded_at=NOW
    )

    result = fetch(source)

    assert list(result.paper_ids) == [Paper.objects.get().pk]
    assert (result.new_count, result.entry_count) == (1, 1)
    assert "500" in result.problems[0]
    assert source.error


def test_it_reads_the_last_week_at_the_first_fetch_of_a_source_that_keeps_it(
    server: FeedServer,
) -> None:
    days = [TODAY - timedelta(days=ago) for ago in range(7)]
    server.answers = {
        f"/hf?date={day}": (200, {}, hf(day, Daily(f"2604.1000{place}")))
        for place, day in enumerate(days)
    }
    source = source_at(server, kind="hf_daily", address=f"{server.url}/hf")

    fetch(source)
    fetch(source)

    asked = [path.removeprefix("/hf?date=") for path, _ in server.asked]
    assert asked[:7] == [day.isoformat() for day in reversed(days)]
    assert asked[7:] == [day.isoformat() for day in reversed(days[:2])]
    assert set(Paper.objects.values_list("announced_on", flat=True)) == set(days)


@pytest.mark.django_db(transaction=True)
def test_it_lets_one_worker_at_a_time_ask_a_source(server: FeedServer) -> None:
    source = source_at(server)
    second: list[Ingested] = []

    def answer_while_another_worker_comes() -> Answer:
        second.append(ingest_source(source.pk, now=NOW + timedelta(seconds=5)))
        connection.close()
        return OK

    server.answers["/rss"] = answer_while_another_worker_comes
    first = ingest_source(source.pk, now=NOW)

    assert (first.new_count, second) == (1, [Ingested()])
    assert len(server.asked) == 1


def test_it_lets_another_worker_try_when_the_first_was_lost(server: FeedServer) -> None:
    source = source_at(server)
    moments = [NOW, NOW + timedelta(minutes=14), NOW + timedelta(minutes=16)]
    # The claim of a worker that died: the row says so and nothing else does.
    Source.objects.filter(pk=source.pk).update(
        next_fetch_at=NOW + timedelta(minutes=15), last_tried_at=NOW
    )

    results = [ingest_source(source.pk, now=moment) for moment in moments]

    assert [result.new_count for result in results] == [0, 0, 1]
