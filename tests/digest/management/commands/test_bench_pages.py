"""`manage.py bench pages`: every page is asked, and the verdict comes last."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from digest.bench.pages.outcome import Outcome, Times
from digest.bench.pages.telling import describe, sum_up
from digest.bench.pages.weight import Weight
from digest.bench.postgres import find_postgres

ROOT = Path(__file__).resolve().parents[4]
ROWS = (
    *("hello", "front", "day", "week", "month", "trending", "topics", "topic", "paper"),
    *("search: a common word", "search: a phrase", "search: an author, by date"),
    *("status", "preferences", "reading list", "history", "learned"),
    *("personal topic add", "preview"),
)
"""Everything that is timed."""


def outcome_of(
    *,
    page: float = 30.0,
    hello: float = 2.0,
    preview: float = 100.0,
    size: int = 50_000,
    hosts: frozenset[str] = frozenset(),
    odd: Mapping[str, int] | None = None,
) -> Outcome:
    return Outcome(
        papers=1,
        readers=1,
        hello=Times(hello, [hello] * 20, [0.5]),
        pages={
            "front": Times(400, [page] * 20, [9.0]),
            "day": Times(1, [1.0] * 20, [0.9]),
        },
        preview=Times(900, [preview] * 20, [50.0]),
        weight=Weight({"/": size}, hosts),
        odd=odd or {},
    )


@pytest.mark.parametrize(
    "broken",
    [
        {"page": 61.0, "hello": 10.0},
        {"page": 41.0},
        {"preview": 301.0},
        {"size": 61_441},
        {"hosts": frozenset({"fonts.example.org"})},
        {"odd": {"day": 500}},
    ],
)
def test_each_bound_decides_about_the_verdict(broken: Mapping[str, object]) -> None:
    assert outcome_of().holds
    assert not outcome_of(**broken).holds  # type: ignore[arg-type]


def test_what_is_wrong_is_said() -> None:
    wrong = outcome_of(hosts=frozenset({"fonts.example.org"}), odd={"day": 500})

    lines = list(describe(wrong))

    assert "PROBLEM: the front page asks fonts.example.org" in lines
    assert "PROBLEM: day answered 500" in lines


def test_the_last_line_says_what_was_found() -> None:
    assert sum_up(outcome_of()) == (
        "Bounds hold: slowest page (front) 30 ms at p95 (under 60), 15.0 hellos (at "
        "most 20); preview 100 ms (under 300); front page 48.8 KB (under 60)."
    )


@pytest.mark.queue
def test_it_asks_every_page() -> None:
    if find_postgres() is None:
        pytest.skip("PostgreSQL: apt-get install postgresql")
    # What is set for a service of somebody's is not for this.
    somebodys = {"EMAIL_PROVIDER": "mailgun", "DATABASE_URL": "sqlite:///none"}
    done = subprocess.run(
        [
            *(sys.executable, "manage.py", "bench", "pages"),
            *("--papers", "60", "--readers", "10", "--rounds", "2"),
        ],
        cwd=ROOT,
        env={
            **os.environ,
            **somebodys,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    lines = done.stdout.splitlines()
    assert lines, done.stderr
    assert lines[0] == "60 papers and 10 readers; each page 2 times"
    assert "PROBLEM" not in done.stdout
    for row in ROWS:
        (line,) = [line for line in lines if re.match(rf"{row}  +\d", line)]
        assert len(re.findall(r" \d+\.\d", line)) == 5
    assert re.match(r"Bounds (hold|broken): slowest page ", lines[-1])
    assert done.returncode == (0 if lines[-1].startswith("Bounds hold") else 1)
