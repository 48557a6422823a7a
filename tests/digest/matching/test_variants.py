"""Plurals and spellings: what is one word, and what is not."""

import pytest

from digest.matching import variants
from tests.digest.matching import is_found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("model", "models"),
        ("network", "networks"),
        ("policy", "policies"),
        ("movie", "movies"),
        ("class", "classes"),
        ("database", "databases"),
        ("matrix", "matrices"),
        ("hypothesis", "hypotheses"),
        ("video", "videos"),
        ("hero", "heroes"),
        ("metric", "metrics"),
        ("GPU", "GPUs"),
        ("LLM", "LLMs"),
        ("behaviour", "behavior"),
        ("behavioural", "behavioral"),
        ("generalisation", "generalization"),
        ("modelling", "modeling"),
        ("analysed", "analyzed"),
        ("centre", "center"),
        ("haemoglobin", "hemoglobin"),
    ],
)
def test_it_finds_one_by_the_other(one: str, other: str) -> None:
    assert is_found(one, f"On {other} again")
    assert is_found(other, f"On {one} again")


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("aid", "AIDS in the city"),
        ("dynamics", "A dynamic world"),
        ("physics", "A physic garden"),
        ("new", "News of the day"),
        ("ga", "Gas in the pipes"),
        ("thi", "This is it"),
    ],
)
def test_it_does_not_confuse_words(query: str, title: str) -> None:
    assert not is_found(query, title)


@pytest.mark.parametrize("query", ["AIDS", "aids"])
def test_it_finds_an_acronym_however_the_query_is_written(query: str) -> None:
    assert is_found(query, "AIDS in the city")


@pytest.mark.parametrize("word", ["bias", "series", "lens", "virus", "analysis", "gas"])
def test_it_leaves_singulars_alone(word: str) -> None:
    assert variants.normalise(word) == word
