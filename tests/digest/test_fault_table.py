"""docs/faults.md has a row for each fault, and names only what exists."""

import re
from pathlib import Path

from digest.bench.storm import schedule, whims

ROOT = Path(__file__).resolve().parents[2]
TABLE = (ROOT / "docs" / "faults.md").read_text()
ROWS = [line for line in TABLE.splitlines() if re.match(r"\| F\d+ \|", line)]
RULES = {
    f"{kind.__name__}.{rule.name}"
    for kind in (schedule.Fault, whims.Greeting, whims.Whim, whims.Answer)
    for rule in kind
}


def test_it_has_one_row_for_each_fault() -> None:
    assert [row.split()[1] for row in ROWS] == [f"F{n}" for n in range(1, 61)]


def test_it_names_only_tests_that_exist() -> None:
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", TABLE)

    assert named
    for path, name in named:
        text = (ROOT / "tests" / path).read_text()
        assert f"\ndef {name}(" in text, f"{path}::{name}"


def test_it_names_only_rules_that_the_storm_has_and_every_one_of_them() -> None:
    named = set(re.findall(r"`((?:Fault|Greeting|Whim|Answer)\.\w+)`", TABLE))

    usual = {"Greeting.WELCOME", "Whim.TAKE", "Answer.TAKE"}
    assert named == RULES - usual


def test_it_says_why_where_nothing_covers_a_fault() -> None:
    for row in ROWS:
        is_covered = "::" in row or re.search(r"`(Fault|Greeting|Whim|Answer)\.", row)
        assert is_covered or "not covered: " in row, row
