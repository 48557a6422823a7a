"""What stemming does to words, and what it leaves alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.matching import words


def stems(text: str) -> list[str]:
    return [word.stem for word in words.read(text).words if word is not None]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("robots", "robot"),
        ("learning", "learned"),
        ("modelling", "modeling"),
        ("behaviour", "behaviors"),
        ("Diffusion", "DIFFUSION"),
    ],
)
def test_it_finds_what_inflections_have_in_common(one: str, other: str) -> None:
    assert stems(one) == stems(other)


@pytest.mark.parametrize(
    "text", ["bert", "c++", "p53", "gpt", "3d", "扩", "диффузия", "l2"]
)
def test_it_leaves_names_numbers_and_other_scripts_alone(text: str) -> None:
    assert stems(text) == [text]


def test_it_keeps_an_acronym_apart_from_the_word_it_looks_like() -> None:
    assert stems("AIDS") != stems("aid")


def test_it_reads_a_hyphenated_word_as_one_too() -> None:
    joined = words.read("pre-training of SARS-CoV-2 models").compounds
    assert [word.form for word in joined] == ["pretraining", "sarscov2"]


def test_it_numbers_words_alike_on_every_machine() -> None:
    assert words.key_of("robot") == 6010744564354373409
    assert words.pair_key(1, 2) != words.pair_key(2, 1)


@given(st.text(max_size=60))
def test_it_reads_any_text(text: str) -> None:
    for word in words.read(text).words:
        assert word is None or (word.stem and 0 <= word.stem_key < 1 << 63)
