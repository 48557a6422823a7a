"""Each way in which an SMTP server fails a message, and the verdict that follows."""

import time
from typing import Any

import pytest

from digest.transports import Outcome, open_transport
from tests.digest.transports.conftest import (
    RAW,
    HandOff,
    PointAt,
    make_message,
    send_many,
    send_once,
    send_one,
)
from tests.digest.transports.servers import DROP, ENDLESS, HANG, Reply, scripted

BEFORE_THE_HAND_OFF = [
    ("banner", b"421 busy", Outcome.TEMPORARY, "421 busy"),
    ("banner", b"554 not you", Outcome.QUEUE_PROBLEM, "554 not you"),
    ("banner", DROP, Outcome.TEMPORARY, "greeting: "),
    ("MAIL", b"451 later", Outcome.TEMPORARY, "451 later"),
    ("MAIL", b"421 closing", Outcome.TEMPORARY, "421 closing"),
    ("MAIL", b"530 sign in first", Outcome.QUEUE_PROBLEM, "530 sign in first"),
    ("MAIL", b"550 no such sender", Outcome.QUEUE_PROBLEM, "550 no such sender"),
    ("MAIL", b"552 too large", Outcome.PERMANENT, "552 too large"),
    ("MAIL", DROP, Outcome.TEMPORARY, "mail: "),
    ("RCPT", b"451 greylisted", Outcome.TEMPORARY, "451 greylisted"),
    ("RCPT", b"550-no\r\n550 such person", Outcome.PERMANENT, "550 no such person"),
    ("RCPT", b"535 who are you", Outcome.QUEUE_PROBLEM, "535 who are you"),
    ("RCPT", b"not SMTP at all", Outcome.TEMPORARY, "-1 "),
    ("RCPT", DROP, Outcome.TEMPORARY, "rcpt: "),
]
AFTER_THE_HAND_OFF = [
    ("DATA", DROP, Outcome.TEMPORARY, "data: "),
    ("DATA", b"451 no room", Outcome.TEMPORARY, "451 no room"),
    ("DATA", b"554 no", Outcome.PERMANENT, "554 no"),
    ("dot", DROP, Outcome.UNCERTAIN, "data-sent: "),
    ("dot", b"not SMTP at all", Outcome.UNCERTAIN, "-1 "),
    ("dot", b"250-" + b"x" * 9000, Outcome.UNCERTAIN, "data-sent: "),
    ("dot", b"354 again", Outcome.UNCERTAIN, "354 again"),
    ("dot", b"451 later", Outcome.TEMPORARY, "451 later"),
    ("dot", b"421 closing", Outcome.TEMPORARY, "421 closing"),
    ("dot", b"554 spam", Outcome.PERMANENT, "554 spam"),
]


@pytest.mark.parametrize(
    ("command", "reply", "outcome", "evidence"), BEFORE_THE_HAND_OFF
)
def test_a_fault_before_the_hand_off_is_definite(
    point_at: PointAt,
    hand_off: HandOff,
    command: str,
    reply: Reply,
    outcome: Outcome,
    evidence: str,
) -> None:
    with scripted(point_at, **{command: reply}) as server:
        verdict = send_once(hand_off)

    assert verdict.outcome is outcome
    assert verdict.evidence.startswith(evidence)
    assert hand_off.seen == []
    assert "DATA" not in server.commands


@pytest.mark.parametrize(
    ("command", "reply", "outcome", "evidence"), AFTER_THE_HAND_OFF
)
def test_a_fault_after_the_hand_off_is_a_doubt_only_without_an_answer(
    point_at: PointAt,
    hand_off: HandOff,
    command: str,
    reply: Reply,
    outcome: Outcome,
    evidence: str,
) -> None:
    with scripted(point_at, **{command: reply}) as server:
        verdict = send_once(hand_off)

    assert verdict.outcome is outcome
    assert verdict.evidence.startswith(evidence)
    assert len(hand_off.seen) == 1
    assert len(server.contents) == (1 if command == "dot" else 0)


