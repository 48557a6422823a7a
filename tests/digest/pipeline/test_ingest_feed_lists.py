"""Lists of feeds as sources: which feeds are new, and what they are made of."""

from typing import Any

import pytest

from digest.models import Source
from digest.pipeline.ingest.feed_lists import Fate, add_feeds, export_list, judge_list
from digest.sources.opml import OpmlFeed, read_opml, write_opml
from tests.conftest import NOW
from tests.factories import make_source

pytestmark = pytest.mark.django_db


def listing(*addresses: str, title: str = "Notes") -> bytes:
    """A list of feeds at these addresses, all of one title."""
    return write_opml([OpmlFeed(title, address) for address in addresses])


@pytest.mark.parametrize(
    ("address", "fate"),
    [
        ("https://notes.example.org/feed", Fate.KNOWN),
        ("https://NOTES.example.org/feed/", Fate.KNOWN),
        ("https://notes.example.org/feed?all=1", Fate.NEW),
        ("http://10.0.0.1/feed", Fate.REFUSED),
        ("feed:notes", Fate.REFUSED),
    ],
)
def test_a_feed_is_new_known_or_refused(address: str, fate: Fate) -> None:
    make_source(address="https://notes.example.org/feed")
    make_source(kind="sample", address="sample:papers.json")

    [judged] = judge_list(listing(address))

    assert judged.fate == fate
    assert bool(judged.reason) == (fate == Fate.REFUSED)


def test_a_feed_that_stands_in_the_list_twice_is_made_once() -> None:
    twice = judge_list(listing("https://a.example.org/f", "https://a.example.org/f/"))

    assert [judged.fate for judged in twice] == [Fate.NEW, Fate.KNOWN]


def test_feeds_of_one_title_get_short_names_of_their_own() -> None:
    make_source("notes")
    judged = judge_list(listing("https://a.example.org/f", "https://b.example.org/f"))

    sources = add_feeds(judged, is_active=True, now=NOW)

    assert [source.slug for source in sources] == ["notes-2", "notes-3"]
    assert {source.next_fetch_at for source in sources} == {NOW}
    assert all(source.is_active for source in sources)


def test_a_long_list_takes_few_queries(django_assert_max_num_queries: Any) -> None:
    addresses = [f"https://feeds.example.org/{number}" for number in range(300)]

    with django_assert_max_num_queries(5):
        judged = judge_list(listing(*addresses))
    add_feeds(judged, is_active=False, now=NOW)

    assert Source.objects.count() == 300
    document, count = export_list()
    assert len(read_opml(document)) == count == 300
