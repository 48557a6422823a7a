"""What matched is found again in what is shown, by the words of matching."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest import tex
from digest.matching import PaperText, TermWeights, match, parse_query, prepare
from digest.matching.spotting import spot, write_words
from digest.matching.tokens import tokenise
from tests.digest.matching import make_paper, reasons, strategies


def spotted(query: str, title: str, shown: str = "") -> list[str]:
    """Return what is spotted in a title, or in another text, by a query's reasons."""
    words = [w for piece in reasons(query, make_paper(title)) for w in piece.words]
    text = shown or tex.to_unicode(title)
    return [text[start:end] for start, end in spot(text, words)]


@pytest.mark.parametrize(
    ("query", "title", "expected"),
    [
        ('"diffusion models"', "A Diffusion Model", ["Diffusion Model"]),
        ("diffusion model", "Models of Diffusion", ["Models", "Diffusion"]),
        ("diffusion model", "On Diffusion-Models", ["Diffusion-Models"]),
        ("pretraining", "Pre-training pays", ["Pre-training"]),
        ("diffus*", "Diffuse or diffusion", ["Diffuse", "diffusion"]),
        ("l2 norm", "The $L_2$ norm", ["L₂ norm"]),
        ("co2", "CO$_2$ capture", ["CO₂"]),
        (
            "alpha-synuclein",
            r"$\alpha$-synuclein",
            ["\N{GREEK SMALL LETTER ALPHA}-synuclein"],
        ),
        ("goedel OR godel", r"G\"odel's proof", ["Gödel's"]),
        ("c++", "C++, C and C#", ["C++"]),
        ("gpt-4", "GPT-4, GPT-4", ["GPT-4", "GPT-4"]),
        ("机器人", "关于机器人的", ["机器人"]),
        ("model", "Remodelling a model", ["model"]),
    ],
)
def test_it_spots_what_matched_as_it_is_shown(
    query: str, title: str, expected: list[str]
) -> None:
    assert spotted(query, title) == expected


def test_it_looks_for_no_part_of_a_phrase() -> None:
    title = "Score distillation"
    text = "A score, then score distillation. Score"
    assert spotted('"score distillation"', title, text) == ["score distillation"]


def test_it_spots_nothing_without_words() -> None:
    assert spot("Some text", []) == []
    assert spot("Some text", ["", " "]) == []


_texts = st.text(
    st.sampled_from("aB -.,<&;$\\_{}^2\N{GREEK SMALL LETTER BETA}ö机\u0301\n"),
    max_size=40,
)


@given(text=_texts, words=st.lists(_texts.map(lambda t: write_words(tokenise(t)))))
def test_spans_come_in_order_and_cut_no_word(text: str, words: list[str]) -> None:
    edges = {0, len(text)}
    starts = {token.start for token in tokenise(text)}
    ends = {token.end for token in tokenise(text)}
    last = -1
    for start, end in spot(text, words):
        assert last < start < end <= max(edges)
        assert start in starts
        assert end in ends
        last = end


@given(query=strategies.queries, paper=strategies.papers)
def test_every_quoted_reason_is_spotted_where_it_stands(
    query: str, paper: PaperText
) -> None:
    hit = match(parse_query(query), prepare(paper), TermWeights())
    for piece in hit.evidence if hit else ():
        if piece.field in ("title", "abstract"):
            text = getattr(paper, piece.field)
            found = [text[start:end] for start, end in spot(text, piece.words)]
            assert any(piece.text in each for each in found)
