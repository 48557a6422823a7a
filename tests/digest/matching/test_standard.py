"""What a paper lacks speaks neither for it nor against it."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from digest.matching import (
    Background,
    Floats,
    Marks,
    Shelf,
    TopicScorer,
    make_scorer,
    read_wish,
)
from tests.digest.matching import archive

DIMENSIONS = 16


@cache
def vectors() -> Floats:
    """Sentence vectors: all lean one way, and those of a subject together."""
    draw = np.random.default_rng(5)
    common = draw.standard_normal(DIMENSIONS)
    of_subject = dict(
        zip(
            archive.SUBJECTS,
            draw.standard_normal((len(archive.SUBJECTS), DIMENSIONS)),
            strict=True,
        )
    )
    rows = [
        common + of_subject[subject] + draw.standard_normal(DIMENSIONS) / 2
        for subject, _, _ in archive.texts()
    ]
    return unit(np.array(rows, np.float32))


def unit(rows: Floats) -> Floats:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


@cache
def background() -> Background:
    return Background.build(archive.bags(), vectors())


def make(known: Background, *, liked: list[int]) -> TopicScorer:
    marks = Marks(known.recent.take(liked), known.recent.take([]))
    asked = vectors()[archive.places("stars")].mean(axis=0, keepdims=True)
    return make_scorer(read_wish(["dust of a galaxy"]), known, asked, marks)


@pytest.fixture(params=["a wish", "marks"])
def scorer(request: pytest.FixtureRequest) -> TopicScorer:
    liked = archive.places("stars")[:5] if request.param == "marks" else []
    return make(background(), liked=liked)


def without(shelf: Shelf, *names: str) -> Shelf:
    """The papers with rows of zeros in some vector spaces."""
    return replace(
        shelf, **{name: np.zeros_like(getattr(shelf, name)) for name in names}
    )


LACKING = [("latent",), ("meaning",), ("latent", "meaning")]


@pytest.mark.parametrize("names", LACKING)
def test_a_row_of_zeros_is_as_good_as_no_vector(
    scorer: TopicScorer, names: tuple[str, ...]
) -> None:
    shelf = background().recent
    absent = replace(
        shelf,
        latent=None if "latent" in names else shelf.latent,
        meaning=None if "meaning" in names else shelf.meaning,
    )
    zeros, none = scorer.judge(without(shelf, *names)), scorer.judge(absent)
    np.testing.assert_allclose(zeros.score, none.score, atol=1e-5)
    np.testing.assert_array_equal(zeros.wanted(), none.wanted())


@pytest.mark.parametrize("names", LACKING)
def test_papers_without_a_vector_gain_and_lose_nothing_by_that(
    scorer: TopicScorer, names: tuple[str, ...]
) -> None:
    complete = scorer.judge(background().recent)
    lacking = scorer.judge(without(background().recent, *names))
    assert complete.score.mean() == pytest.approx(0, abs=0.05)
    assert lacking.score.mean() == pytest.approx(0, abs=0.05)
    if scorer.taste is None:
        assert lacking.score.std() == pytest.approx(complete.score.std(), rel=0.05)


def test_a_paper_that_lacks_a_vector_leaves_the_others_alone(
    scorer: TopicScorer,
) -> None:
    shelf = background().recent
    holed = np.array(shelf.meaning)
    holed[::3] = 0
    scores = scorer.judge(replace(shelf, meaning=holed)).score
    complete = scorer.judge(shelf).score
    kept = holed.any(axis=1)
    np.testing.assert_allclose(scores[kept], complete[kept], atol=1e-5)


@pytest.mark.parametrize("liked", [0, 5])
def test_recent_papers_that_wait_for_a_vector_do_not_change_the_measure(
    liked: int,
) -> None:
    """One in ten waits: what the others are measured by is nearly the same."""
    some = np.array(vectors())
    some[::10] = 0
    waiting = Background.build(archive.bags(), some)
    places = archive.places("stars")[:liked]
    judged, usual = (
        make(known, liked=places).judge(background().recent)
        for known in (waiting, background())
    )
    np.testing.assert_allclose(judged.score, usual.score, atol=0.25)


def test_a_liked_paper_without_a_vector_teaches_by_its_words_alone() -> None:
    liked = archive.places("stars")[:4]
    known = background()
    shelf = known.recent.take(liked)
    holed = np.array(shelf.meaning)
    holed[:2] = 0
    tastes = [
        make_scorer(
            read_wish([]), known, marks=Marks(marked, known.recent.take([]))
        ).taste
        for marked in (replace(shelf, meaning=holed), shelf.take([2, 3]))
    ]
    first, second = (taste.directions["meaning"] for taste in tastes if taste)
    np.testing.assert_allclose(first, second, atol=1e-4)
    unseen = make_scorer(
        read_wish([]),
        known,
        marks=Marks(without(shelf, "meaning"), known.recent.take([])),
    )
    assert unseen.taste is not None
    assert "meaning" not in unseen.taste.directions
