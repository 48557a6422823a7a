"""What a provider's answers and failures mean, brought by a real anymail backend."""

import socket
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from digest.transports import Outcome, Verdict
from digest.transports.provider import judge_error, judge_status
from tests.digest.transports.certificate import write_certificate
from tests.digest.transports.conftest import HandOff, send_once
from tests.digest.transports.providers import (
    SENT,
    ProviderStub,
    answer,
    hang_up,
    provider,
)
from tests.digest.transports.servers import make_server_context, serve

INACTIVE = {
    "ErrorCode": 406,
    "Message": "Found inactive addresses: reader@example.net.\nInactive recipients are",
}


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (422, INACTIVE, Outcome.PERMANENT),
        (422, {"ErrorCode": 300, "Message": "Invalid 'To' address: 'x'."}, "permanent"),
        (422, {"ErrorCode": 402, "Message": "Invalid JSON"}, Outcome.PERMANENT),
        (422, {"ErrorCode": 400, "Message": "no Sender Signature"}, "queue_problem"),
        (400, b"<html>Bad Request</html>", Outcome.TEMPORARY),
        (401, {"ErrorCode": 10, "Message": "Bad token"}, Outcome.QUEUE_PROBLEM),
        (403, b"Forbidden", Outcome.QUEUE_PROBLEM),
        (404, b"Not here", Outcome.QUEUE_PROBLEM),
        (429, {"name": "rate_limit_exceeded"}, Outcome.TEMPORARY),
        (429, {"name": "daily_quota_exceeded"}, Outcome.QUEUE_PROBLEM),
        (500, {"Message": "oops"}, Outcome.UNCERTAIN),
        (502, b"<html>Bad Gateway</html>", Outcome.UNCERTAIN),
        (503, b"", Outcome.UNCERTAIN),
        (200, b"<html>Welcome to this hotel</html>", Outcome.UNCERTAIN),
        (200, {"unexpected": True}, Outcome.UNCERTAIN),
        (200, 5, Outcome.UNCERTAIN),
        (200, {**SENT, "To": "other@example.net"}, Outcome.UNCERTAIN),
    ],
)
def test_an_answer_is_judged_by_what_it_makes_certain(
    use: Any, hand_off: HandOff, status: int, body: object, outcome: str
) -> None:
    with provider(answer(status, body)) as stub:
        use(stub.url)
        verdict = send_once(hand_off)

    assert verdict.outcome == outcome
    assert verdict.evidence
    assert "secret-token" not in verdict.evidence
    assert len(stub.bodies) == 1


def test_a_reader_cannot_stop_the_queue_by_choosing_an_address(
    use: Any, hand_off: HandOff
) -> None:
    body = {"ErrorCode": 402, "Message": "cannot send to Quota@Suspended.example.net"}
    with provider(answer(422, body)) as stub:
        use(stub.url)
        verdict = send_once(hand_off, "quota@suspended.example.net")

    assert verdict.outcome is Outcome.PERMANENT


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("300", 300),
        ("0", 60),
        ("-5", 60),
        ("1000000000", 24 * 3600),
        ("Sat, 21 Nov 2026 12:10:00 GMT", 600),
        ("Fri, 20 Nov 2026 12:10:00 GMT", 60),
        ("soon", None),
    ],
)
def test_the_wish_to_wait_is_kept_within_reason(
    use: Any, hand_off: HandOff, value: str, seconds: int | None
) -> None:
    def give(request: BaseHTTPRequestHandler) -> None:
        request.send_response_only(429)
        request.send_header("Date", "Sat, 21 Nov 2026 12:00:00 GMT")
        request.send_header("Retry-After", value)
        request.send_header("Content-Length", "0")
        request.end_headers()

    with provider(give) as stub:
        use(stub.url)
        verdict = send_once(hand_off)

    assert verdict.outcome is Outcome.TEMPORARY
    assert verdict.retry_after_seconds == seconds


def test_a_request_without_an_answer_is_a_doubt(use: Any, hand_off: HandOff) -> None:
    with provider(hang_up) as stub:
        use(stub.url)
        verdict = send_once(hand_off)

    assert (verdict.outcome, verdict.phase) == (Outcome.UNCERTAIN, "data-sent")


def test_a_late_answer_is_a_doubt(use: Any, hand_off: HandOff) -> None:
    is_over = threading.Event()

    def wait(request: BaseHTTPRequestHandler) -> None:
        is_over.wait(10)
        hang_up(request)

    with provider(wait) as stub:
        use(stub.url, seconds=0.2)
        verdict = send_once(hand_off)
        is_over.set()

    assert (verdict.outcome, verdict.phase) == (Outcome.UNCERTAIN, "data-sent")
    assert len(stub.bodies) == 1


