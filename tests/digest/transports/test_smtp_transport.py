"""Sending through a real SMTP server that does nothing wrong."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult
from django.core import mail

from digest.transports import Outcome, open_transport
from tests.digest.transports.certificate import write_certificate
from tests.digest.transports.conftest import (
    RAW,
    HandOff,
    PointAt,
    make_message,
    send_one,
)
from tests.digest.transports.servers import MailServer, make_server_context


@contextmanager
def running(**options: Any) -> Iterator[MailServer]:
    server = MailServer(**options)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def tls_context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate for 127.0.0.1 that this process trusts."""
    certificate, key = write_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", certificate)
    return make_server_context(certificate, key)


def test_the_server_receives_the_frozen_bytes(
    point_at: PointAt, hand_off: HandOff
) -> None:
    with running() as server:
        point_at(server.port)
        with open_transport() as transport:
            verdict = send_one(transport, make_message(), RAW, hand_off)

    assert (verdict.outcome, verdict.evidence) == (Outcome.ACCEPTED, "250 taken as 1")
    assert verdict.phase == "done"
    assert len(hand_off.seen) == 1
    [envelope] = server.envelopes
    assert envelope.content == RAW
    assert envelope.mail_from == "papers@papers.example.org"
    assert envelope.rcpt_tos == ["reader@example.net"]
    assert "body=8bitmime" in [option.lower() for option in envelope.mail_options]


def test_one_connection_carries_many_messages(
    point_at: PointAt, hand_off: HandOff
) -> None:
    with running() as server:
        point_at(server.port)
        with open_transport() as transport:
            for number in range(3):
                send_one(
                    transport, make_message(f"r{number}@example.net"), RAW, hand_off
                )

    assert len(server.envelopes) == 3
    assert len(server.peers) == 1


def test_a_refused_hand_off_sends_nothing_and_disturbs_no_neighbour(
    point_at: PointAt, hand_off: HandOff
) -> None:
    with running() as server:
        point_at(server.port)
        with open_transport() as transport:
            refused = send_one(transport, make_message(), RAW, HandOff(answer=False))
            granted = send_one(transport, make_message("b@example.net"), RAW, hand_off)

    assert refused.outcome is Outcome.ABORTED
    assert granted.outcome is Outcome.ACCEPTED
    assert [envelope.rcpt_tos for envelope in server.envelopes] == [["b@example.net"]]
    assert len(server.peers) == 1


def test_a_hand_off_that_raises_sends_nothing_and_leaves_a_usable_transport(
    point_at: PointAt, hand_off: HandOff
) -> None:
    def fail() -> bool:
        raise ConnectionError("the database is gone")

    with running() as server:
        point_at(server.port)
        with open_transport() as transport:
            with pytest.raises(ConnectionError, match="database"):
                send_one(transport, make_message("a@example.net"), RAW, fail)
            verdict = send_one(transport, make_message("b@example.net"), RAW, hand_off)

    assert verdict.outcome is Outcome.ACCEPTED
    assert [envelope.rcpt_tos for envelope in server.envelopes] == [["b@example.net"]]


@pytest.mark.parametrize(
    ("to", "raw"),
    [
        ("no-at-sign", RAW),
        ("a@example.net, b@example.net", RAW),
        ("erdős@example.net", RAW),
        ("a@example.net\r\nRCPT TO:<b@example.net>", RAW),
        ("a@example.net", RAW.replace(b"Today\r\n", b"Today\n")),
        ("a@example.net", RAW + b"\r.\r\nMAIL FROM:<x@example.net>\r\n"),
        ("a@example.net", RAW + b"no end"),
    ],
)
def test_a_message_that_cannot_be_sent_fails_alone(
    point_at: PointAt, hand_off: HandOff, to: str, raw: bytes
) -> None:
    with running() as server:
        point_at(server.port)
        with open_transport() as transport:
            first = send_one(transport, make_message(), RAW, HandOff())
            poison = send_one(transport, make_message(to), raw, hand_off)
            last = send_one(transport, make_message(), RAW, HandOff())

    assert poison.outcome is Outcome.PERMANENT
    assert hand_off.seen == []
    assert {first.outcome, last.outcome} == {Outcome.ACCEPTED}
    assert len(server.envelopes) == 2


