"""What becomes of a known paper is written down once, with its day."""

from datetime import timedelta

import pytest

from accounts.models import User
from digest.models import Merge, Paper, PaperEvent
from digest.pipeline.merges import merge_papers, undo_merge
from digest.sources.entry import AnnounceType, Entry
from tests.digest.pipeline.works import (
    ARXIV,
    DOI,
    in_feed,
    in_journal,
    on_arxiv,
    paper,
    take,
)
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db

REPLACED = {"announce_type": AnnounceType.REPLACE}
PREPRINT = in_journal("10.1101/2026.11.01.123456", journal_ref="")


def events() -> list[tuple[str, int, str]]:
    """All events, in the order of their kinds."""
    rows = PaperEvent.objects.order_by("kind", "version", "detail")
    return list(rows.values_list("kind", "version", "detail"))


@pytest.mark.parametrize("version", [1, 3])
def test_a_first_sighting_tells_nothing(version: int) -> None:
    first = on_arxiv(version=version, doi=DOI, is_withdrawn=True, **REPLACED)
    take(first)
    take(first)

    assert events() == []


def test_a_new_version_is_told_once_with_its_day() -> None:
    yesterday = TODAY - timedelta(days=1)
    take(on_arxiv(announced_on=yesterday), day=yesterday)
    take(on_arxiv(version=2, **REPLACED))
    take(on_arxiv(version=2, **REPLACED), kind="arxiv_rss")
    take(on_arxiv(version=1))

    event = PaperEvent.objects.get()
    assert (event.kind, event.version) == (PaperEvent.Kind.NEW_VERSION, 2)
    assert (event.paper, event.happened_on) == (paper(on_arxiv()), TODAY)
    assert (str(event.source), event.recorded_at) == ("The feed", NOW)


@pytest.mark.parametrize(
    ("then", "told"),
    [
        (on_arxiv(version=1), []),
        (on_arxiv(version=2), []),
        (on_arxiv(version=2, **REPLACED), [("new_version", 2, "")]),
    ],
)
def test_the_version_of_a_list_that_knew_none_is_new_if_it_replaces(
    then: Entry, told: list[tuple[str, int, str]]
) -> None:
    take(on_arxiv(version=0))
    take(then)

    assert events() == told


@pytest.mark.parametrize(
    ("first", "then", "place"),
    [
        (on_arxiv(), on_arxiv(doi="10.1000/FEEDS.1"), DOI),
        (on_arxiv(), on_arxiv(journal_ref="J. Feeds 1", doi=DOI), "J. Feeds 1"),
        (PREPRINT, in_journal(PREPRINT.doi, journal_ref="", published_doi=DOI), DOI),
        (on_arxiv(), in_journal(), "Journal of Feeds 7"),
        (PREPRINT, in_journal("10.2000/x"), "Journal of Feeds 7"),
    ],
)
def test_a_known_preprint_is_published_once(
    first: Entry, then: Entry, place: str
) -> None:
    take(first)
    take(then)
    take(then, in_journal(), first)

    assert events() == [("published", 0, place)]
    assert PaperEvent.objects.get().paper == Paper.objects.works().get()


def test_a_preprint_that_comes_after_its_journal_tells_nothing() -> None:
    take(in_journal())
    take(on_arxiv(doi=DOI))

    assert events() == []


def test_a_journal_that_gets_a_preprint_doi_of_arxiv_is_not_published() -> None:
    take(on_arxiv())
    take(on_arxiv(doi=f"10.48550/arXiv.{ARXIV}"))

    assert events() == []


def test_a_withdrawal_is_told_at_the_work_by_whichever_row() -> None:
    take(on_arxiv(), in_feed())
    take(in_feed(is_withdrawn=True))
    take(on_arxiv(is_withdrawn=True))

    assert events() == [("withdrawn", 0, "")]
    assert PaperEvent.objects.get().paper == paper(on_arxiv())


def test_a_merge_by_hand_tells_of_the_journal_until_it_is_undone() -> None:
    other = in_journal(title="The same work under quite another title")
    take(on_arxiv(), other)
    merge_papers(paper(on_arxiv()).pk, paper(other).pk, now=NOW)
    assert events() == [("published", 0, "Journal of Feeds 7")]

    curator = User.objects.create_user("curator@example.org")
    undo_merge(Merge.objects.get().pk, user=curator, now=NOW)
    assert events() == []
