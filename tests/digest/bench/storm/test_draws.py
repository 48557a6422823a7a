"""Drawn from a seed: the same each time, and everything at some time."""

from digest.bench.storm import schedule, whims
from digest.bench.storm.schedule import Fault
from digest.bench.storm.whims import Answer, Greeting, Whim


def test_a_seed_draws_the_same_faults_each_time() -> None:
    first, again, other = (
        schedule.draw(seed, 600, on_postgres=True) for seed in (1, 1, 2)
    )

    assert first == again != other


def test_every_fault_comes_before_any_comes_again() -> None:
    planned = schedule.draw(3, 600, on_postgres=True)
    kinds = set(Fault) - {Fault.DATABASE_LOCK}

    assert {one.fault for one in planned[: len(kinds)]} == kinds
    assert all(one.at < 600 for one in planned)


def test_sqlite_is_locked_where_postgresql_is_restarted() -> None:
    faults = {one.fault for one in schedule.draw(3, 600, on_postgres=False)}

    assert Fault.DATABASE_LOCK in faults
    assert Fault.DATABASE_RESTART not in faults


def test_every_whim_is_met_by_some_reader() -> None:
    drawn = [whims.draw(1, f"reader{number}@x.org", 1) for number in range(3_000)]

    assert set(drawn) == set(Whim)
    assert drawn == [
        whims.draw(1, f"reader{number}@x.org", 1) for number in range(3_000)
    ]
    assert {whims.answer(1, f"reader{n}@x.org", 1) for n in range(3_000)} == set(Answer)
    assert {whims.greet(1, "session", number) for number in range(500)} == set(Greeting)


def test_a_full_mailbox_stays_full() -> None:
    full = next(
        address
        for address in (f"reader{number}@x.org" for number in range(3_000))
        if whims.draw(1, address, 1) is Whim.FULL
    )

    assert {whims.draw(1, full, visit) for visit in range(8)} == {Whim.FULL}