def test_a_message_to_two_people_is_refused(
    point_at: PointAt, hand_off: HandOff
) -> None:
    message = make_message()
    message.bcc = ["other@example.net"]
    point_at(9)
    with open_transport() as transport:
        verdict = send_one(transport, message, RAW, hand_off)

    assert verdict.outcome is Outcome.PERMANENT
    assert "2 recipients" in verdict.evidence


def test_an_international_domain_is_sent_as_punycode(
    point_at: PointAt, hand_off: HandOff
) -> None:
    with running() as server:
        point_at(server.port)
        with open_transport() as transport:
            send_one(transport, make_message("a@bücher.example"), RAW, hand_off)

    assert server.envelopes[0].rcpt_tos == ["a@xn--bcher-kva.example"]


def test_it_signs_in_and_encrypts_when_asked_to(
    point_at: PointAt, hand_off: HandOff, settings: Any, tls_context: ssl.SSLContext
) -> None:
    def sign_in(*arguments: Any) -> AuthResult:
        login: Any = arguments[-1]
        return AuthResult(success=login.password == b"right", handled=False)

    with running(tls_context=tls_context, authenticator=sign_in) as server:
        point_at(server.port)
        settings.EMAIL_USE_TLS = True
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "paperboy", "right"
        with open_transport() as transport:
            accepted = send_one(transport, make_message(), RAW, hand_off)
        settings.EMAIL_HOST_PASSWORD = "wrong"
        with open_transport() as transport:
            refused = send_one(transport, make_message(), RAW, hand_off)

    assert accepted.outcome is Outcome.ACCEPTED
    assert (refused.outcome, refused.phase) == (Outcome.QUEUE_PROBLEM, "auth")
    assert refused.evidence.startswith("535")
    assert len(server.envelopes) == 1


def test_it_encrypts_from_the_first_byte_when_asked_to(
    point_at: PointAt, hand_off: HandOff, settings: Any, tls_context: ssl.SSLContext
) -> None:
    with running(ssl_context=tls_context) as server:
        point_at(server.port)
        settings.EMAIL_USE_SSL = True
        with open_transport() as transport:
            first = send_one(transport, make_message(), RAW, hand_off)
            second = send_one(transport, make_message(), RAW, hand_off)

    assert first.outcome is second.outcome is Outcome.ACCEPTED
    assert [envelope.content for envelope in server.envelopes] == [RAW, RAW]
    assert len(server.peers) == 1


@pytest.mark.parametrize("option", ["EMAIL_USE_TLS", "EMAIL_USE_SSL"])
def test_it_sends_nothing_to_a_server_with_an_unknown_certificate(
    point_at: PointAt, hand_off: HandOff, settings: Any, tmp_path: Path, option: str
) -> None:
    context = make_server_context(*write_certificate(tmp_path))
    name = "tls_context" if option == "EMAIL_USE_TLS" else "ssl_context"
    with running(**{name: context}) as server:
        point_at(server.port)
        setattr(settings, option, True)
        with open_transport() as transport:
            verdict = send_one(transport, make_message(), RAW, hand_off)

    assert verdict.outcome is Outcome.QUEUE_PROBLEM
    assert "certificate" in verdict.evidence.lower()
    assert hand_off.seen == []
    assert server.envelopes == []


def test_other_mails_leave_through_the_same_backend(point_at: PointAt) -> None:
    with running() as server:
        point_at(server.port)
        connection = mail.get_connection()
        count = connection.send_messages([make_message()])

    assert count == 1
    assert server.envelopes[0].rcpt_tos == ["reader@example.net"]
