"""What counts as a word: identifiers, TeX, accents, hyphens, other scripts."""

import pytest

from digest.matching import tokens
from tests.digest.matching import is_found, make_paper


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("C++", "c++"),
        ("C#", "c#"),
        ("p53", "p53"),
        ("3D", "3d"),
        ("BERT", "bert"),
        ("$L_2$", "l2"),
        ("$L_{2}$", "l2"),
        ("CO$_2$", "co2"),
        ("CO₂", "co2"),
        ("Schrödinger", "schrodinger"),
        (r"Schr\"odinger", "schrodinger"),
        (r"Schr{\"o}dinger", "schrodinger"),
        (r"Poincar\'{e}", "poincare"),
        ("cafe\u0301", "cafe"),
        ("Łukasz", "lukasz"),
        ("Straße", "strasse"),
        (r"$\alpha$", "alpha"),
        ("\u03b1", "alpha"),
        ("\u03bb", "lambda"),
        ("Alzheimer's", "alzheimer"),
        ("O\u2019Brien", "obrien"),
        ("3.5", "3.5"),
    ],
)
def test_it_folds_one_word(text: str, form: str) -> None:
    assert [token.form for token in tokens.tokenise(text)] == [form]


def test_it_knows_where_each_token_stands() -> None:
    text = r"We use $L_2$ and \textbf{C++}; na\"ive"
    for token in tokens.tokenise(text):
        assert text[token.start : token.end] == token.raw


def test_it_leaves_out_commands_that_only_style() -> None:
    forms = [token.form for token in tokens.tokenise(r"\textbf{bold} \emph{claims}")]
    assert forms == ["bold", "claims"]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("text-to-image", "From text to image"),
        ("text-to-image", "Text-To-Image models"),
        ('"text to image"', "Text-to-image models"),
        ("pre-training", "Pretraining at scale"),
        ("pretraining", "Pre-training at scale"),
        ('"pre training"', "Pre-training at scale"),
        ("self-supervised", "Self\u2013supervised vision"),
        ("SARS-CoV-2", "A model of sars-cov-2"),
        ("GPT4", "GPT-4 and after"),
        ("GPT-4", "GPT4 and after"),
        ("p-adic", "On $p$-adic numbers"),
        ("alpha-synuclein", r"$\alpha$-synuclein folds"),
        ("深度学习", "一种深度学习方法"),
        ("нейронные", "Нейронные сети"),
        ("r&d", "R&D spending"),
    ],
)
def test_it_finds_other_ways_to_write_the_same(query: str, title: str) -> None:
    assert is_found(query, title)


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("C", "Teaching C++"),
        ("C++", "Teaching C"),
        ("510", "Aged 5-10 years"),
        ("学深", "一种深度学习方法"),
    ],
)
def test_it_keeps_different_words_apart(query: str, title: str) -> None:
    assert not is_found(query, title)


def test_it_ends_a_phrase_where_a_sentence_ends() -> None:
    paper = make_paper(abstract="We study deep networks. Training is slow.")
    assert "network training" not in paper.keys
    assert not is_found('"networks training"', "About networks. Training is slow.")
    assert is_found('"vs us"', "Them vs. Us")
