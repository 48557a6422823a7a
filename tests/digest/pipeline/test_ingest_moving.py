"""A feed that moves: its new address is kept, unless it is not its own (B40)."""

from collections.abc import Iterator
from typing import Any

import pytest

from digest.models import Batch, Paper
from tests.digest.pipeline.asking import OK, feed_server, fetch, source_at
from tests.digest.sources.servers import FeedServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings: Any) -> Iterator[FeedServer]:
    """The feed server of one test."""
    with feed_server(settings) as running:
        yield running


@pytest.mark.parametrize("status", [301, 308])
def test_it_asks_a_feed_that_moved_for_good_at_its_new_address(
    status: int, server: FeedServer
) -> None:
    server.answers |= {"/rss": (status, {"Location": "/new"}, b""), "/new": OK}
    source = source_at(server)

    fetch(source)
    fetch(source)

    assert source.address == f"{server.url}/new"
    assert [path for path, _ in server.asked] == ["/rss", "/new", "/new"]
    assert (source.error, Paper.objects.count()) == ("", 1)


@pytest.mark.parametrize("status", [302, 303, 307])
def test_it_keeps_the_address_of_a_feed_that_is_elsewhere_today(
    status: int, server: FeedServer
) -> None:
    server.answers |= {"/rss": (status, {"Location": "/today"}, b""), "/today": OK}
    source = source_at(server)

    fetch(source)

    assert source.address == f"{server.url}/rss"
    assert Paper.objects.count() == 1


def test_it_keeps_an_address_that_is_only_written_in_another_way(
    server: FeedServer,
) -> None:
    server.answers["/%C3%A9"] = OK
    source = source_at(server, address=f"{server.url}/é")

    fetch(source)

    assert (source.address, source.error) == (f"{server.url}/é", "")


def test_it_leaves_a_feed_that_moved_to_another_source_where_it_is_and_says_so(
    server: FeedServer,
) -> None:
    server.answers |= {"/rss": (301, {"Location": "/new"}, b""), "/new": OK}
    source_at(server, address=f"{server.url}/new")
    source = source_at(server)

    result = fetch(source)

    words = f"It has moved for good to {server.url}/new, which is a source already."
    assert source.address == f"{server.url}/rss"
    assert Batch.objects.get(source=source).problems == [words]
    assert (result.problems, source.error) == ((words,), "")
    assert Paper.objects.count() == 1


def test_it_stores_no_address_that_may_not_be_fetched(server: FeedServer) -> None:
    server.answers["/rss"] = (301, {"Location": "ftp://example.org/rss"}, b"")
    source = source_at(server)

    fetch(source)

    assert source.address == f"{server.url}/rss"
    assert "http" in source.error
