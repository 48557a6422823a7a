"""What `bench plan` makes of its laps."""

from dataclasses import replace

import pytest

from digest.bench.planning.outcome import Lap, Outcome
from digest.bench.planning.telling import describe, sum_up

LAP = Lap(
    size=100,
    readers=900,
    rows=9_000,
    queries=200,
    seconds=3.0,
    copy_seconds=1.0,
    growth=3.1,
)
GOOD = Outcome(900, [LAP, replace(LAP, size=500)], 120.0)


def test_all_bounds_hold_together() -> None:
    assert GOOD.holds
    assert sum_up(GOOD) == (
        "Bounds hold: planning at 0.33 of a bare COPY (at least 0.25); all cost 3.10 "
        "times the first third (at most 3.5); 120 MB of memory (at most 300)."
    )


def test_each_size_has_its_line() -> None:
    lines = [line.split() for line in describe(GOOD)]

    assert lines[2][:3] == ["planned,", "100", "together"]
    assert lines[2][3:] == ["300", "900", "0.33", "200", "3.10"]
    assert lines[3][:3] == ["planned,", "500", "together"]


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (
            replace(GOOD, laps=[LAP, replace(LAP, seconds=5.0)]),
            "planning at 0.20 of a bare COPY (at least 0.25)!",
        ),
        (
            replace(GOOD, laps=[LAP, replace(LAP, growth=3.6)]),
            "all cost 3.60 times the first third (at most 3.5)!",
        ),
        (replace(GOOD, peak_megabytes=301.0), "301 MB of memory (at most 300)!"),
        (replace(GOOD, subscribers=901), "not every reader was planned"),
    ],
)
def test_each_bound_can_break(outcome: Outcome, said: str) -> None:
    assert not outcome.holds
    assert sum_up(outcome).startswith("Bounds broken: ")
    assert said in sum_up(outcome)
