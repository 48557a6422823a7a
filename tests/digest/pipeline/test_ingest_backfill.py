"""The first fetch of an arXiv feed looks back: the feed holds one announcement."""

from datetime import date, timedelta

import pytest

from digest.models import Batch, Paper
from digest.pipeline.ingest import ingest_source
from digest.pipeline.ingest.asking import kind_at, list_addresses
from tests.conftest import NOW
from tests.digest.sources.test_arxiv_api import answer
from tests.factories import make_source

pytestmark = pytest.mark.django_db

FEED = "https://rss.arxiv.org/rss/cs.AI+hep-th"


def test_the_first_fetch_asks_the_search_for_the_days_before() -> None:
    source = make_source(address=FEED)

    feed, search = list_addresses(source, NOW)

    assert feed == FEED
    assert search.startswith("https://export.arxiv.org/api/query?")
    assert "cat%3Acs.AI" in search
    assert kind_at(source, feed) == "arxiv_rss"
    assert kind_at(source, search) == "arxiv_api"


def test_later_fetches_ask_the_feed_alone() -> None:
    source = make_source(address=FEED, last_succeeded_at=NOW - timedelta(hours=1))

    assert list_addresses(source, NOW) == [FEED]


def test_a_feed_that_is_not_arxivs_own_is_never_searched_for() -> None:
    assert len(list_addresses(make_source(), NOW)) == 1


def test_what_a_search_finds_is_filed_under_the_announcement_it_was_in() -> None:
    source = make_source(kind="arxiv_api", address="https://export.arxiv.org/api/query")
    late = answer("2604.00003v1").replace(b"1999-01-04T18", b"1999-01-04T20")
    for document in (answer("2604.00001v1", "2604.00002v2"), late):
        ingest_source(source.pk, now=NOW, document=document)

    days = dict(Paper.objects.values_list("arxiv_id", "announced_on"))
    assert days == {
        "2604.00001": date(1999, 1, 5),
        "2604.00002": date(1999, 1, 5),
        "2604.00003": date(1999, 1, 6),
    }
    filed = dict(Batch.objects.values_list("announced_on", "entry_count"))
    assert filed == {date(1999, 1, 5): 2, date(1999, 1, 6): 1}
