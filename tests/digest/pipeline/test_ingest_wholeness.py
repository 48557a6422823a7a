"""Batches know whether they are whole; missed announcements are filled in."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from digest.models import Batch, Holiday, Paper, Source
from digest.pipeline.ingest import intake, polling
from digest.sources.entry import SourceError
from tests.digest.pipeline.asking import BROKEN, fetch
from tests.digest.pipeline.documents import Listed, rss
from tests.digest.sources.servers import Answer, FeedServer, serving
from tests.digest.sources.test_arxiv_api import answer as api_answer
from tests.factories import make_batch, make_source

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY = date(2026, 4, 20), date(2026, 4, 21)
Status = Batch.Status


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """An hour of New York's day, which is four behind UTC in April."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) + timedelta(
        hours=4
    )


def feed(day: date, *ids: str) -> Answer:
    return (200, {}, rss(day, *map(Listed, ids)))


MONDAYS = ("2604.00001", "2604.00002", "2604.00003")
TUESDAYS = ("2604.00011", "2604.00012", "2604.00013")


@pytest.fixture
def server(settings: Any) -> Iterator[FeedServer]:
    """Feed and search of a mirror on this computer."""
    settings.DIGEST_FETCH_ALLOW_PRIVATE = True
    with serving({}) as running:
        settings.DIGEST_ARXIV_API_URL = f"{running.url}/api/query"
        yield running


@pytest.fixture
def source(server: FeedServer) -> Source:
    """An arXiv feed that has been read before."""
    return make_source(
        address=f"{server.url}/rss/cs.LG", last_succeeded_at=at(MONDAY, 0)
    )


def batch_of(day: date) -> Batch:
    return Batch.objects.get(announced_on=day)


def read(server: FeedServer, source: Source, answer: Answer, when: datetime) -> Batch:
    """Fetch that answer at that time; the batch of the day in New York."""
    server.answers["/rss/cs.LG"] = answer
    fetch(source, when)
    return batch_of((when - timedelta(hours=4)).date())


def test_a_list_is_complete_once_it_was_read_again_and_had_not_grown(
    server: FeedServer, source: Source
) -> None:
    first = read(server, source, feed(MONDAY, *MONDAYS), at(MONDAY, 0, 5))
    assert (first.status, first.completed_at) == (Status.PARTIAL, None)
    assert source.next_fetch_at == at(MONDAY, 0, 15)

    again = read(server, source, feed(MONDAY, *MONDAYS), at(MONDAY, 0, 15))

    assert (again.status, again.completed_at) == (Status.RECEIVED, at(MONDAY, 0, 15))


def test_an_unchanged_answer_confirms_the_list(
    server: FeedServer, source: Source
) -> None:
    read(server, source, feed(MONDAY, *MONDAYS), at(MONDAY, 0, 5))

    again = read(server, source, (304, {}, b""), at(MONDAY, 0, 15))

    # Without validators that were sent, 304 is an error; nothing is confirmed.
    assert again.status == Status.PARTIAL
    answer = (200, {"ETag": '"one"'}, rss(MONDAY, *map(Listed, MONDAYS)))
    read(server, source, answer, at(MONDAY, 0, 20))
    confirmed = read(server, source, (304, {}, b""), at(MONDAY, 0, 31))
    assert confirmed.status == Status.RECEIVED


def test_a_list_that_grows_is_not_complete(server: FeedServer, source: Source) -> None:
    read(server, source, feed(MONDAY, MONDAYS[0]), at(MONDAY, 0, 5))
    grown = read(server, source, feed(MONDAY, *MONDAYS), at(MONDAY, 0, 15))

    assert (grown.status, grown.entry_count) == (Status.PARTIAL, 3)


def test_a_complete_list_that_grows_after_all_is_open_again(
    server: FeedServer, source: Source
) -> None:
    read(server, source, feed(MONDAY, *MONDAYS[:2]), at(MONDAY, 0, 5))
    read(server, source, feed(MONDAY, *MONDAYS[:2]), at(MONDAY, 0, 15))

    grown = read(server, source, feed(MONDAY, *MONDAYS), at(MONDAY, 6))

    assert (grown.status, grown.completed_at) == (Status.PARTIAL, None)


