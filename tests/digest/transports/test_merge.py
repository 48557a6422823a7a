"""Letters that are alike: which go together, and what each reader's verdict is."""

from types import SimpleNamespace

import pytest
from anymail.message import AnymailRecipientStatus, AnymailStatus

from digest.transports import Letter, Outcome, Shared
from digest.transports.merge import group
from digest.transports.provider import judge_recipient
from tests.digest.transports.conftest import RAW, make_message

ANN, BOB = "ann@example.net", "bob@example.net"


def letter(to: str, edition: str = "") -> Letter:
    """A letter of an edition; of none, it has nothing in common with others."""
    shared = Shared(edition, lambda mark: (mark("a"), mark("b")), dict)
    message = make_message(to)
    return Letter(
        message.from_email,
        (to,),
        lambda: RAW,
        lambda: message,
        shared=shared if edition else None,
    )


@pytest.mark.parametrize(
    ("letters", "groups"),
    [
        ([letter(ANN, "1"), letter(BOB, "1")], [[0, 1]]),
        ([letter(ANN, "1"), letter(BOB, "2")], [[0], [1]]),
        ([letter(ANN), letter(BOB)], [[0], [1]]),
        ([letter(ANN, "1"), letter(BOB, "2"), letter("c@d.org", "1")], [[0, 2], [1]]),
        ([letter(ANN, "1"), letter("Ann@example.net", "1")], [[0], [1]]),
        (
            [
                letter(ANN, "1"),
                letter("bob@b\N{LATIN SMALL LETTER U WITH DIAERESIS}.net", "1"),
            ],
            [[0], [1]],
        ),
        ([letter(ANN, "1"), letter("Bob <bob@example.net>", "1")], [[0], [1]]),
        ([letter(f"r{n}@example.net", "1") for n in range(5)], [[0, 1, 2], [3, 4]]),
    ],
)
def test_letters_of_one_edition_go_together(
    letters: list[Letter], groups: list[list[int]]
) -> None:
    assert group(letters, range(len(letters)), 3) == groups


def test_letters_that_may_not_go_are_in_no_group() -> None:
    letters = [letter(f"r{n}@example.net", "1") for n in range(4)]

    assert group(letters, {1, 3}, 3) == [[1, 3]]
    assert group(letters, range(4), 1) == [[0], [1], [2], [3]]


def test_each_recipient_has_a_verdict_of_its_own() -> None:
    status = AnymailStatus()
    status.set_recipient_status(
        {
            ANN: AnymailRecipientStatus("id-1", "queued"),
            BOB: AnymailRecipientStatus(None, "rejected"),
        }
    )
    ann, bob, other = (judge_recipient(status, a) for a in (ANN, BOB, "x@example.net"))

    assert ann
    assert (ann.outcome, ann.provider_id) == (Outcome.ACCEPTED, "id-1")
    assert bob
    assert bob.outcome is Outcome.PERMANENT
    assert other
    assert other.outcome is Outcome.UNCERTAIN
    assert judge_recipient(SimpleNamespace(status=set()), ANN) is None
