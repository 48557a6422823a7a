"""docs/security.md has a row for each of the 47 points, and names only what exists."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TABLE = (ROOT / "docs" / "security.md").read_text()
ROWS = [line for line in TABLE.splitlines() if re.match(r"\| \d+ \|", line)]


def test_it_has_one_row_for_each_point() -> None:
    assert [int(row.split()[1]) for row in ROWS] == list(range(1, 48))


def test_each_row_names_a_test_that_exists() -> None:
    for row in ROWS:
        named = re.findall(r"`([\w/]+\.py)::(\w+)`", row)
        assert named, row
        for path, name in named:
            text = (ROOT / "tests" / path).read_text()
            assert f"\ndef {name}(" in text, f"{path}::{name}"
