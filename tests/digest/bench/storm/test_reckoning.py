"""The reckoning of the storm, on logs that were made up."""

from collections.abc import Sequence

from digest.bench.storm.reckoning import (
    Decision,
    Entry,
    Losses,
    Reckoning,
    reckon,
)

ONE, TWO, THREE = (("<1>", "a@x.org"), ("<2>", "b@x.org"), ("<3>", "c@x.org"))


def judge(
    decisions: Sequence[Decision],
    ledger: Sequence[Entry],
    *,
    lost: Losses | None = None,
    holds: Sequence[tuple[float, float]] = (),
    seconds: float = 1.0,
) -> Reckoning:
    return reckon(
        decisions,
        ledger,
        lost=lost or Losses(),
        holds=holds,
        hand_off_size=2,
        seconds=seconds,
    )


def test_what_is_accepted_and_taken_once_holds() -> None:
    told = judge(
        [Decision(*ONE, is_taken=False), Decision(*ONE, is_taken=True)],
        [Entry(*ONE, "accepted", 2), Entry(*TWO, "failed", 8)],
    )

    assert told.problems == ()
    assert (told.planned, told.on_the_wire, told.duplicates) == (2, 1, 0)
    assert told.places == {"accepted": 1, "failed": 1, "uncertain": 0, "skipped": 0}


def test_a_mail_that_was_taken_twice_is_a_duplicate() -> None:
    told = judge([Decision(*ONE, is_taken=True)] * 2, [Entry(*ONE, "accepted", 1)])

    assert told.problems == ("1 duplicates",)


def test_two_mails_to_one_reader_are_a_duplicate_whatever_they_are_called() -> None:
    other = Decision("<9>", ONE[1], is_taken=True)
    told = judge(
        [Decision(*ONE, is_taken=True), other],
        [Entry(*ONE, "accepted", 1), Entry("<9>", ONE[1], "accepted", 1)],
    )

    assert told.problems == ("1 duplicates",)


def test_what_is_called_accepted_and_never_came_is_lost() -> None:
    told = judge(
        [Decision(*ONE, is_taken=True), Decision(*TWO, is_taken=False)],
        [Entry(*ONE, "accepted", 1), Entry(*TWO, "accepted", 1)],
    )

    assert told.problems == ("1 unreported losses",)


def test_what_is_in_no_place_at_the_end_is_lost() -> None:
    told = judge(
        [Decision(*ONE, is_taken=True)],
        [Entry(*ONE, "accepted", 1), Entry(*TWO, "handoff", 1)],
    )

    assert (told.unsettled, told.losses) == (1, 1)


def test_what_is_called_failed_or_skipped_must_not_have_come() -> None:
    told = judge(
        [Decision(*one, is_taken=True) for one in (ONE, TWO)],
        [Entry(*ONE, "failed", 1), Entry(*TWO, "skipped", 1)],
    )

    assert told.problems == ("2 sent, and called failed or skipped",)


def test_a_mail_needs_an_attempt_in_the_log() -> None:
    told = judge(
        [Decision(*one, is_taken=True) for one in (ONE, TWO)],
        [Entry(*ONE, "accepted", 1), Entry(*TWO, "uncertain", 0)],
        lost=Losses(kills=1),
    )

    assert told.problems == ("1 sent without an attempt in the log",)


def test_a_mail_for_somebody_else_is_a_stranger() -> None:
    told = judge(
        [Decision("<1>", "b@x.org", is_taken=True)], [Entry(*ONE, "failed", 1)]
    )

    assert told.strangers == 1


def test_doubts_are_bounded_by_what_was_broken_off_and_by_silences() -> None:
    ledger = [Entry(*one, "uncertain", 1) for one in (ONE, TWO, THREE)]
    silent = Decision(*ONE, is_taken=True, is_silent=True)

    assert judge([silent], ledger).problems == ("3 uncertain, at most 1",)
    assert judge([silent], ledger, lost=Losses(kills=1)).problems == ()
    assert judge([silent], ledger, lost=Losses().plus(stops=1)).arrived_in_doubt == 1


def test_the_end_must_come_in_three_minutes() -> None:
    told = judge(
        [Decision(*ONE, is_taken=True)], [Entry(*ONE, "accepted", 1)], seconds=181
    )

    assert told.problems == ("181 s to the end, at most 180",)


def test_a_storm_in_which_nothing_is_sent_shows_nothing() -> None:
    assert judge([], [Entry(*ONE, "failed", 1)]).problems == (
        "nothing was sent at all",
    )


def test_ten_seconds_after_a_hold_nothing_is_sent_until_it_is_released() -> None:
    ledger = [Entry(*one, "accepted", 1) for one in (ONE, TWO, THREE)]

    def sent(*seconds: float) -> Reckoning:
        times = zip((ONE, TWO, THREE), seconds, strict=True)
        mails = [Decision(*one, is_taken=True, at=at) for one, at in times]
        return judge(mails, ledger, holds=[(100.0, 120.0)])

    assert sent(99.0, 109.0, 121.0).problems == ()
    assert sent(99.0, 111.0, 119.0).problems == ("2 sent while sending was on hold",)
