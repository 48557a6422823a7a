"""What is known of the archive: learned when there is need, read once."""

from datetime import timedelta

import pytest

from digest.models import Background, Paper, PaperWords
from digest.pipeline.match.archive import (
    LASTS,
    SETTLES,
    current_archive,
    shelve,
)
from digest.pipeline.match.words import read_words
from tests.factories import NOW, make_paper

pytestmark = pytest.mark.django_db


def test_it_is_learned_once_and_again_when_it_is_old() -> None:
    make_paper("Robots")
    first = current_archive(now=NOW)

    assert current_archive(now=NOW + timedelta(hours=1)) is first
    assert current_archive(now=NOW + LASTS) is not first
    assert Background.objects.count() == 2  # somebody may still read the first


def test_it_is_learned_again_when_the_papers_are_half_as_many_more() -> None:
    make_paper("Robots")
    first = current_archive(now=NOW)
    make_paper("More robots")

    assert current_archive(now=NOW + SETTLES / 2) is first
    assert current_archive(now=NOW + SETTLES).recent_ids != first.recent_ids


def test_what_an_older_version_wrote_is_learned_anew() -> None:
    make_paper("Robots")
    Background.objects.create(fitted_at=NOW, papers=1, engine="words", data=b"old")

    assert current_archive(now=NOW).background.recent.size == 1


def test_of_a_model_that_is_gone_nothing_is_used() -> None:
    make_paper("Robots")
    current_archive(now=NOW)
    Background.objects.update(engine="another@1")

    current_archive(now=NOW)

    assert Background.objects.latest().engine == "words"


def test_words_are_counted_once_for_each_version_of_a_paper() -> None:
    paper = make_paper("Robots", abstract="They climb.")
    before = read_words([paper])[0]
    PaperWords.objects.update(rules=0)  # by other rules: counted again
    assert (read_words([paper])[0].keys == before.keys).all()

    Paper.objects.update(title="Birds", changed_at=NOW + timedelta(minutes=1))
    paper.refresh_from_db()
    after = read_words([paper])[0]

    assert set(after.keys) != set(before.keys)
    assert PaperWords.objects.get().counted_for == paper.changed_at


def test_papers_stand_on_the_shelf_in_the_order_given() -> None:
    papers = [make_paper(title) for title in ("Robots", "Birds", "Robots and birds")]
    archive = current_archive(now=NOW)

    shelf = shelve(papers[::-1], archive.background)

    assert [bag.stems.total for bag in shelf.bags] == [10, 7, 7]
