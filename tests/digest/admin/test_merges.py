"""Curators say that two papers are one work, and that two were none."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from digest.models import Merge, Paper, PaperEvent, Topic
from tests import factories
from tests.digest.admin.desk import address, press, sit_down, sit_down_with
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db


def make_letter(title: str = "The paper in a journal") -> Paper:
    """A paper known by the DOI of a journal."""
    return factories.make_paper(
        title, canonical_id="doi:10.1000/x", slug="x", arxiv_id="", doi="10.1000/x"
    )


@pytest.fixture
def two() -> tuple[Paper, Paper]:
    """The same work on arXiv and in a journal."""
    return factories.make_paper("The paper on arXiv"), make_letter()


def merge_as(client: Client, *papers: Paper) -> str:
    """What the page says after the action."""
    text: str = press(client, "same_work", *papers).content.decode()
    return text


def test_it_merges_two_papers_into_the_stronger_and_notes_it_at_both(
    two: tuple[Paper, Paper],
) -> None:
    preprint, letter = two

    text = merge_as(sit_down(), letter, preprint)

    assert "“The paper in a journal” is shown as “The paper on arXiv” now." in text
    merge = Merge.objects.get()
    assert (merge.kept, merge.merged, merge.reason) == (preprint, letter, "by_hand")
    notes = set(LogEntry.objects.values_list("object_id", "change_message"))
    assert notes == {
        (str(preprint.pk), "Is the same work as doi:10.1000/x."),
        (str(letter.pk), f"Is the same work as {preprint.canonical_id}."),
    }


@pytest.mark.parametrize("count", [1, 3])
def test_it_merges_exactly_two(count: int) -> None:
    papers = [factories.make_paper() for _number in range(count)]

    assert "Choose exactly two papers." in merge_as(sit_down(), *papers)
    assert not Merge.objects.exists()


def test_it_says_why_two_cannot_be_one() -> None:
    papers = factories.make_paper(), factories.make_paper()

    assert "different arXiv ids" in merge_as(sit_down(), *papers)
    assert not Merge.objects.exists()


def test_a_merged_paper_leaves_the_list_and_the_merges_name_both(
    two: tuple[Paper, Paper],
) -> None:
    client = sit_down()
    merge_as(client, *two)

    listed = client.get(address(Paper)).context["cl"].result_list
    assert [paper.title for paper in listed] == ["The paper on arXiv"]
    merges = client.get(address(Merge)).content.decode()
    merge = client.get(address(Merge, "change", Merge.objects.get().pk))
    for text in (merges, merge.content.decode()):
        assert "The paper on arXiv" in text
        assert "The paper in a journal" in text
    assert "doi:10.1000/x" in merge.content.decode()
    assert client.get(address(Merge, "add")).status_code == 403


def test_it_undoes_a_merge_once_and_notes_it(two: tuple[Paper, Paper]) -> None:
    client = sit_down()
    merge_as(client, *two)
    merge = Merge.objects.get()
    LogEntry.objects.all().delete()

    assert "1 merge undone." in press(client, "undo", merge).content.decode()

    merge.refresh_from_db()
    assert merge.undone_at is not None
    assert str(merge.undone_by) == "curator@example.org"
    assert Paper.objects.works().count() == 2
    assert LogEntry.objects.count() == 3
    assert "undone already" in press(client, "undo", merge).content.decode()


def test_merging_and_undoing_need_their_permission(two: tuple[Paper, Paper]) -> None:
    merge_as(sit_down(), *two)
    merge = Merge.objects.get()
    other = factories.make_paper("One more")
    client = sit_down_with("view_paper", "view_merge", "add_pick")

    press(client, "undo", merge)
    merge_as(client, two[0], other)

    merge.refresh_from_db()
    assert merge.undone_at is None
    assert Merge.objects.count() == 1


def test_a_papers_page_shows_what_became_of_it() -> None:
    paper = factories.make_paper()
    PaperEvent.objects.create(
        paper=paper,
        kind=PaperEvent.Kind.PUBLISHED,
        happened_on=TODAY,
        detail="Journal of Feeds 7",
        recorded_at=NOW,
    )

    text = sit_down().get(address(Paper, "change", paper.pk)).content.decode()

    assert "Journal of Feeds 7" in text
    assert "published in a journal" in text


def test_a_topic_counts_and_names_works_alone() -> None:
    topic = factories.make_topic()
    work = factories.make_paper("The work", announced_on=timezone.localdate())
    merged = factories.make_paper(
        "Merged away", announced_on=timezone.localdate(), merged_into=work
    )
    factories.make_match(topic, work)
    factories.make_match(topic, merged)
    client = sit_down()

    (row,) = client.get(address(Topic)).context["cl"].result_list
    assert row.match_count == 1
    page = client.get(address(Topic, "change", topic.pk)).content.decode()
    assert "The work" in page
    assert "Merged away" not in page
