"""Files of references: read, named where they are broken, refused where hopeless."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.imports import (
    MOST_BYTES,
    MOST_ENTRIES,
    ImportRefusedError,
    Problem,
    read_library,
)
from tests.digest.imports.libraries import BIBTEX, CSL, RIS

PATIENCE_SECONDS = 10
"""Ten times what the slowest of the hostile files took."""


@pytest.mark.parametrize("text", [BIBTEX, RIS, CSL])
def test_every_format_says_the_same(text: str) -> None:
    library = read_library(text.encode())

    first, second, third = library.papers
    assert (
        first.title.replace("ö", "o") == "Deep Reinforcement Learning for Soft Robots"
    )
    assert first.abstract.endswith("grasp fruit by reinforcement learning.")
    assert "doi:10.1000/xyz.1" in first.keys
    assert any(key.startswith("title:") for key in first.keys)
    assert second.keys[0] == "arxiv:1706.03762"
    assert "transformers" in second.keywords
    assert third.keys[0] == "arxiv:2101.00001"
    assert library.problems == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_that_programs_write(
    encoding: str, ending: str
) -> None:
    library = read_library(BIBTEX.replace("\n", ending).encode(encoding))

    assert len(library.papers) == 3


def test_a_broken_entry_is_named_and_the_others_are_read() -> None:
    text = """@article{fine, title = {A}}
@article{broken1, title = {Never closed,
  author = {x}

@article{also-fine, title = {B}}
@article{broken2 title = {C}}
@article{untitled, author = {x}}
"""
    library = read_library(text.encode())

    assert [one.title for one in library.papers] == ["A", "B"]
    assert library.problems == (
        Problem("broken", "broken1", 2),
        Problem("broken", "broken2", 6),
        Problem("no_title", "untitled", 7),
    )


def test_two_entries_of_one_key_both_count() -> None:
    library = read_library(b"@a{k, title={One}}\n@a{k, title={Two}}")

    assert [one.title for one in library.papers] == ["One", "Two"]


def test_an_unfinished_ris_entry_is_named_and_counts() -> None:
    text = """hello
TY  - JOUR
TI  - One
TY  - JOUR
AU  - x
ER  -
TY  - JOUR
T1  - Two"""

    library = read_library(text.encode())

    assert [one.title for one in library.papers] == ["One", "Two"]
    assert library.problems == (
        Problem("outside", "hello", 1),
        Problem("unfinished", "One", 2),
        Problem("no_title", "", 4),
        Problem("unfinished", "Two", 7),
    )


def test_json_entries_are_named_by_their_id_or_number() -> None:
    text = '[{"id": "a", "title": "A"},\n 7,\n {"id": "b"}, {"title": ["x"]}]'

    library = read_library(text.encode())

    assert [one.title for one in library.papers] == ["A"]
    assert library.problems == (
        Problem("broken", "2", 0),
        Problem("no_title", "b", 3),
        Problem("no_title", "4", 0),
    )


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"", "nothing", 0),
        (b" \n ", "nothing", 0),
        (b"[]", "nothing", 0),
        (b"Dear editor,\nthank you", "unknown_kind", 0),
        (b"%PDF-1.7 \x00", "unknown_kind", 0),
        (b'{"items": 5}', "unknown_kind", 0),
        ("@a{k,\ntitle={caf\u00e9}}".encode("latin-1"), "encoding", 2),
        (b"\xff\xfea", "encoding", 1),
        (b"x" * (MOST_BYTES + 1), "too_large", 0),
        (b'[{"id": 1,\n oops}]', "json", 2),
        (b"[" + b"9" * 5000 + b"]", "json", 0),
        (b"[" * 400_000, "too_deep", 0),
        (b"@a{k,\ntitle=" + b"{" * 400_000 + b"}" * 400_000, "too_deep", 2),
        (b"@a{" * 300_000, "too_many", 0),
        (b"@a{k,title={x}}\n" * (MOST_ENTRIES + 1), "too_many", 0),
        (b"TY  - A\nTI  - x\nER  - \n" * (MOST_ENTRIES + 1), "too_many", 6001),
        (b"[" + b'{"title":"x"},' * MOST_ENTRIES + b"{}]", "too_many", 0),
    ],
)
def test_what_is_hopeless_is_refused_with_the_place(
    data: bytes, code: str, line: int
) -> None:
    with pytest.raises(ImportRefusedError) as refused:
        read_library(data)

    assert (refused.value.code, refused.value.line) == (code, line)


@pytest.mark.parametrize(
    "data",
    [
        b'@a{k, title="' + b'"' * 900_000,
        b"@a{k" + b",a=1" * 240_000 + b"}",
        b"@a{k," + b"=" * 900_000,
        b"@a{k, title={" + b"\\" * 900_000 + b"}}",
        b"@a{k, title={" + b"\\frac{" * 39 + b"x" * 900_000,
        b"@" * 900_000 + b"@a{k, title={x}}",
        b"@string{a0 = {x}}"
        + b"".join(b"@string{a%d = a%d # a%d}" % (n + 1, n, n) for n in range(99))
        + b"@a{k, title = a99}",
        b"TY  - JOUR\nTI  - x\n" + b"go on\n" * 150_000,
        b"TY  - JOUR\n" + b"KW  - x\n" * 110_000,
        b"TY  - JOUR\nTI  - x\n" + b"M1  - arxiv:\n" * 60_000,
        b'[{"title": "x", "note": "' + b"arxiv:" * 150_000 + b'"}]',
        b'[{"title": "' + b"$\\\\alpha" * 90_000 + b'"}]',
    ],
    ids=range(12),
)
def test_a_hostile_file_is_answered_soon(data: bytes) -> None:
    began = time.monotonic()
    try:
        library = read_library(data)
    except ImportRefusedError:
        library = None

    assert time.monotonic() - began < PATIENCE_SECONDS
    if library:
        assert all(len(one.title) <= 500 for one in library.papers)
        assert all(len(problem.name) <= 80 for problem in library.problems)


SIGNS = tuple('@{}()="#\\,%$[]\n\x00')
PIECES = st.sampled_from(
    (*SIGNS, "@article{k,", "title", '{"title":"x"}', "TY  - J\n", "TI  - x\n", "ER  -")
)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join) | st.binary(max_size=200))
def test_whatever_the_bytes_are_the_answer_is_papers_or_a_refusal(
    data: str | bytes,
) -> None:
    try:
        library = read_library(data.encode() if isinstance(data, str) else data)
    except ImportRefusedError:
        return
    for paper in library.papers:
        assert "\n" not in paper.title + paper.abstract
        assert "\x00" not in paper.title + paper.abstract