def test_a_document_that_breaks_off_completes_nothing(
    server: FeedServer, source: Source
) -> None:
    body = rss(MONDAY, *map(Listed, MONDAYS))
    cut = (200, {"ETag": '"cut"'}, body[: body.rindex(b"<description>")])

    for minute in (5, 15, 40):
        batch = read(server, source, cut, at(MONDAY, 0, minute))

    assert (batch.status, batch.entry_count) == (Status.PARTIAL, 2)
    assert source.etag == ""  # "only if it changed" would keep it broken


def test_a_list_far_below_its_weekdays_usual_has_to_stay_so_for_two_hours(
    server: FeedServer, source: Source
) -> None:
    for weeks in (1, 2):
        make_batch(source, MONDAY - timedelta(weeks=weeks), entry_count=300)
    read(server, source, feed(MONDAY, *MONDAYS), at(MONDAY, 0, 5))

    early = read(server, source, feed(MONDAY, *MONDAYS), at(MONDAY, 1))
    assert early.status == Status.PARTIAL
    late = read(server, source, feed(MONDAY, *MONDAYS), at(MONDAY, 2, 6))
    assert late.status == Status.RECEIVED


def test_a_stale_list_under_todays_date_is_told_and_waited_out(
    server: FeedServer, source: Source
) -> None:
    read(server, source, feed(MONDAY, *MONDAYS), at(MONDAY, 0, 5))
    # One paper fell out, and one is listed for the first time.
    stale = feed(TUESDAY, *MONDAYS[:2], TUESDAYS[0])

    assert read(server, source, stale, at(TUESDAY, 0, 5)).status == Status.REPEATED
    assert source.next_fetch_at == at(TUESDAY, 0, 25)
    fresh = read(server, source, feed(TUESDAY, *TUESDAYS), at(TUESDAY, 5))
    assert (fresh.status, fresh.entry_count) == (Status.PARTIAL, 3)


def test_a_feed_unchanged_since_yesterday_still_shows_yesterdays_list(
    server: FeedServer, source: Source
) -> None:
    answer = (200, {"ETag": '"one"'}, rss(MONDAY, *map(Listed, MONDAYS)))
    read(server, source, answer, at(MONDAY, 0, 5))

    batch = read(server, source, (304, {}, b""), at(TUESDAY, 0, 5))

    assert batch.status == Status.REPEATED


def test_an_empty_list_on_a_day_with_announcement_is_waited_for(
    server: FeedServer, source: Source
) -> None:
    batch = read(server, source, feed(MONDAY), at(MONDAY, 0, 5))

    assert (batch.status, batch.completed_at) == (Status.WAITING, None)
    assert source.next_fetch_at == at(MONDAY, 0, 25)


@pytest.mark.parametrize("is_holiday", [False, True])
def test_weekends_and_holidays_are_told_from_a_list_that_is_late(
    server: FeedServer, source: Source, *, is_holiday: bool
) -> None:
    day = TUESDAY if is_holiday else MONDAY - timedelta(days=1)
    if is_holiday:
        Holiday.objects.create(day=MONDAY, name="A day off")

    batch = read(server, source, feed(day), at(day, 0, 5))

    assert batch.status == Status.HOLIDAY
    assert not polling.is_awaited(source, at(day, 0, 5))


def test_nothing_is_asked_before_the_next_announcement_once_a_day_is_complete(
    server: FeedServer, source: Source
) -> None:
    read(server, source, feed(MONDAY, *MONDAYS), at(MONDAY, 19))
    read(server, source, feed(MONDAY, *MONDAYS), at(MONDAY, 20))

    assert source.next_fetch_at == at(TUESDAY, 0, 5)


def search_for(server: FeedServer, *ids: str, submitted: datetime) -> None:
    """Let the mirror's search answer with papers submitted then."""
    body = api_answer(*(f"{bare}v1" for bare in ids)).replace(
        b"1999-01-04T18:00:00Z", submitted.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    )
    server.answers = _Searching(server.answers, (200, {}, body))


