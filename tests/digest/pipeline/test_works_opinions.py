"""What readers said of a paper goes along with a merge, and comes back when undone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import User
from digest.models import Mark, Merge, Paper, SavedPaper
from digest.pipeline.merges import merge_papers, undo_merge
from digest.pipeline.plan.opinions import read_opinions
from digest.reading import taste
from tests.factories import NOW, make_match, make_paper, make_reader, make_topic

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def kept() -> Paper:
    return make_paper("Preprint")


@pytest.fixture
def merged() -> Paper:
    return make_paper("In a journal", arxiv_id="", canonical_id="doi:10.1/a")


@pytest.fixture
def reader() -> User:
    return make_reader()


def merge(kept: Paper, merged: Paper) -> Merge:
    made = merge_papers(kept.pk, merged.pk, now=NOW)
    merged.refresh_from_db()
    return made


def test_marks_and_saved_papers_go_along_and_come_back(
    kept: Paper, merged: Paper, reader: User
) -> None:
    taste.save(reader, merged, now=NOW)
    taste.mark_more(reader, merged, now=NOW)

    made = merge(kept, merged)
    assert SavedPaper.objects.get().paper == Mark.objects.get().paper == kept

    undo_merge(made.pk, user=reader, now=LATER)
    assert SavedPaper.objects.get().paper == Mark.objects.get().paper == merged


def test_what_was_said_of_the_kept_paper_counts(
    kept: Paper, merged: Paper, reader: User
) -> None:
    topic = make_topic()
    make_match(topic, kept)
    make_match(topic, merged)
    taste.mark_more(reader, kept, now=NOW)
    taste.mark_less(reader, merged, now=LATER)
    other = make_reader()
    taste.mark_less(other, merged, now=NOW)

    made = merge(kept, merged)

    opinions = read_opinions(reader.pk, {topic.pk}, has_marks=True, has_mutes=False)
    (said,) = opinions.taught[topic.pk]
    assert (said.paper_id, said.is_liked) == (kept.pk, True)
    assert other.marks.get().paper == kept

    undo_merge(made.pk, user=reader, now=LATER)
    verdicts = dict(reader.marks.values_list("paper__title", "verdict"))
    assert verdicts == {"Preprint": "more", "In a journal": "less"}


def test_what_was_taken_back_meanwhile_stays_away(
    kept: Paper, merged: Paper, reader: User
) -> None:
    taste.save(reader, merged, now=NOW)
    made = merge(kept, merged)

    taste.unsave(reader, merged)
    undo_merge(made.pk, user=reader, now=LATER)

    assert not SavedPaper.objects.exists()
