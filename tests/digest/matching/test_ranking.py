"""Scores by words, by latent semantics, and both measured against recent papers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.matching import (
    Background,
    BackgroundError,
    make_scorer,
    read_bag,
    read_wish,
)
from digest.matching.frequencies import count_papers
from digest.matching.latent import fit_latent
from digest.matching.lexical import score_words
from digest.matching.wish import WishKind
from tests.digest.matching import archive
from tests.digest.matching.strategies import WORDS


def lexical(wish: str, *papers: tuple[str, str]) -> list[float]:
    bags = [read_bag(*paper) for paper in papers]
    known = count_papers(bags)
    shelf = Background.build(bags).shelve(bags)
    scores: list[float] = score_words(read_wish([wish]), shelf, known).scores.tolist()
    return scores


def test_it_counts_the_title_more_and_neighbours_more() -> None:
    title, abstract, none = lexical(
        "robot", ("A robot", "Something"), ("A thing", "Some robot"), ("A", "B")
    )
    assert title > abstract > none == 0
    together, apart = lexical(
        "score distillation",
        ("On", "We use score distillation on images here"),
        ("On", "We use distillation on images here score"),
    )
    assert together > apart


def test_it_finds_a_compound_however_it_is_written() -> None:
    closed, apart = ("On pretraining", ""), ("On pre-training", "")
    for wish in ("pretraining", "pre-training"):
        assert min(lexical(wish, closed, apart)) > 0


def test_it_takes_the_best_of_several_wordings() -> None:
    bags = [read_bag("A robot", ""), read_bag("A gripper", "")]
    background = Background.build(bags)
    wish = read_wish("robot\ngripper\n\n")
    scores = score_words(wish, background.recent, background.frequencies).scores
    assert len(wish.wordings) == 2
    assert scores.min() > 0


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("graph neural networks", WishKind.NAME),
        (
            "how do robots learn to grasp new things that nobody has shown them before",
            "sentence",
        ),
        (" ".join(f"word{n}" for n in range(60)), "example"),
        ("", "name"),
    ],
)
def test_it_tells_the_kind_of_a_wish_by_its_length(text: str, kind: str) -> None:
    assert read_wish(text).kind == kind


def test_it_finds_papers_that_share_no_word_with_the_wish() -> None:
    model = fit_latent(archive.bags(), archive.background().frequencies)
    assert model is not None
    (asked,) = model.project([read_bag("", "gripper torque")])
    others = model.project(
        [read_bag("", "robot arm manipulation"), read_bag("", "stellar dust spectrum")]
    )
    near, far = (others @ asked).tolist()
    assert near > far + 0.1


def test_it_learns_no_latent_model_from_a_few_papers() -> None:
    few = archive.bags()[:20]
    background = Background.build(few)
    assert background.latent is None
    verdicts = make_scorer(read_wish(["robot"]), background).judge(background.recent)
    assert set(verdicts.parts) == {"words"}


def test_it_stores_the_background_as_the_same_bytes_and_reads_it_back() -> None:
    background = archive.background()
    stored = background.to_bytes()
    assert stored == Background.build(archive.bags()).to_bytes()
    again = Background.from_bytes(stored)
    wish = read_wish(["robot grasping"])
    ours, theirs = (
        make_scorer(wish, known).judge(known.recent).score
        for known in (background, again)
    )
    np.testing.assert_allclose(ours, theirs, rtol=1e-5)


@pytest.mark.parametrize("stored", [b"", b"nothing", b"PK\x03\x04 cut off"])
def test_it_refuses_bytes_that_are_no_background(stored: bytes) -> None:
    with pytest.raises(BackgroundError):
        Background.from_bytes(stored)


_writing = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)


@given(
    papers=st.lists(st.tuples(_writing, _writing), max_size=6),
    wish=st.lists(_writing, max_size=3),
)
def test_it_gives_finite_scores_that_do_not_depend_on_the_company(
    papers: list[tuple[str, str]], wish: list[str]
) -> None:
    bags = [read_bag(*paper) for paper in papers]
    background = Background.build(bags)
    scorer = make_scorer(read_wish(wish), background)
    together = scorer.judge(background.shelve(bags))
    assert np.isfinite(together.score).all()
    assert ((together.probability >= 0) & (together.probability <= 1)).all()
    for at, bag in enumerate(bags):
        alone = scorer.judge(background.shelve([bag]))
        assert alone.score[0] == pytest.approx(together.score[at], abs=1e-4)
    if not read_wish(wish).bags:
        assert not together.wanted().any()
