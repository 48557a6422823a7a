"""Its lines are per reader and day."""

from digest.bench.disk.measure import Outcome, Weight
from digest.bench.disk.telling import describe, sum_up


def test_it_tells_rows_and_bytes_of_one_reader() -> None:
    outcome = Outcome(
        readers=10,
        accepted=9,
        added={"digest_digestitem": Weight(600, 20_000)},
        after_30_days={"digest_digestitem": Weight(600, 15_000)},
        after_a_year={"digest_digestitem": Weight(600, 10_000)},
    )

    head, _columns, line = describe(outcome)

    assert head == "10 readers, 9 mails accepted"
    assert line.split() == ["digestitem", "60.00", "2000", "1500", "1000"]
    assert sum_up(outcome) == (
        "A reader's day takes 2000 bytes, 1500 without its body, and 1000 after a year."
    )
