"""A session that does not come to stand: never the reader's fault."""

import socket
from typing import Any

import pytest

from digest.transports import Outcome
from tests.digest.transports.conftest import HandOff, PointAt, send_once
from tests.digest.transports.servers import DROP, Reply, scripted

SIGN_IN = b"250-script.example.org\r\n250 AUTH PLAIN LOGIN"


@pytest.mark.parametrize(
    "replies",
    [
        {"EHLO": b"250 script.example.org"},
        {"EHLO": b"250-script.example.org\r\n250 STARTTLS", "STARTTLS": b"454 no"},
        {"EHLO": b"250-script.example.org\r\n250 STARTTLS", "STARTTLS": b"220 go"},
    ],
    ids=["stripped", "refused", "broken"],
)
def test_nothing_goes_in_the_clear_where_encryption_is_asked_for(
    point_at: PointAt,
    hand_off: HandOff,
    settings: Any,
    replies: dict[str, Reply],
) -> None:
    with scripted(point_at, **replies) as server:
        settings.EMAIL_USE_TLS = True
        verdict = send_once(hand_off)

    assert (verdict.outcome, verdict.phase) == (Outcome.QUEUE_PROBLEM, "tls")
    assert hand_off.seen == []
    assert "MAIL" not in server.commands


@pytest.mark.parametrize(
    ("greeting", "replies", "outcome", "evidence"),
    [
        (SIGN_IN, [b"535 wrong password"], Outcome.QUEUE_PROBLEM, "535 wrong"),
        (SIGN_IN, [b"535 wrong password", DROP], Outcome.QUEUE_PROBLEM, "535 wrong"),
        (SIGN_IN, [b"454 try later"], Outcome.TEMPORARY, "454 try later"),
        (SIGN_IN, [DROP], Outcome.TEMPORARY, "auth: "),
        (b"250 no sign-in here", [b"250 ok"], Outcome.QUEUE_PROBLEM, "auth: "),
    ],
)
def test_a_failed_sign_in_is_never_the_readers_fault(
    point_at: PointAt,
    settings: Any,
    greeting: bytes,
    replies: list[Reply],
    outcome: Outcome,
    evidence: str,
) -> None:
    with scripted(point_at, EHLO=greeting, AUTH=replies) as server:
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "paperboy", "wrong"
        verdict = send_once(HandOff())

    assert verdict.outcome is outcome
    assert verdict.evidence.startswith(evidence)
    assert "MAIL" not in server.commands


def test_a_refused_connection_is_temporary(
    point_at: PointAt, hand_off: HandOff
) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        point_at(reserved.getsockname()[1])
        verdict = send_once(hand_off)

    assert (verdict.outcome, verdict.phase) == (Outcome.TEMPORARY, "connect")
    assert hand_off.seen == []


def test_an_unknown_host_is_temporary(
    point_at: PointAt, hand_off: HandOff, settings: Any
) -> None:
    point_at(25)
    settings.EMAIL_HOST = "mail.invalid"
    verdict = send_once(hand_off)

    assert (verdict.outcome, verdict.phase) == (Outcome.TEMPORARY, "connect")
