"""docs/delivery.md has a row for each promise, and names only tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = (ROOT / "docs" / "delivery.md").read_text()
ROWS = re.findall(r"^\| (I\d+) \|.*$", TABLE, re.MULTILINE)


def test_it_has_one_row_for_each_promise() -> None:
    assert [f"I{number}" for number in range(1, 21)] == ROWS


def test_it_names_a_test_in_every_row_and_only_tests_that_exist() -> None:
    rows = [line for line in TABLE.splitlines() if re.match(r"\| I\d+ \|", line)]
    for row in rows:
        named = re.findall(r"`([\w/]+\.py)::(\w+)`", row)
        assert named, row
        for path, name in named:
            text = (ROOT / "tests" / path).read_text()
            assert f"\ndef {name}(" in text, f"{path}::{name}"


def test_it_names_only_files_that_exist() -> None:
    named = re.findall(r"`((?:models|pipeline|admin|transports)/[\w/.]+)`", TABLE)

    assert named
    assert [path for path in named if not (ROOT / "digest" / path).exists()] == []
