"""What `bench run` makes of its laps."""

from digest.bench.run.outcome import Lap, Outcome
from digest.bench.run.telling import describe, sum_up

OURS = Lap(mails=2000, papers=40_000, seconds=2.0, cpu=3.0, matching=0.5)
PLAIN = Lap(mails=100, papers=1_900, seconds=2.5, cpu=2.0)


def make_outcome(ours: Lap = OURS) -> Outcome:
    return Outcome(2000, 1000, 2, 100, ours=[ours] * 3, plain=[PLAIN] * 3)


def test_it_is_fast_enough_by_mails_in_a_second() -> None:
    outcome = make_outcome()

    assert outcome.holds
    assert sum_up(outcome) == (
        "Bounds hold: 25.0 times as fast as a plain Django script (at least 20)."
    )


def test_each_has_its_line() -> None:
    lines = [line.split() for line in describe(make_outcome())]

    assert lines[2][-5:] == ["2000", "20.0", "2.00", "1000", "1.5"]
    assert lines[3][-5:] == ["100", "19.0", "2.50", "40", "20.0"]
    assert lines[4][-1] == "0.50."


def test_the_bound_can_break() -> None:
    outcome = make_outcome(Lap(2000, 40_000, seconds=4.0, cpu=3.0))

    assert not outcome.holds
    assert sum_up(outcome).startswith("Bounds broken: 12.5 times")
    assert sum_up(outcome).endswith("(at least 20)!.")


def test_a_mail_that_is_missing_breaks_it() -> None:
    outcome = make_outcome()
    outcome.problems.append("2000 readers have 1999 mails")

    assert not outcome.holds
    assert "not every mail went once" in sum_up(outcome)
    assert "PROBLEM 2000 readers have 1999 mails" in list(describe(outcome))
