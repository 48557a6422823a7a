"""What `bench delivery` makes of its laps."""

import json
from pathlib import Path

import pytest

from digest.bench.delivery.outcome import Growth, Lap, Outcome, Row, Shares, Wanted
from digest.bench.delivery.telling import describe, sum_up


def make_outcome(**rates: list[float]) -> Outcome:
    """An outcome of these mails a second, by row; the others are fast enough."""
    usual: dict[str, list[float]] = {
        Row.SOURCE: [1000.0] * 3,
        Row.WHOLE: [500.0] * 3,
        Row.SEND: [800.0] * 3,
        Row.SEND_SMALL: [600.0] * 3,
        Row.SHARED: [900.0] * 3,
        Row.DJANGO: [50.0] * 3,
    }
    outcome = Outcome(Wanted(10, 10, 20, 3, 200, 2), cpu_seconds=[0.1])
    for row, each in {**usual, **rates}.items():
        outcome.laps[Row(row)] = [Lap(100, 100 / rate) for rate in each]
    return outcome


def test_a_ratio_is_that_of_the_same_round() -> None:
    outcome = make_outcome(source=[1000, 100, 10], send=[800, 90, 1])

    assert outcome.ratio(Row.SEND, Row.SOURCE) == pytest.approx(0.8)


def test_all_bounds_hold_together() -> None:
    outcome = make_outcome()

    assert outcome.holds
    assert sum_up(outcome).startswith("Bounds hold: send phase 0.80 of smtp-source")


@pytest.mark.parametrize(
    ("row", "rate", "said"),
    [
        ("send", 690, "send phase 0.69 of smtp-source (at least 0.7)!"),
        ("send_small", 540, "at 50 a hand-off 0.54 (at least 0.55)!"),
        ("whole", 440, "whole run 0.44 (at least 0.45)!"),
        ("django", 100, "8.0 times plain Django (at least 10)!"),
        ("shared", 700, "shared editions 0.88 times as fast (at least 1)!"),
    ],
)
def test_each_bound_can_break(row: str, rate: float, said: str) -> None:
    outcome = make_outcome(**{row: [rate] * 3})

    assert not outcome.holds
    assert sum_up(outcome).startswith("Bounds broken: ")
    assert said in sum_up(outcome)


def test_a_smaller_hand_off_has_the_lower_bound() -> None:
    outcome = make_outcome(send=[600.0] * 3, shared=[], send_small=[])
    assert not outcome.holds

    outcome.wanted = Wanted(10, 10, 20, 3, 50, 2)

    assert outcome.holds


def test_processor_time_has_a_bound() -> None:
    outcome = make_outcome()
    outcome.cpu_seconds = [0.1, 0.21, 0.3]

    assert not outcome.holds
    assert "0.21 s of processor for 1,000 digests (at most 0.2)!" in sum_up(outcome)


def test_a_mail_that_did_not_go_once_breaks_it_whatever_the_speed() -> None:
    outcome = make_outcome()
    outcome.problems.append("send: 10 deliveries made 11 mails")

    assert sum_up(outcome).startswith("Bounds broken: not every mail went once; ")
    assert "PROBLEM send: 10 deliveries made 11 mails" in list(describe(outcome))


def test_shares_are_of_all_tasks_together(tmp_path: Path) -> None:
    for name, told in (("one", (3.0, 1.0, 1.0)), ("other", (1.0, 0.0, 1.0))):
        (tmp_path / name).write_text(json.dumps(told))

    assert Shares.of(tmp_path.iterdir()) == Shares(working=0.25, waiting=0.5)


def test_it_tells_how_much_the_workers_memory_grew() -> None:
    outcome = make_outcome()
    outcome.growth = Growth(50_000, 1.25)

    told = "\n".join(describe(outcome))

    assert "After 50000 digests more than the first 10" in told
    assert "+1.2 MB" in told