class _Searching(dict[str, Any]):
    """Answers a search whatever its query."""

    def __init__(self, answers: dict[str, Any], found: Answer) -> None:
        super().__init__(answers)
        self.found = found

    def __missing__(self, path: str) -> Answer:
        assert path.startswith("/api/query?")
        return self.found


def test_a_day_that_was_missed_is_filled_in_from_the_search(
    server: FeedServer, source: Source
) -> None:
    friday = MONDAY - timedelta(days=3)
    make_batch(source, friday, completed_at=at(friday, 1))
    server.answers["/rss/cs.LG"] = BROKEN
    search_for(server, *MONDAYS, submitted=at(friday, 10))
    for hour in (1, 8):
        fetch(source, at(MONDAY, hour))
    assert batch_of(MONDAY).status == Status.FAILED

    read(server, source, feed(TUESDAY, *TUESDAYS), at(TUESDAY, 0, 5))

    monday = batch_of(MONDAY)
    assert (monday.status, monday.entry_count) == (Status.RECEIVED, 3)
    assert monday.refilled_at == monday.completed_at == at(TUESDAY, 0, 5)
    assert Paper.objects.filter(announced_on=MONDAY).count() == 3
    asked = [path for path, _ in server.asked if path.startswith("/api/")]
    query = parse_qs(urlsplit(asked[0]).query)["search_query"][0]
    assert query == "(cat:cs.LG) AND submittedDate:[202604150000 TO 202604202359]"
    fetch(source, at(TUESDAY, 0, 20))
    assert len([path for path, _ in server.asked if path.startswith("/api/")]) == 1


def test_a_search_that_fails_is_tried_again_and_spoils_nothing_else(
    server: FeedServer, source: Source
) -> None:
    make_batch(source, MONDAY, status=Status.FAILED)
    search_for(server, submitted=at(MONDAY, 1))
    server.answers.found = BROKEN  # type: ignore[attr-defined]
    read(server, source, feed(TUESDAY, *TUESDAYS), at(TUESDAY, 0, 5))

    assert (batch_of(MONDAY).status, source.error) == (Status.FAILED, "")
    assert "500" in batch_of(MONDAY).problems[0]
    search_for(server, *MONDAYS, submitted=at(MONDAY - timedelta(days=3), 10))
    fetch(source, at(TUESDAY, 0, 15))
    assert batch_of(MONDAY).status == Status.RECEIVED


def test_a_day_the_search_knows_nothing_of_is_quiet_only_after_a_day_of_lag(
    server: FeedServer, source: Source
) -> None:
    make_batch(source, MONDAY, status=Status.WAITING)
    search_for(server, "2604.09999", submitted=at(MONDAY - timedelta(days=9), 1))
    read(server, source, feed(TUESDAY, *TUESDAYS), at(TUESDAY, 0, 5))
    assert batch_of(MONDAY).completed_at is None

    wednesday = TUESDAY + timedelta(days=1)
    read(server, source, feed(wednesday, "2604.00021"), at(wednesday, 1))

    assert batch_of(MONDAY).status == Status.EMPTY
    assert batch_of(MONDAY).completed_at


class _Paged(dict[str, Any]):
    """A search with three results, one a page."""

    def __missing__(self, path: str) -> Answer:
        start = int(parse_qs(urlsplit(path).query)["start"][0])
        return (200, {}, api_answer(f"{MONDAYS[start]}v1", total=3, start=start))


def test_the_pages_of_a_mirrors_search_are_asked_at_the_mirror(
    server: FeedServer, source: Source
) -> None:
    server.answers = _Paged()

    intake.take_in_address(source, f"{server.url}/api/query?start=0", at(TUESDAY, 1))

    assert Paper.objects.count() == 3
    starts = [parse_qs(urlsplit(path).query)["start"] for path, _ in server.asked]
    assert starts == [["0"], ["1"], ["2"]]


def test_more_pages_than_are_followed_are_an_error_that_loses_nothing(
    server: FeedServer, source: Source
) -> None:
    server.answers = _Paged()

    with pytest.raises(SourceError, match="more than 2 pages"):
        intake.take_in_address(
            source, f"{server.url}/api/query?start=0", at(TUESDAY, 1), most_pages=2
        )

    assert Paper.objects.count() == 2
