"""What a full-text index is asked, and that it answers as the query itself would."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings

from digest.matching import (
    PaperText,
    look_up,
    paper_lexemes,
    parse_query,
    prepare,
)
from digest.matching.lexemes import lexeme
from tests.digest.matching import make_paper
from tests.digest.matching.strategies import papers, queries


@pytest.fixture(scope="module")
def index() -> Iterator[sqlite3.Connection]:
    """An empty index as the SQLite migration makes it, in memory."""
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE VIRTUAL TABLE papers USING fts5("
        "lexemes, tokenize = \"ascii tokenchars '_'\", detail = none, columnsize = 0)"
    )
    yield connection
    connection.close()


def is_found(index: sqlite3.Connection, text: str, paper: PaperText) -> bool:
    """Whether the index finds the paper, alone in it, by the query."""
    index.execute("DELETE FROM papers")
    lexemes = paper_lexemes(prepare(paper))
    index.execute("INSERT INTO papers (rowid, lexemes) VALUES (1, ?)", [lexemes])
    lookup = look_up(parse_query(text))
    found = index.execute(
        "SELECT rowid FROM papers WHERE papers MATCH ?", [lookup.tree.fts5]
    )
    return bool(found.fetchall()) and paper.votes >= lookup.votes


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(queries, papers)
def test_what_holds_is_found_and_what_is_exact_the_reverse(
    index: sqlite3.Connection, text: str, paper: PaperText
) -> None:
    query = parse_query(text)
    found = is_found(index, text, paper)

    if query.root.holds(prepare(paper)):
        assert found
    elif look_up(query).is_exact:
        assert not found


@pytest.mark.parametrize(
    "text",
    [
        "diffusion policy",
        '"diffusion policy"',
        "diffus*",
        "title:diffus*",
        '"diffusion policies" OR nothing',
        "cat:cs",
        "cat:cs.RO",
        "author:doe -survey",
        "org:institute",
        "robot votes:7",
        "C++",
    ],
)
def test_a_paper_is_found_exactly(index: sqlite3.Connection, text: str) -> None:
    paper = PaperText(
        1,
        "A Diffusion Policy for Robots",
        "Written in C++ and tested.",
        ("Jane Doe",),
        ("cs.RO",),
        "Example Institute",
        votes=7,
    )

    assert look_up(parse_query(text)).is_exact
    assert is_found(index, text, paper)


@pytest.mark.parametrize(
    "text", ["auth*", "title:written", "cat:cs.R", "author:jane", "robot votes:8"]
)
def test_a_field_or_a_name_is_no_word(index: sqlite3.Connection, text: str) -> None:
    paper = PaperText(1, "Robots", "Written well.", ("Jane Doe",), ("cs.RO",))

    assert not is_found(index, text, paper)


def test_the_longest_phrase_is_a_question_of_bounded_size() -> None:
    words = " ".join(["pre-training"] * 20)

    lookup = look_up(parse_query(f'"{words}"'))

    assert not lookup.is_exact
    assert len(lookup.tree.tsquery) < 2000


@pytest.mark.parametrize("key", ["it's", "a\\b", "c++", "x" * 500, "two words", "né"])
def test_a_lexeme_has_nothing_that_a_database_reads_as_its_own(key: str) -> None:
    text = lexeme(key).text

    assert text.replace("_", "").isalnum()
    assert len(text) < 300


def test_a_paper_without_a_word_has_a_lexeme() -> None:
    assert paper_lexemes(make_paper(title="", abstract="")) == "_x"
