"""The reasons that are given, and that each stands where it is said to stand."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.matching import (
    Background,
    Evidence,
    Liked,
    Marks,
    PaperText,
    explain,
    make_scorer,
    prepare,
    read_bag,
    read_wish,
)
from digest.matching.evidence import LikedWay
from digest.matching.reasons import nearest_liked
from digest.matching.spotting import spot
from tests.digest.matching import archive, strategies


def why(wish: str, title: str, abstract: str, liked: int = 0) -> tuple[Evidence, ...]:
    background = archive.background()
    chosen = archive.places("robots")[:liked]
    shelf = background.recent.take(chosen)
    titles = [archive.texts()[at][1] for at in chosen]
    marks = Marks(shelf, shelf.take([])) if liked else None
    scorer = make_scorer(read_wish([wish]), background, marks=marks)
    paper = prepare(PaperText(1, title, abstract))
    alone = background.shelve([read_bag(title, abstract)])
    return explain(scorer, paper, alone, Liked(shelf, titles) if liked else None)


def test_it_quotes_the_words_as_they_stand_the_title_first() -> None:
    words = ("grasping robots", "robots", "robots grasp")
    abstract = "A gripper for grasping robots. Robots."
    assert why("grasping robot", "Robots Grasp", abstract) == (
        Evidence("phrase", "Robots Grasp", "title", words=words),
    )


def test_it_names_the_liked_paper_that_is_close() -> None:
    pieces = why("", "A gripper with torque", "An arm under control.", liked=3)
    assert pieces[0].kind == "similar"
    assert pieces[0].field == "liked"
    assert pieces[0].text in {title for _, title, _ in archive.texts()}
    assert pieces[0].words == ()


@pytest.mark.parametrize("way", get_args(LikedWay))
def test_it_knows_how_the_close_paper_was_liked(way: LikedWay) -> None:
    background = archive.background()
    shelf = background.recent.take(archive.places("robots")[:2])
    close = nearest_liked(
        shelf.take([1]), Liked(shelf, ("A", "B"), ("liked", way)), background
    )
    assert close == Evidence("similar", "B", way)


def test_it_quotes_the_nearest_sentence_where_no_word_was_found() -> None:
    abstract = "The weather was fine today. The gripper has a torque sensor."
    (piece,) = why("robot grasping", "On a device", abstract)
    assert piece == Evidence("sentence", "The gripper has a torque sensor.", "abstract")


_wishes = st.lists(st.sampled_from(strategies.WORDS)).map(" ".join)
_LIKED = ("Deep networks", "Pre-training of models")
_hard_texts = st.lists(
    st.sampled_from(
        [*strategies.WORDS, "Deep.", "$x_2$", "<b>", "&amp;", "$", "é", ",", "(", "机"]
    ),
    max_size=12,
).map(" ".join)


@given(
    paper=strategies.papers
    | st.builds(PaperText, st.just(1), _hard_texts, _hard_texts),
    wish=_wishes,
    way=st.sampled_from(get_args(LikedWay)),
)
def test_every_reason_names_what_is_in_the_paper_or_was_liked(
    paper: PaperText, wish: str, way: LikedWay
) -> None:
    bags = [read_bag(paper.title, paper.abstract), *(read_bag(t, "") for t in _LIKED)]
    background = Background.build(bags)
    liked = background.recent.take([1, 2])
    marks = Marks(liked, liked.take([]))
    scorer = make_scorer(read_wish([wish]), background, marks=marks)
    alone = background.recent.take([0])
    near = Liked(liked, _LIKED, (way, way))
    pieces = explain(scorer, prepare(paper), alone, near)
    assert len(pieces) <= 3
    for piece in pieces:
        if piece.kind == "similar":
            assert (piece.text in _LIKED, piece.field) == (True, way)
            continue
        text = getattr(paper, piece.field)
        assert piece.text
        assert piece.text in text
        spotted = [text[start:end] for start, end in spot(text, piece.words)]
        assert piece.kind == "sentence" or any(
            piece.text.strip("$") in each for each in spotted
        )


@given(paper=strategies.papers, wish=_wishes)
def test_every_word_of_a_reason_stands_in_the_paper(
    paper: PaperText, wish: str
) -> None:
    background = Background.build([read_bag(paper.title, paper.abstract)])
    scorer = make_scorer(read_wish([wish]), background)
    for piece in explain(scorer, prepare(paper), background.recent):
        for words in piece.words:
            assert spot(paper.title, [words]) or spot(paper.abstract, [words])
