"""docs/hostile-input.md names each row once, and only tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = (ROOT / "docs" / "hostile-input.md").read_text()
NUMBERS = [*(f"B{number}" for number in range(1, 41)), "F49", "F50", "F51"]


def test_it_has_one_row_for_each_number() -> None:
    assert re.findall(r"^\| ([BF]\d+) \|", TABLE, re.MULTILINE) == NUMBERS


def test_it_names_only_tests_that_exist() -> None:
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", TABLE)

    missing = [
        f"{path}::{name}"
        for path, name in named
        if f"\ndef {name}(" not in (ROOT / "tests" / "digest" / path).read_text()
    ]
    assert missing == []
    assert len(named) >= len(NUMBERS)


def test_it_names_a_test_in_every_row_but_that_of_a_missing_export() -> None:
    rows = [line for line in TABLE.splitlines() if re.match(r"\| [BF]\d+ \|", line)]

    assert [row.split()[1] for row in rows if "::" not in row] == ["B29"]


def test_it_names_only_guards_that_exist() -> None:
    guards = re.findall(r"`((?:sources|pipeline|bench)\.[\w.]+)\.(\w+)`", TABLE)

    assert guards
    for module, name in guards:
        path = ROOT / "digest" / module.replace(".", "/")
        file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        assert re.search(rf"^ *(?:def )?{name}\b", file.read_text(), re.MULTILINE), name
