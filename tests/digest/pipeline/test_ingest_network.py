"""Sources asked over a real connection: claimed once, failing alone, asked politely."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from digest.models import Batch, Paper, Source
from digest.pipeline.ingest import Ingested, ingest_source
from tests.conftest import NOW
from tests.digest.pipeline.documents import Daily, Listed, hf, rss
from tests.digest.sources.servers import Answer, FeedServer, serving
from tests.factories import make_source

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
A, B = "2604.00001", "2604.00002"
FEED = rss(TODAY, Listed(A))
OK: Answer = (200, {"Content-Type": "application/rss+xml"}, FEED)
BROKEN: Answer = (500, {}, b"")


@pytest.fixture
def server(settings: Any) -> Iterator[FeedServer]:
    """A feed on this computer, which the settings allow to be fetched."""
    settings.DIGEST_FETCH_ALLOW_PRIVATE = True
    with serving({"/rss": OK}) as running:
        yield running


def source_at(server: FeedServer, **fields: Any) -> Source:
    return make_source(
        **{"address": f"{server.url}/rss", "next_fetch_at": NOW, **fields}
    )


def fetch(source: Source, at: datetime = NOW) -> Ingested:
    """Ask the source when it is due, and read its row anew."""
    Source.objects.filter(pk=source.pk).update(next_fetch_at=at)
    result = ingest_source(source.pk, now=at)
    source.refresh_from_db()
    return result


def test_it_takes_in_what_the_address_answers(server: FeedServer) -> None:
    source = source_at(server, fetch_every_minutes=45)

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
    source = source_at(server)
    fetch(source)
    server.answers["/rss"] = BROKEN
    fetch(source)

    assert source.error
    assert Batch.objects.get().status == Batch.Status.RECEIVED


def test_it_waits_twice_as_long_after_each_failure_in_a_row(server: FeedServer) -> None:
    server.answers["/rss"] = BROKEN
    source = source_at(server)

    waits = []
    for _ in range(8):
        fetch(source)
        waits.append((source.next_fetch_at - NOW) // timedelta(minutes=1))

    assert waits == [5, 10, 20, 40, 80, 160, 240, 240]
    assert source.failure_count == 8


def test_it_forgets_its_failures_with_the_first_success(server: FeedServer) -> None:
    server.answers["/rss"] = BROKEN
    source = source_at(server)
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


def validators(server: FeedServer) -> list[tuple[str | None, str | None]]:
    """What each request said about the answer it has."""
    return [
        (headers.get("If-None-Match"), headers.get("If-Modified-Since"))
        for _, headers in server.asked
    ]


STAMP = "Mon, 20 Apr 2026 04:00:00 GMT"


def test_it_asks_only_for_what_changed(server: FeedServer) -> None:
    server.answers["/rss"] = (200, {"ETag": '"one"', "Last-Modified": STAMP}, FEED)
    source = source_at(server)

    fetch(source)
    fetch(source)

    assert validators(server) == [(None, None), ('"one"', STAMP)]


def test_it_counts_an_unchanged_feed_as_a_success_that_changes_nothing(
    server: FeedServer,
) -> None:
    server.answers["/rss"] = (200, {"ETag": '"one"'}, FEED)
    source = source_at(server, fetch_every_minutes=30)
    fetch(source)
    batch, paper = Batch.objects.values().get(), Paper.objects.values().get()
    server.answers["/rss"] = BROKEN
    fetch(source)
    server.answers["/rss"] = (304, {}, b"")

    later = NOW + timedelta(hours=1)
    result = fetch(source, later)

    assert result == Ingested()
    assert (source.error, source.failure_count) == ("", 0)
    assert source.last_succeeded_at == later
    assert source.next_fetch_at == later + timedelta(minutes=30)
    assert (source.etag, Batch.objects.values().get()) == ('"one"', batch)
    assert Paper.objects.values().get() == paper


def test_it_remembers_no_answer_that_it_could_not_read(server: FeedServer) -> None:
    server.answers["/rss"] = (200, {"ETag": '"bad"'}, b"no feed at all")
    source = source_at(server)

    fetch(source)
    fetch(source)

    assert validators(server) == [(None, None), (None, None)]


def test_it_asks_for_the_whole_feed_again_after_a_week(server: FeedServer) -> None:
    server.answers["/rss"] = (200, {"ETag": '"one"'}, FEED)
    source = source_at(server)
    fetch(source)
    server.answers["/rss"] = (304, {}, b"")
    for day in range(1, 8):
        fetch(source, NOW + timedelta(days=day))

    sent = [etag for etag, _ in validators(server)]
    assert sent == [None, *['"one"'] * 6, None]


def test_it_remembers_no_validator_that_its_column_cannot_hold(
    server: FeedServer,
) -> None:
    long = {"ETag": f'"{"e" * 300}"', "Last-Modified": "L" * 150}
    server.answers["/rss"] = (200, long, FEED)
    source = source_at(server)

    fetch(source)

    assert (source.error, source.etag, source.last_modified) == ("", "", "")


def test_it_sends_no_validator_to_a_source_of_several_addresses(
    server: FeedServer,
) -> None:
    yesterday = TODAY - timedelta(days=1)
    server.answers = {
        f"/hf?date={day}": (200, {"ETag": '"one"'}, hf(day, Daily(A)))
        for day in (yesterday, TODAY)
    }
    source = source_at(
        server, kind="hf_daily", address=f"{server.url}/hf", last_succeeded_at=NOW
    )

    fetch(source)
    fetch(source)

    assert validators(server) == [(None, None)] * 4


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
