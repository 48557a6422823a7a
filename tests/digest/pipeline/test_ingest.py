"""The same papers, however often, in whatever order and from whichever feed (I15)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.models import Announcement, Batch, Paper, Source
from digest.pipeline.ingest import Ingested, ingest_source
from digest.sources.entry import NotAFeed
from tests.conftest import NOW
from tests.digest.pipeline.documents import Daily, Listed, atom, hf, journal, rss
from tests.factories import make_source

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 4, 13)
TUESDAY = MONDAY + timedelta(days=1)
FRIDAY = MONDAY + timedelta(days=4)

A, B, C = "2604.00001", "2604.00002", "2604.00003"
REVISED = "On paper feeds, revised"

DOCUMENTS: list[tuple[str, bytes]] = [
    ("arxiv_rss", rss(MONDAY, Listed(A, "On paper feeds"), Listed(B), Listed(B))),
    ("arxiv_rss", rss(MONDAY, Listed(A, announced="cross", categories=("cs.AI",)))),
    ("arxiv_rss", atom(TUESDAY, Listed(A, REVISED, 2, "replace"))),
    (
        "arxiv_rss",
        rss(FRIDAY, Listed(A, REVISED, 2, "replace-cross", "Longer by far.")),
    ),
    (
        "hf_daily",
        hf(
            TUESDAY,
            Daily(
                A,
                upvotes=5,
                comments=1,
                more={"githubRepo": "https://github.com/a/a", "ai_keywords": ["feeds"]},
            ),
        ),
    ),
    (
        "arxiv_rss",
        rss(TUESDAY, Listed(C, "C", 2, "replace", "This paper has been withdrawn.")),
    ),
    (
        "hf_daily",
        hf(
            FRIDAY,
            Daily(A, upvotes=30, more={"githubRepo": "https://github.com/a/b"}),
            Daily(C, upvotes=7, more={"organization": {"fullname": "Example Lab"}}),
        ),
    ),
    ("arxiv_rss", rss(FRIDAY, Listed(C, version=3, announced="replace"))),
    ("arxiv_rss", rss(TUESDAY)),
    ("arxiv_rss", journal(MONDAY, "https://journal.example.org/7")),
    ("arxiv_rss", journal(MONDAY, "https://journal.example.org/articles/7")),
]

TIMESTAMPS = {"id", "first_seen_at", "changed_at"}


def take(document: bytes, kind: str = "arxiv_rss", *, now: datetime = NOW) -> Ingested:
    """Take one document in at the one source of its kind."""
    source = Source.objects.filter(kind=kind).first() or make_source(kind=kind)
    return ingest_source(source.pk, now=now, document=document)


def stored_papers() -> list[dict[str, Any]]:
    """All that is known of all papers, without when we learned it."""
    return [
        {name: value for name, value in row.items() if name not in TIMESTAMPS}
        for row in Paper.objects.order_by("canonical_id").values()
    ]


def papers_after(documents: list[tuple[str, bytes]]) -> list[dict[str, Any]]:
    """What these documents, in this order, leave in an empty database."""
    with transaction.atomic():
        for kind, document in documents:
            take(document, kind)
        papers = stored_papers()
        transaction.set_rollback(True)
    return papers


@settings(max_examples=60, deadline=None)
@given(
    st.permutations(DOCUMENTS),
    st.lists(st.sampled_from(DOCUMENTS), max_size=4),
)
def test_it_leaves_the_same_papers_in_any_order_and_any_number_of_times(
    documents: list[tuple[str, bytes]], repeated: list[tuple[str, bytes]]
) -> None:
    assert papers_after([*documents, *repeated]) == papers_after(DOCUMENTS)


def test_it_joins_what_all_feeds_say_about_one_work() -> None:
    for kind, document in DOCUMENTS:
        take(document, kind)

    a, b, c, _letters = Paper.objects.order_by("canonical_id")
    assert (a.canonical_id, a.arxiv_id, a.slug) == (f"arxiv:{A}", A, A)
    # The words are those of arXiv's newest version, the votes Hugging Face's most.
    assert (a.title, a.abstract, a.version) == (REVISED, "Longer by far.", 2)
    assert (a.upvotes, a.comment_count, a.announced_on) == (30, 1, MONDAY)
    assert a.signals["code_url"] == "https://github.com/a/b"
    assert a.signals["keywords"] == ["feeds"]
    assert (b.version, b.announced_on) == (1, MONDAY)
    assert (c.version, c.organisation, c.announced_on) == (3, "Example Lab", FRIDAY)
    assert (b.is_withdrawn, c.is_withdrawn) == (False, True)


def test_it_reports_nothing_new_the_second_time() -> None:
    document = rss(MONDAY, Listed(A), Listed(B))

    first, second = take(document), take(document)

    assert (first.new_count, len(first.paper_ids), first.entry_count) == (2, 2, 2)
    assert (second.new_count, second.paper_ids, second.entry_count) == (0, (), 2)
    assert Announcement.objects.count() == 2


def test_it_names_a_paper_as_changed_when_a_feed_says_more() -> None:
    take(rss(MONDAY, Listed(A)))

    result = take(hf(MONDAY, Daily(A, upvotes=3)), "hf_daily")

    assert result.new_count == 0
    assert list(result.paper_ids) == [Paper.objects.get().pk]


def test_it_stores_a_replacement_of_an_unknown_paper_without_announcing_it() -> None:
    take(rss(MONDAY, Listed(A, version=4, announced="replace")))

    assert Paper.objects.get().announced_on is None
    assert not Paper.objects.shown().exists()
    assert Batch.objects.get().counts == {"replace": 1}


def test_it_announces_a_paper_of_another_list_once_it_is_crossed() -> None:
    take(rss(MONDAY, Listed(A, version=2, announced="replace")))
    take(rss(TUESDAY, Listed(A, version=2, announced="cross")))

    assert Paper.objects.shown().get().announced_on == TUESDAY


def test_it_reads_one_guid_five_times_in_a_feed_as_one_paper() -> None:
    take(rss(MONDAY, *[Listed(A)] * 5))

    assert Paper.objects.count() == 1
    assert Announcement.objects.count() == 1


def test_it_never_lets_a_paper_come_from_the_future() -> None:
    take(rss(date(2026, 12, 24), Listed(A)))

    assert Paper.objects.get().announced_on == NOW.date()
    assert Batch.objects.get().announced_on == NOW.date()


def test_it_keeps_the_fuller_list_of_a_day() -> None:
    take(rss(MONDAY, Listed(A), Listed(B)))
    take(rss(MONDAY, Listed(B)))
    take(rss(MONDAY))

    batch = Batch.objects.get()
    assert (batch.status, batch.entry_count) == (Batch.Status.RECEIVED, 2)
    assert batch.counts == {"new": 2}
    assert Paper.objects.count() == 2


def test_it_adds_what_a_later_list_of_the_day_has_more() -> None:
    take(rss(MONDAY, Listed(A, announced="cross")))
    take(rss(MONDAY, Listed(A, announced="new"), Listed(B)))

    batch = Batch.objects.get()
    assert batch.counts == {"new": 2}
    assert batch.announcements.count() == 2


@pytest.mark.parametrize("step", [1, -1])
def test_it_counts_a_paper_in_two_versions_as_the_new_one_it_is(step: int) -> None:
    listed = [Listed(A), Listed(A, version=2, announced="replace")]

    take(rss(MONDAY, *listed[::step]))

    assert Batch.objects.get().counts == {"new": 1}
    assert Paper.objects.get().version == 2


def test_it_tells_an_empty_day_from_a_day_with_papers() -> None:
    take(rss(MONDAY))

    batch = Batch.objects.get()
    assert (batch.status, batch.entry_count) == (Batch.Status.EMPTY, 0)


def test_it_sees_that_a_feed_repeats_its_last_list_under_a_new_date() -> None:
    take(rss(MONDAY, Listed(A), Listed(B)))
    take(rss(TUESDAY, Listed(B), Listed(A)))

    repeated = Batch.objects.get(announced_on=TUESDAY)
    assert (repeated.status, repeated.entry_count) == (Batch.Status.REPEATED, 0)
    assert not repeated.announcements.exists()
    assert set(Paper.objects.values_list("announced_on", flat=True)) == {MONDAY}


def test_it_takes_the_real_list_after_a_repeated_one() -> None:
    take(rss(MONDAY, Listed(A)))
    take(rss(TUESDAY, Listed(A)))
    take(rss(TUESDAY, Listed(B)))

    batch = Batch.objects.get(announced_on=TUESDAY)
    assert (batch.status, batch.entry_count) == (Batch.Status.RECEIVED, 1)


def test_it_sees_a_repeated_list_although_a_shorter_one_came_in_between() -> None:
    take(rss(MONDAY, Listed(A), Listed(B)))
    take(rss(MONDAY))
    take(rss(TUESDAY, Listed(A), Listed(B)))

    assert Batch.objects.get(announced_on=TUESDAY).status == Batch.Status.REPEATED


def test_it_refuses_a_document_that_is_no_feed_and_changes_nothing() -> None:
    take(rss(MONDAY, Listed(A)))
    before = stored_papers()

    with pytest.raises(NotAFeed):
        take(b"<!doctype html><html><body>Please sign in</body></html>")

    assert stored_papers() == before
    assert Batch.objects.count() == 1
    assert Source.objects.get().error == ""


def test_it_takes_a_large_list_in_with_few_queries(
    django_assert_max_num_queries: Any,
) -> None:
    papers = [Listed(f"2604.{number:05d}") for number in range(1, 401)]
    source = make_source()

    with django_assert_max_num_queries(30):
        ingest_source(source.pk, now=NOW, document=rss(MONDAY, *papers))

    assert Paper.objects.count() == 400
