"""The honest line: what a digest covered, and what it could not."""

from datetime import timedelta
from typing import Any

import pytest

from digest.models import Batch
from digest.pipeline.plan.coverage import describe_coverage
from digest.pipeline.render import fates
from tests.factories import NOW, TODAY, make_batch, make_source

pytestmark = pytest.mark.django_db

YESTERDAY = TODAY - timedelta(days=1)
AN_HOUR_AGO = NOW - timedelta(hours=1)


def in_words() -> tuple[str, list[str]]:
    """What was covered, and a sentence for each source that was not."""
    return fates.coverage(describe_coverage(NOW))


def a_source(name: str, **fields: Any) -> Any:
    return make_source(name=name, **{"last_succeeded_at": AN_HOUR_AGO, **fields})


def a_feed(name: str, **fields: Any) -> Any:
    """A source that has no timetable."""
    return a_source(name, kind="feed", **fields)


def test_it_says_how_many_papers_of_which_day_it_covered() -> None:
    make_batch(a_source("Hugging Face"), entry_count=31)
    make_batch(a_feed("bioRxiv"), YESTERDAY, entry_count=1)

    assert in_words() == (
        "Hugging Face (31 papers of 20 November); bioRxiv (1 paper of 19 November)",
        [],
    )


def test_it_says_that_a_source_announced_no_papers() -> None:
    make_batch(a_source("arXiv"), status=Batch.Status.EMPTY)

    assert in_words() == ("", ["arXiv announced no papers on 20 November."])


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (
            Batch.Status.REPEATED,
            (
                "arXiv still showed an earlier list on 20 November; its new papers "
                "come in a later digest."
            ),
        ),
        (
            Batch.Status.WAITING,
            (
                "arXiv had not announced its papers of 20 November yet; they come in a "
                "later digest."
            ),
        ),
        (
            Batch.Status.PARTIAL,
            (
                "arXiv had listed only 113 papers of 20 November so far; "
                "the rest comes in a later digest."
            ),
        ),
        (
            Batch.Status.HOLIDAY,
            "arXiv announced nothing on 20 November, because of a holiday.",
        ),
    ],
)
def test_it_tells_late_cut_and_holiday_lists_apart(status: str, words: str) -> None:
    make_batch(a_source("arXiv"), status=status, entry_count=113)

    assert in_words() == ("", [words])


def test_it_says_that_nothing_is_announced_at_a_weekend() -> None:
    saturday = TODAY + timedelta(days=1)
    now = NOW + timedelta(days=1)
    source = a_source("arXiv", last_succeeded_at=now)
    make_batch(source, saturday, status=Batch.Status.HOLIDAY, received_at=now)

    assert fates.coverage(describe_coverage(now)) == (
        "",
        ["arXiv announces nothing on Saturdays and Sundays."],
    )


def test_it_goes_on_naming_what_is_missing_of_earlier_days() -> None:
    source = a_source("arXiv")
    make_batch(source, entry_count=120)
    make_batch(source, YESTERDAY, status=Batch.Status.PARTIAL, entry_count=7)
    make_batch(source, TODAY - timedelta(days=2), status=Batch.Status.WAITING)
    make_batch(source, TODAY - timedelta(days=3), status=Batch.Status.HOLIDAY)
    make_batch(source, TODAY - timedelta(days=8), status=Batch.Status.FAILED)

    assert in_words() == (
        "arXiv (120 papers of 20 November)",
        [
            (
                "The papers of 18 November from arXiv are still missing; "
                "they come in a later digest."
            ),
            (
                "arXiv had listed only 7 papers of 19 November so far; "
                "the rest comes in a later digest."
            ),
        ],
    )


def test_it_does_not_call_yesterday_covered_when_todays_list_was_not_read() -> None:
    make_batch(a_source("arXiv"), YESTERDAY, entry_count=120)

    assert in_words() == (
        "",
        ["arXiv was not read yet; its papers come in a later digest."],
    )


def test_a_failure_takes_nothing_from_a_list_that_is_incomplete() -> None:
    source = a_source("arXiv", error="arXiv answered 503.")
    make_batch(source, status=Batch.Status.PARTIAL, entry_count=1)

    assert in_words() == (
        "",
        [
            (
                "arXiv had listed only 1 paper of 20 November so far; "
                "the rest comes in a later digest."
            )
        ],
    )


