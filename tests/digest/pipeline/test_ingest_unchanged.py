"""A feed is asked only for what changed; unchanged is a success like any other."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from digest.models import Batch, Paper
from digest.pipeline.ingest import Ingested
from tests.conftest import NOW
from tests.digest.pipeline.asking import (
    BROKEN,
    FEED,
    TODAY,
    feed_server,
    fetch,
    source_at,
)
from tests.digest.pipeline.documents import Daily, hf
from tests.digest.sources.servers import Answer, FeedServer

pytestmark = pytest.mark.django_db

A = "2604.00001"


@pytest.fixture
def server(settings: Any) -> Iterator[FeedServer]:
    """The feed server of one test."""
    with feed_server(settings) as running:
        yield running


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
    source = source_at(server, kind="feed", fetch_every_minutes=30)
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


@pytest.mark.parametrize("answer", [(304, {}, b""), BROKEN])
def test_it_asks_for_the_whole_feed_again_after_a_week(
    answer: Answer, server: FeedServer
) -> None:
    server.answers["/rss"] = (200, {"ETag": '"one"'}, FEED)
    source = source_at(server)
    fetch(source)
    server.answers["/rss"] = answer
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
