"""The first fetch of an arXiv feed looks back: the feed holds one announcement."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings as configured

from digest.models import Batch, Paper
from digest.pipeline.ingest import ingest_source
from digest.pipeline.ingest.asking import days_to_ask, kind_at, list_addresses
from digest.pipeline.ingest.refill import ONLY_FIRST_VERSIONS, close_days
from tests.conftest import NOW
from tests.digest.pipeline.documents import Listed, rss
from tests.digest.sources.servers import serving
from tests.digest.sources.test_arxiv_api import answer
from tests.factories import make_batch, make_source

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


def test_with_a_day_given_the_search_is_asked_from_it_on_at_any_time() -> None:
    source = make_source(address=FEED, last_succeeded_at=NOW - timedelta(hours=1))

    for since, first in ((date(2026, 4, 2), "20260328"), (NOW.date(), "20260415")):
        feed, search = list_addresses(source, NOW, since)

        assert feed == FEED
        assert f"submittedDate%3A%5B{first}0000" in search


def test_a_day_that_has_not_begun_for_the_source_means_its_newest() -> None:
    early = NOW.replace(hour=1)
    source = make_source(last_succeeded_at=early)

    assert days_to_ask(source, early, early.date()) == [date(2026, 4, 19)]


def test_a_list_that_keeps_its_days_is_asked_for_each() -> None:
    address = "https://huggingface.co/api/daily_papers"
    source = make_source(kind="hf_daily", address=address, last_succeeded_at=NOW)

    asked = list_addresses(source, NOW, date(2026, 4, 18))

    assert asked == [f"{address}?date=2026-04-{day}" for day in (18, 19, 20)]


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


def test_what_is_filled_in_from_a_day_on_is_complete_and_says_how(
    settings: Any,
) -> None:
    settings.DIGEST_FETCH_ALLOW_PRIVATE = True
    friday, monday = date(2026, 4, 17), date(2026, 4, 20)
    known = answer("2604.00001v1", "2604.00002v1")
    # Friday's list, and one that is from before the first day that is asked for.
    known = known.replace(b"1999-01-04T18", b"2026-04-16T10", 1)
    known = known.replace(b"1999-01-04T18", b"2026-04-13T10", 1)
    with serving(
        {"/rss/cs.LG": (200, {}, rss(monday, Listed("2604.00009")))}
    ) as mirror:
        settings.DIGEST_ARXIV_API_URL = f"{mirror.url}/api/query"
        source = make_source(
            address=f"{mirror.url}/rss/cs.LG",
            last_succeeded_at=NOW - timedelta(hours=1),
            next_fetch_at=NOW,
        )
        search = list_addresses(source, NOW, friday)[1].removeprefix(mirror.url)
        mirror.answers[search] = (200, {}, known)

        ingest_source(source.pk, now=NOW, since=friday)

    filed = dict(Batch.objects.values_list("announced_on", "entry_count"))
    assert filed == {friday: 1, monday: 1}
    filled_in = Batch.objects.get(announced_on=friday)
    assert filled_in.refilled_at == filled_in.completed_at == NOW
    assert filled_in.problems == [ONLY_FIRST_VERSIONS]


def test_a_list_that_was_seen_itself_is_not_called_filled_in() -> None:
    friday = date(2026, 4, 17)
    source = make_source(last_succeeded_at=NOW)
    make_batch(source, friday, counts={"cross": 1, "new": 2}, completed_at=NOW)

    close_days(source, [configured.DIGEST_ARXIV_API_URL], [friday], NOW)

    assert Batch.objects.get().refilled_at is None