@pytest.mark.parametrize(
    ("command", "setting", "outcome"),
    [
        ("banner", "DIGEST_CONNECT_TIMEOUT_SECONDS", Outcome.TEMPORARY),
        ("RCPT", "DIGEST_COMMAND_TIMEOUT_SECONDS", Outcome.TEMPORARY),
        ("DATA", "DIGEST_COMMAND_TIMEOUT_SECONDS", Outcome.TEMPORARY),
        ("dot", "DIGEST_AFTER_DOT_TIMEOUT_SECONDS", Outcome.UNCERTAIN),
    ],
)
def test_a_silent_server_is_left_after_the_time_for_that_answer(
    point_at: PointAt,
    hand_off: HandOff,
    settings: Any,
    command: str,
    setting: str,
    outcome: Outcome,
) -> None:
    with scripted(point_at, **{command: HANG}):
        setattr(settings, setting, 0.2)
        started = time.monotonic()
        verdict = send_once(hand_off)

    assert time.monotonic() - started < 4  # the other waits are 5 s
    assert verdict.outcome is outcome
    assert "timed out" in verdict.evidence


def test_the_hand_off_is_asked_once_after_rcpt_and_before_data(
    point_at: PointAt,
) -> None:
    with scripted(point_at) as server:
        hand_off = HandOff(look=lambda: list(server.commands))
        verdict = send_once(hand_off)

    assert verdict.outcome is Outcome.ACCEPTED
    assert hand_off.seen == [["EHLO", "MAIL", "RCPT"]]
    assert server.commands == ["EHLO", "MAIL", "RCPT", "DATA", "QUIT"]
    assert server.contents == [RAW]


def test_a_refused_hand_off_takes_the_message_back(point_at: PointAt) -> None:
    with scripted(point_at) as server:
        verdict = send_once(HandOff(answer=False))

    assert verdict.outcome is Outcome.ABORTED
    assert server.commands == ["EHLO", "MAIL", "RCPT", "RSET", "QUIT"]


def test_an_interrupted_send_leaves_the_server_nothing_to_deliver(
    point_at: PointAt,
) -> None:
    def interrupt() -> bool:
        raise KeyboardInterrupt

    with (
        scripted(point_at) as server,
        pytest.raises(KeyboardInterrupt),
        open_transport() as transport,
    ):
        send_one(transport, make_message(), RAW, interrupt)

    assert server.commands == ["EHLO", "MAIL", "RCPT"]


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA", "dot"])
def test_the_next_message_gets_a_new_connection_after_a_drop(
    point_at: PointAt, command: str
) -> None:
    fine: dict[str, Reply] = {"DATA": b"354 go on"}
    replies = [DROP, fine.get(command, b"250 fine")]
    with scripted(point_at, **{command: replies}) as server:
        first, second = send_many(2)

    assert first.outcome in {Outcome.TEMPORARY, Outcome.UNCERTAIN}
    assert second.outcome is Outcome.ACCEPTED
    assert server.connection_count == 2


def test_a_refused_neighbour_does_not_cost_the_connection(point_at: PointAt) -> None:
    replies: list[Reply] = [b"250 ok", b"550 no", b"250 ok"]
    with scripted(point_at, RCPT=replies) as server, open_transport() as transport:
        outcomes = [
            send_one(transport, make_message(), RAW, HandOff()).outcome
            for _ in range(3)
        ]

    assert outcomes == [Outcome.ACCEPTED, Outcome.PERMANENT, Outcome.ACCEPTED]
    assert server.connection_count == 1


@pytest.mark.parametrize("reply", [DROP, b"500 no such command"])
def test_a_session_that_cannot_be_reset_is_not_used_again(
    point_at: PointAt, reply: Reply
) -> None:
    with scripted(point_at, RCPT=[b"550 no", b"250 ok"], RSET=reply) as server:
        first, second = send_many(2)

    assert first.outcome is Outcome.PERMANENT
    assert second.outcome is Outcome.ACCEPTED
    assert server.connection_count == 2


def test_a_server_that_leaves_between_messages_delays_nobody(
    point_at: PointAt,
) -> None:
    goodbye = b"250 taken\r\n421 that was your last"
    with scripted(point_at, dot=[goodbye, b"250 taken"]) as server:
        first, second = send_many(2)

    assert first.outcome is second.outcome is Outcome.ACCEPTED
    assert server.connection_count == 2


def test_a_reply_without_an_end_is_left_at_the_deadline(
    point_at: PointAt, hand_off: HandOff, settings: Any
) -> None:
    """Bytes keep coming, so that a timeout per byte would never end it."""
    with scripted(point_at, RCPT=ENDLESS):
        settings.DIGEST_COMMAND_TIMEOUT_SECONDS = 0.2
        verdict = send_once(hand_off)

    assert (verdict.outcome, verdict.phase) == (Outcome.TEMPORARY, "rcpt")
    assert "timed out" in verdict.evidence
