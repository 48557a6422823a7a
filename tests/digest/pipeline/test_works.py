"""One work, one paper: whatever the sources, their order and their number."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.models import Merge, Paper
from digest.sources.entry import Entry
from tests.digest.pipeline.works import (
    ARXIV,
    DOI,
    OTHER_ARXIV,
    OTHER_DOI,
    TITLE,
    in_feed,
    in_journal,
    is_one,
    on_arxiv,
    paper,
    take,
)
from tests.factories import TODAY

pytestmark = pytest.mark.django_db

ENTRIES = [
    on_arxiv(signals={"upvotes": 3}, announced_on=TODAY - timedelta(days=2)),
    on_arxiv(version=2, doi=DOI),
    in_journal(title="Reading feeds, as the journal calls it", organisation="A Lab"),
    in_feed(signals={"upvotes": 9, "keywords": ["feeds"]}),
    in_feed("tag:example.org,2026:2", is_withdrawn=True),
    on_arxiv(OTHER_ARXIV, title="Another paper, which is about something else"),
]

ORDERS = list(permutations([on_arxiv(), in_journal(), in_feed()]))

ROW = ("canonical_id", "merged_into__canonical_id", "title", "version", "doi")
WORK = ("journal_ref", "organisation", "upvotes", "signals", "is_withdrawn")


def stored() -> list[tuple[Any, ...]]:
    """All papers, with the work each stands for; what merged rows say is their own."""
    rows = Paper.objects.order_by("canonical_id")
    works = rows.filter(merged_into__isnull=True)
    return [
        *rows.values_list(*ROW),
        *works.values_list("canonical_id", *WORK, "announced_on"),
    ]


def stored_after(documents: list[list[Entry]]) -> list[tuple[Any, ...]]:
    """What these documents, in this order, leave in an empty database."""
    with transaction.atomic():
        for entries in documents:
            take(*entries)
        found = stored()
        transaction.set_rollback(True)
    return found


@settings(max_examples=40, deadline=None)
@given(st.permutations(ENTRIES), st.lists(st.sampled_from(ENTRIES), max_size=3))
def test_it_leaves_the_same_works_in_any_order_and_any_number_of_times(
    entries: list[Entry], repeated: list[Entry]
) -> None:
    alone = [[entry] for entry in [*entries, *repeated]]

    assert stored_after(alone) == stored_after([ENTRIES])


def test_the_paper_on_arxiv_stands_for_its_work_and_says_what_all_say() -> None:
    take(*ENTRIES)

    work = Paper.objects.works().get(arxiv_id=ARXIV)
    assert work.duplicates.count() == 3
    assert (work.title, work.doi, work.version) == (TITLE, DOI, 2)
    assert (work.journal_ref, work.organisation) == ("Journal of Feeds 7", "A Lab")
    assert (work.upvotes, work.is_withdrawn) == (9, True)
    assert work.signals == {"keywords": ["feeds"]}
    assert work.announced_on == TODAY - timedelta(days=2)


@pytest.mark.parametrize("entries", ORDERS)
def test_the_chain_stays_flat_when_a_stronger_one_comes_later(
    entries: tuple[Entry, ...],
) -> None:
    for entry in entries:
        take(entry)

    assert paper(in_feed()).merged_into == paper(on_arxiv())
    assert paper(in_journal()).merged_into == paper(on_arxiv())
    assert paper(on_arxiv()).merged_into is None


def test_what_a_merged_row_says_later_goes_to_its_work() -> None:
    take(on_arxiv(), in_feed())
    Paper.objects.update(matched_at="2026-11-20T12:00Z")

    result = take(in_feed(signals={"upvotes": 30}))

    work = paper(on_arxiv())
    assert (work.upvotes, work.matched_at) == (30, None)
    assert work.pk in result.paper_ids


def test_a_preprint_that_names_its_journal_doi_is_one_with_it() -> None:
    preprint = in_journal(
        "10.1101/2026.11.01.123456", title="Quite another title", published_doi=DOI
    )
    take(in_journal())
    take(replace(preprint, journal_ref=""))

    assert is_one(preprint, in_journal())
    assert Merge.objects.get().reason == Merge.Reason.DOI


@pytest.mark.parametrize("doi", ["", DOI])
def test_it_never_merges_two_arxiv_ids(doi: str) -> None:
    take(on_arxiv(doi=doi), on_arxiv(OTHER_ARXIV, doi=doi))
    take(in_journal())
    take(on_arxiv(OTHER_ARXIV, doi=doi, version=2))

    assert not is_one(on_arxiv(), on_arxiv(OTHER_ARXIV))
    assert Paper.objects.works().count() == 2


def test_it_never_merges_by_title_what_one_publisher_gave_two_dois() -> None:
    take(in_journal(), in_journal(OTHER_DOI))
    take(on_arxiv())

    assert not is_one(in_journal(), in_journal(OTHER_DOI))


def test_it_merges_by_title_what_two_publishers_gave_a_doi() -> None:
    take(in_journal(), in_journal("10.2000/x"))

    assert is_one(in_journal(), in_journal("10.2000/x"))


@pytest.mark.parametrize(("year", "works"), [(2023, 1), (2022, 2)])
def test_the_same_title_years_apart_is_another_work(year: int, works: int) -> None:
    early = in_feed(announced_on=date(year, 11, 20))
    take(early)
    take(on_arxiv())

    assert Paper.objects.works().count() == works


def test_a_title_that_many_papers_have_proves_nothing() -> None:
    take(*[in_feed(f"tag:example.org,2026:{number}") for number in range(30)])

    assert not Merge.objects.exists()


def test_a_list_with_nothing_to_merge_costs_few_queries(
    django_assert_max_num_queries: Any,
) -> None:
    entries = [
        on_arxiv(f"2611.{number:05d}", title=f"The {number} best ways to read feeds")
        for number in range(400)
    ]
    with CaptureQueriesContext(
        connection,
    ) as first:
        take(*entries)
    with django_assert_max_num_queries(len(first)):
        take(*entries)

    assert len(first) <= 35