def test_a_refused_connection_is_temporary(use: Any, hand_off: HandOff) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        use(f"http://127.0.0.1:{reserved.getsockname()[1]}/")
        verdict = send_once(hand_off)

    assert (verdict.outcome, verdict.phase) == (Outcome.TEMPORARY, "connect")


def test_a_connection_that_takes_too_long_is_temporary(
    use: Any, hand_off: HandOff
) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        with socket.create_connection(address):  # fills the only place in the queue
            use(f"http://127.0.0.1:{address[1]}/", seconds=0.2)
            verdict = send_once(hand_off)

    assert (verdict.outcome, verdict.phase) == (Outcome.TEMPORARY, "connect")


def test_an_unknown_host_is_temporary(use: Any, hand_off: HandOff) -> None:
    use("http://provider.invalid/")
    verdict = send_once(hand_off)

    assert (verdict.outcome, verdict.phase) == (Outcome.TEMPORARY, "connect")


def test_an_unknown_certificate_stops_the_queue(
    use: Any, hand_off: HandOff, tmp_path: Path
) -> None:
    stub = ProviderStub(answer(200, SENT))
    context = make_server_context(*write_certificate(tmp_path))
    stub.server.socket = context.wrap_socket(
        stub.server.socket, server_side=True, do_handshake_on_connect=False
    )
    with serve(stub.server):
        use(stub.url.replace("http:", "https:"))
        verdict = send_once(hand_off)

    assert (verdict.outcome, verdict.phase) == (Outcome.QUEUE_PROBLEM, "request")
    assert stub.bodies == []


def test_an_address_that_the_library_refuses_fails_alone(
    use: Any, hand_off: HandOff
) -> None:
    """Python's IDNA takes the snowman, anymail's newer one does not."""
    with provider(answer(200, SENT)) as stub:
        use(stub.url)
        verdict = send_once(hand_off, "reader@\N{SNOWMAN}.example")

    assert (verdict.outcome, verdict.phase) == (Outcome.PERMANENT, "request")
    assert stub.bodies == []


def test_a_wrong_address_of_the_api_stops_the_queue(
    use: Any, hand_off: HandOff
) -> None:
    use("provider.example.org/")

    assert send_once(hand_off).outcome is Outcome.QUEUE_PROBLEM


class Boto3Error(Exception):
    """Shaped as anymail passes on an error of Amazon's library."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.response = {
            "Error": {"Code": code, "Message": "as Amazon says"},
            "ResponseMetadata": {"HTTPStatusCode": status},
        }


@pytest.mark.parametrize(
    ("status", "code", "outcome"),
    [
        (400, "MessageRejected", Outcome.PERMANENT),
        (400, "SendingPausedException", Outcome.QUEUE_PROBLEM),
        (400, "MailFromDomainNotVerifiedException", Outcome.QUEUE_PROBLEM),
        (403, "AccessDeniedException", Outcome.QUEUE_PROBLEM),
        (429, "TooManyRequestsException", Outcome.TEMPORARY),
        (500, "InternalServiceErrorException", Outcome.UNCERTAIN),
    ],
)
def test_amazons_errors_are_judged_by_what_they_carry(
    status: int, code: str, outcome: Outcome
) -> None:
    verdict = judge_error(Boto3Error(status, code), "reader@example.net")

    assert verdict.outcome is outcome
    assert code in verdict.evidence


def test_a_failure_of_the_callers_own_does_not_excuse_a_doubt() -> None:
    """An unrelated refused connection must not make a lost answer definite."""
    NewConnectionError = type("NewConnectionError", (OSError,), {})  # noqa: N806
    doubt = ConnectionResetError("reset by the provider")
    doubt.__context__ = NewConnectionError("some other server")

    assert judge_error(doubt, "reader@example.net").outcome is Outcome.UNCERTAIN


def test_an_unknown_status_is_a_doubt() -> None:
    status = SimpleNamespace(status={"unknown"}, message_id="x-1", esp_response=None)
    verdict = judge_status(status, "reader@example.net")

    assert verdict == Verdict(Outcome.UNCERTAIN, "unknown x-1", "x-1", phase="reply")


def test_a_message_without_a_status_is_not_judged_by_it() -> None:
    assert judge_status(None, "reader@example.net") is None
