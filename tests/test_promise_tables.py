"""docs/mail-assertions.md and docs/pages.md leave nothing out and name what exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")


@pytest.mark.parametrize(("letter", "last"), [("U", 14), ("S", 11)])
def test_each_number_has_a_row_that_names_a_test(letter: str, last: int) -> None:
    table = (ROOT / "docs/mail-assertions.md").read_text()
    rows = re.findall(rf"^\| {letter}(\d+) \|.*$", table, re.M)

    assert [int(number) for number in rows] == list(range(1, last + 1))
    for line in re.findall(rf"^\| {letter}\d+ \|.*$", table, re.M):
        assert NAMED.search(line), line


@pytest.mark.parametrize("name", ["mail-assertions.md", "pages.md"])
def test_every_test_that_is_named_is_there(name: str) -> None:
    named = NAMED.findall((ROOT / "docs" / name).read_text())

    assert len(named) > 20
    for path, function in named:
        text = (ROOT / "tests" / path).read_text()
        assert f"\ndef {function}(" in text, f"{path}::{function}"
