"""Several messages over one session: to each its own verdict."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

import pytest

from digest.transports import Letter, Outcome, Transport, Verdict, open_transport
from tests.digest.transports.conftest import PATIENCE, RAW, PointAt, make_message
from tests.digest.transports.servers import DROP, Reply, ScriptServer, scripted

PIPELINING = b"250-script.example.org\r\n250-PIPELINING\r\n250 SIZE 1000000"
ACCEPTED, PERMANENT = Outcome.ACCEPTED, Outcome.PERMANENT


def letters(count: int) -> list[Letter]:
    """Letters to reader 0, 1, ..., each with bytes of its own."""
    return [
        Letter.of(
            make_message(f"r{number}@example.net"),
            RAW.replace(b"Today", b"Today %d" % number),
        )
        for number in range(count)
    ]


@contextmanager
def serving(
    point_at: PointAt, **replies: Reply | list[Reply]
) -> Iterator[ScriptServer]:
    """A server that takes several commands in one write."""
    with scripted(point_at, None, **{"EHLO": PIPELINING, **replies}) as server:
        yield server


def send(
    count: int, allowed: Collection[int] | None = None, seconds: float = PATIENCE
) -> list[Verdict]:
    """Send so many; all may go, or those that are allowed."""
    with open_transport() as transport:
        return send_through(transport, count, allowed, seconds)


def send_through(
    transport: Transport,
    count: int,
    allowed: Collection[int] | None = None,
    seconds: float = PATIENCE,
) -> list[Verdict]:
    asked: list[int] = []

    def may_hand_off() -> Collection[int]:
        asked.append(1)
        return range(count) if allowed is None else allowed

    verdicts = list(transport.send(letters(count), may_hand_off, seconds))
    assert len(asked) <= 1
    return verdicts


def outcomes(verdicts: list[Verdict]) -> list[Outcome]:
    return [verdict.outcome for verdict in verdicts]


@pytest.mark.parametrize("greeting", [PIPELINING, b"250 script.example.org"])
def test_each_message_arrives_byte_for_byte_over_one_connection(
    point_at: PointAt, greeting: bytes
) -> None:
    taken: list[Reply] = [b"250 taken as %d" % number for number in range(3)]
    with serving(point_at, EHLO=greeting, dot=taken) as server:
        verdicts = send(3)

    assert outcomes(verdicts) == [ACCEPTED] * 3
    assert [verdict.evidence[-1] for verdict in verdicts] == ["0", "1", "2"]
    assert server.contents == [letter.write() for letter in letters(3)]
    assert server.commands == ["EHLO", *["MAIL", "RCPT", "DATA"] * 3, "QUIT"]
    assert server.connection_count == 1


@pytest.mark.parametrize("data", [b"554 no valid recipients", b"354 go on"])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_refused_recipient_fails_alone(
    point_at: PointAt, data: bytes, place: int
) -> None:
    """Some servers want content even for nobody: they get none of it."""
    rcpt: list[Reply] = [b"250 ok"] * 3
    answers: list[Reply] = [b"354 go on"] * 3
    rcpt[place] = b"550 no such person"
    if place:  # the first is asked about before DATA is said
        answers[place] = data
    with serving(point_at, RCPT=rcpt, DATA=answers) as server:
        verdicts = send(3)

    expected = [ACCEPTED] * 3
    expected[place] = PERMANENT
    assert outcomes(verdicts) == expected
    assert verdicts[place].evidence == "550 no such person"
    raws = [letter.write() for letter in letters(3)]
    assert [content for content in server.contents if content] == [
        raw for number, raw in enumerate(raws) if number != place
    ]
    assert server.connection_count == 1


def test_a_refused_content_fails_alone(point_at: PointAt) -> None:
    dots: list[Reply] = [b"250 ok", b"554 spam", b"250 ok"]
    with serving(point_at, dot=dots) as server:
        verdicts = send(3)

    assert outcomes(verdicts) == [ACCEPTED, PERMANENT, ACCEPTED]
    assert server.connection_count == 1


def test_a_drop_after_the_dot_is_a_doubt_about_one_and_delays_no_other(
    point_at: PointAt,
) -> None:
    with serving(point_at, dot=[b"250 ok", DROP, b"250 ok"]) as server:
        verdicts = send(3)

    assert outcomes(verdicts) == [ACCEPTED, Outcome.UNCERTAIN, ACCEPTED]
    assert len(server.contents) == 3
    assert server.connection_count == 2


@pytest.mark.parametrize("goodbye", [b"421 enough for today", DROP])
def test_a_server_that_wants_a_new_connection_gets_one(
    point_at: PointAt, goodbye: Reply
) -> None:
    replies: list[Reply] = [b"250 ok", b"250 ok", goodbye, b"250 ok"]
    with serving(point_at, MAIL=replies) as server:
        verdicts = send(4)

    assert outcomes(verdicts) == [ACCEPTED] * 4
    assert len(server.contents) == 4
    assert server.connection_count == 2


def test_a_goodbye_after_the_dot_does_not_cost_the_next(point_at: PointAt) -> None:
    with serving(point_at, dot=[b"421 closing", b"250 ok"]) as server:
        verdicts = send(2)

    assert outcomes(verdicts) == [Outcome.TEMPORARY, ACCEPTED]
    assert server.connection_count == 2


@pytest.mark.parametrize("allowed", [{1}, {0, 2}, {2}, set()])
def test_what_may_not_go_is_not_told_to_the_server(
    point_at: PointAt, allowed: set[int]
) -> None:
    with serving(point_at) as server:
        verdicts = send(3, allowed)

    assert [place for place, v in enumerate(verdicts) if v.outcome is ACCEPTED] == (
        sorted(allowed)
    )
    assert {v.outcome for place, v in enumerate(verdicts) if place not in allowed} <= {
        Outcome.ABORTED
    }
    assert len(server.contents) == len(allowed)
    told_of = len(allowed) + (0 not in allowed)
    assert server.commands.count("MAIL") == told_of, "the first is asked about"


def test_a_server_that_breaks_off_again_and_again_is_left_in_peace(
    point_at: PointAt,
) -> None:
    with serving(point_at, RCPT=[b"250 ok", DROP]) as server:
        verdicts = send(9)

    assert verdicts[0].outcome is ACCEPTED
    assert outcomes(verdicts[1:]) == [Outcome.TEMPORARY] * 8
    assert server.connection_count <= 3


def test_a_refusal_of_our_account_ends_the_batch(point_at: PointAt) -> None:
    with serving(point_at, MAIL=[b"250 ok", b"530 sign in first"]) as server:
        verdicts = send(5)

    assert outcomes(verdicts) == [ACCEPTED, *[Outcome.QUEUE_PROBLEM] * 4]
    assert server.commands.count("MAIL") <= 2


def test_what_there_is_no_time_for_is_not_begun(point_at: PointAt) -> None:
    with serving(point_at) as server:
        verdicts = send(3, seconds=-1)

    assert outcomes(verdicts) == [Outcome.NOT_BEGUN] * 3
    assert server.commands == []


def test_the_next_batch_uses_the_same_connection(point_at: PointAt) -> None:
    with serving(point_at) as server, open_transport() as transport:
        first, second = send_through(transport, 2), send_through(transport, 2)

    assert outcomes(first + second) == [ACCEPTED] * 4
    assert server.connection_count == 1
