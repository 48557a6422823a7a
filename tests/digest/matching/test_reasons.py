"""The reasons that are given, and that each stands where it is said to stand."""

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
    assert why("grasping robot", "Robots Grasp", "A gripper for grasping robots.") == (
        Evidence("phrase", "Robots Grasp", "title"),
    )


def test_it_names_the_liked_paper_that_is_close() -> None:
    pieces = why("", "A gripper with torque", "An arm under control.", liked=3)
    assert pieces[0].kind == "similar"
    assert pieces[0].field == "liked"
    assert pieces[0].text in {title for _, title, _ in archive.texts()}


def test_it_quotes_the_nearest_sentence_where_no_word_was_found() -> None:
    abstract = "The weather was fine today. The gripper has a torque sensor."
    (piece,) = why("robot grasping", "On a device", abstract)
    assert piece == Evidence("sentence", "The gripper has a torque sensor.", "abstract")


_papers = strategies.papers


@given(paper=_papers, wish=st.lists(st.sampled_from(strategies.WORDS)).map(" ".join))
def test_every_reason_stands_in_the_paper(paper: PaperText, wish: str) -> None:
    bag = read_bag(paper.title, paper.abstract)
    background = Background.build([bag])
    scorer = make_scorer(read_wish([wish]), background)
    pieces = explain(scorer, prepare(paper), background.recent)
    assert len(pieces) <= 3
    for piece in pieces:
        assert piece.text
        assert piece.text in getattr(paper, piece.field)
