"""Operators hear once that a source is late, and once that it has recovered."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Notice, User
from digest import tasks
from digest.models import Batch, Holiday, Source
from digest.pipeline.watch import MOST_LINES, watch_sources
from tests.factories import TODAY, make_batch, make_source

pytestmark = pytest.mark.django_db

MIDNIGHT = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
"""Of that Friday in New York, when arXiv's feed turns over."""

LIMIT = timedelta(hours=6)
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture(autouse=True)
def _operators(settings: Settings) -> None:
    settings.DIGEST_OPERATORS = ["desk@example.org"]


def an_arxiv_list(name: str = "arXiv: robots", **fields: Any) -> Source:
    """A source with a timetable that brought yesterday's list in full."""
    source = make_source(name=name, **{"last_tried_at": MIDNIGHT + LIMIT, **fields})
    make_batch(
        source, YESTERDAY, completed_at=MIDNIGHT, received_at=MIDNIGHT - 4 * LIMIT
    )
    return source


def a_journal(**fields: Any) -> Source:
    """A source without a timetable, last read at MIDNIGHT, asked each hour."""
    return make_source(
        **{
            "name": "Journal",
            "kind": "feed",
            "last_succeeded_at": MIDNIGHT,
            "last_tried_at": MIDNIGHT + LIMIT,
            **fields,
        }
    )


def notes() -> list[str]:
    return list(Notice.objects.order_by("pk").values_list("value", flat=True))


def test_a_list_is_late_when_its_hours_are_over() -> None:
    source = an_arxiv_list(error="arXiv answered\n503.")

    assert watch_sources(now=MIDNIGHT + LIMIT - timedelta(minutes=1)) == 0
    assert watch_sources(now=MIDNIGHT + LIMIT) == 1
    assert notes() == [
        (
            "1 source is late\n"
            "Papers are missing from digests until these answer:\n"
            "arXiv: robots: its list of Friday 20 November is not complete. "
            "arXiv answered 503."
        )
    ]
    source.refresh_from_db()
    assert source.told_late_at == MIDNIGHT + LIMIT


def test_it_is_told_once_and_its_recovery_once() -> None:
    source = an_arxiv_list()
    for minutes in range(3):
        watch_sources(now=MIDNIGHT + LIMIT + timedelta(minutes=minutes))
    make_batch(source, completed_at=MIDNIGHT + 2 * LIMIT)
    for minutes in range(3):
        watch_sources(now=MIDNIGHT + 2 * LIMIT + timedelta(minutes=minutes))

    assert [note.splitlines()[0] for note in notes()] == [
        "1 source is late",
        "1 source is no longer late",
    ]
    source.refresh_from_db()
    assert source.told_late_at is None


@pytest.mark.parametrize(
    ("status", "completed_at", "count"),
    [
        (Batch.Status.RECEIVED, MIDNIGHT, 0),
        (Batch.Status.EMPTY, MIDNIGHT, 0),
        (Batch.Status.PARTIAL, None, 1),
        (Batch.Status.WAITING, None, 1),
        (Batch.Status.FAILED, None, 1),
    ],
)
def test_a_list_that_is_not_whole_is_late(
    status: str, completed_at: datetime | None, count: int
) -> None:
    make_batch(an_arxiv_list(), status=status, completed_at=completed_at)

    assert watch_sources(now=MIDNIGHT + LIMIT) == count


def test_nothing_is_late_on_a_holiday_or_at_a_weekend() -> None:
    source = an_arxiv_list()
    Holiday.objects.create(day=YESTERDAY)

    assert watch_sources(now=MIDNIGHT + 2 * LIMIT) == 0
    make_batch(source, completed_at=MIDNIGHT)
    assert watch_sources(now=MIDNIGHT + timedelta(days=2)) == 0


def test_each_source_has_its_own_limit() -> None:
    an_arxiv_list(late_after_hours=12)

    assert watch_sources(now=MIDNIGHT + LIMIT) == 0
    assert watch_sources(now=MIDNIGHT + 2 * LIMIT) == 1


def test_another_source_is_late_an_interval_after_its_limit() -> None:
    a_journal()

    assert watch_sources(now=MIDNIGHT + timedelta(hours=6, minutes=59)) == 0
    assert watch_sources(now=MIDNIGHT + timedelta(hours=7)) == 1
    assert notes()[0].endswith("Journal: not read since 20 November, 05:00 UTC.")


def test_a_source_that_was_never_read_is_late_too() -> None:
    source = a_journal(last_succeeded_at=None)
    make_batch(source, status=Batch.Status.FAILED, received_at=MIDNIGHT)

    assert watch_sources(now=MIDNIGHT + timedelta(hours=7)) == 1


@pytest.mark.parametrize(
    "fields", [{"kind": "sample"}, {"is_active": False}, {"last_succeeded_at": None}]
)
def test_nothing_is_expected_of_these(fields: dict[str, Any]) -> None:
    a_journal(**fields)

    assert watch_sources(now=MIDNIGHT + timedelta(days=9)) == 0


def test_after_a_stop_of_the_service_a_source_is_asked_before_it_is_called_late() -> (
    None
):
    source = a_journal(last_tried_at=MIDNIGHT, next_fetch_at=MIDNIGHT)
    monday = MIDNIGHT + timedelta(days=3)

    assert watch_sources(now=monday) == 0
    source.last_tried_at = monday
    source.save()
    assert watch_sources(now=monday) == 1


def test_a_source_that_is_switched_off_is_forgotten_in_silence() -> None:
    source = a_journal(is_active=False, told_late_at=MIDNIGHT)

    assert watch_sources(now=MIDNIGHT) == 0
    source.refresh_from_db()
    assert source.told_late_at is None


def test_all_that_are_late_stand_in_one_mail() -> None:
    for number in range(MOST_LINES + 2):
        an_arxiv_list(f"arXiv: list {number}")

    assert watch_sources(now=MIDNIGHT + LIMIT) == MOST_LINES + 2
    (note,) = notes()
    assert note.startswith("42 sources are late\n")
    assert note.endswith("\nAnd 2 more.")


def test_it_asks_the_database_as_often_for_many_sources(
    django_assert_max_num_queries: Any,
) -> None:
    for number in range(20):
        make_batch(an_arxiv_list(f"arXiv: list {number}"), completed_at=MIDNIGHT)

    with django_assert_max_num_queries(5):
        watch_sources(now=MIDNIGHT + LIMIT)


def test_without_operators_the_superusers_are_told(settings: Settings) -> None:
    settings.DIGEST_OPERATORS = []
    User.objects.create_superuser("boss@example.org")
    User.objects.create_superuser("gone@example.org", is_active=False)
    User.objects.create_user("curator@example.org", is_staff=True)
    an_arxiv_list()

    watch_sources(now=MIDNIGHT + LIMIT)

    assert [notice.email for notice in Notice.objects.all()] == ["boss@example.org"]


def test_the_sweep_sends_the_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: MIDNIGHT + LIMIT)
    an_arxiv_list()

    tasks.sweep()
    tasks.sweep()

    (sent,) = mail.outbox
    assert sent.to == ["desk@example.org"]
    assert sent.subject == "Paperboy: 1 source is late"
    assert "its list of Friday 20 November is not complete." in sent.body