def test_a_failure_makes_a_list_that_was_awaited_one_that_failed() -> None:
    source = a_source("arXiv", error="arXiv answered 503.")
    make_batch(source, status=Batch.Status.WAITING)

    assert in_words() == (
        "",
        ["arXiv did not answer; its papers come in a later digest."],
    )


def test_it_says_that_a_source_did_not_answer() -> None:
    source = a_source("bioRxiv", error="bioRxiv answered 500.")
    make_batch(source, YESTERDAY, entry_count=20)
    make_batch(source, status=Batch.Status.FAILED)

    assert in_words() == (
        "",
        ["bioRxiv did not answer; its papers come in a later digest."],
    )


def test_it_says_that_a_source_was_not_read_yet() -> None:
    a_source("Never read", last_succeeded_at=None)
    long_ago = NOW - timedelta(hours=37)
    make_batch(
        a_source("Read long ago", last_succeeded_at=long_ago),
        YESTERDAY,
        received_at=long_ago,
        entry_count=20,
    )

    assert in_words() == (
        "",
        [
            "Never read was not read yet; its papers come in a later digest.",
            "Read long ago was not read yet; its papers come in a later digest.",
        ],
    )


def test_it_counts_the_papers_that_came_before_a_source_failed() -> None:
    make_batch(a_source("arXiv", error="arXiv answered 503."), entry_count=120)

    assert in_words() == ("arXiv (120 papers of 20 November)", [])


def test_it_takes_a_source_at_its_word_that_nothing_changed_since_a_failure() -> None:
    source = a_feed("Journal")
    make_batch(source, YESTERDAY, entry_count=120)
    make_batch(source, status=Batch.Status.FAILED, problems=["500"])

    assert in_words() == ("Journal (120 papers of 19 November)", [])


def test_it_puts_the_lists_of_one_publisher_together() -> None:
    for number in range(3):
        make_batch(a_source(f"arXiv: list {number}"), entry_count=10)

    lines = describe_coverage(NOW)

    assert [(line["name"], line["papers"], line["lists"]) for line in lines] == [
        ("arXiv", 30, 3)
    ]


def test_it_names_the_lists_that_fared_otherwise_than_their_publisher() -> None:
    for number in range(3):
        make_batch(a_source(f"arXiv: list {number}"), entry_count=10)
    make_batch(a_source("arXiv: optics"), status=Batch.Status.EMPTY)
    make_batch(a_source("arXiv: genes", error="x"), status=Batch.Status.FAILED)

    assert in_words() == (
        "arXiv (30 papers of 20 November)",
        [
            "arXiv: genes did not answer; its papers come in a later digest.",
            "arXiv: optics announced no papers on 20 November.",
        ],
    )


def test_it_counts_the_lists_that_fared_otherwise_where_they_are_many() -> None:
    make_batch(a_source("arXiv: optics"), entry_count=10)
    for number in range(4):
        waiting = a_source(f"arXiv: list {number}")
        make_batch(waiting, status=Batch.Status.WAITING)

    assert in_words() == (
        "arXiv (10 papers of 20 November)",
        [
            (
                "arXiv (in 4 of its 5 lists) had not announced its papers of 20 "
                "November yet; they come in a later digest."
            )
        ],
    )


def test_it_says_once_that_a_whole_publisher_was_quiet() -> None:
    for number in range(3):
        make_batch(a_source(f"arXiv: list {number}"), status=Batch.Status.EMPTY)

    assert in_words() == ("", ["arXiv announced no papers on 20 November."])


def test_it_is_silent_about_sources_that_are_switched_off() -> None:
    make_batch(a_source("arXiv", is_active=False), entry_count=10)

    assert describe_coverage(NOW) == []


def test_it_reads_no_batch_of_long_ago(django_assert_num_queries: Any) -> None:
    source = a_source("arXiv")
    for age in range(60):
        make_batch(source, TODAY - timedelta(days=age), entry_count=age)

    with django_assert_num_queries(3) as asked:
        lines = describe_coverage(NOW)

    assert lines[0]["papers"] == 0
    assert '"announced_on" >= ' in asked.captured_queries[2]["sql"]
