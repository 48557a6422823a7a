"""The key of a mail: where each provider takes it, and what its answers then mean."""

import json
from collections.abc import Sequence
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from digest.transports import Letter, Outcome, Verdict, open_transport
from tests.digest.transports.conftest import PATIENCE, RAW, make_message
from tests.digest.transports.providers import ProviderStub, answer, in_turn, provider

KEY = "7a1f6f0e-3c0b-5a53-9d5e-0d3f1d3f4b11"
SPARKPOST_SENT = {
    "results": {
        "id": "sp-1",
        "total_accepted_recipients": 1,
        "total_rejected_recipients": 0,
    }
}
SENT_BY: dict[str, Any] = {
    "brevo": {"messageId": "br-1"},
    "resend": {"id": "re-1"},
    "sparkpost": SPARKPOST_SENT,
    "mailgun": {"id": "<mg-1@example.org>", "message": "Queued. Thank you."},
}
HAS_IT = {
    "code": "duplicate_parameter",
    "message": "Email for the idempotency key has already been processed",
}


def send(keys: Sequence[str]) -> list[Verdict]:
    """Send a letter for each key; its address begins with the key."""
    letters = [
        Letter.of(make_message(f"{key or 'reader'}@example.net"), RAW, key)
        for key in keys
    ]
    with open_transport() as transport:
        everything = range(len(letters))
        return list(transport.send(letters, lambda: everything, PATIENCE))


def read_key(stub: ProviderStub, at: int = 0) -> str | None:
    """The key of a request, in whichever of the two places it is."""
    in_mail = json.loads(stub.bodies[at]).get("headers", {}).get("idempotencyKey")
    in_request = stub.headers[at].get("Idempotency-Key")
    assert not (in_mail and in_request)
    return in_mail or in_request


@pytest.mark.parametrize(
    ("name", "is_in_mail"), [("brevo", True), ("resend", False), ("sparkpost", False)]
)
def test_a_letter_takes_its_key_along(use: Any, name: str, *, is_in_mail: bool) -> None:
    with provider(answer(200, SENT_BY[name])) as stub:
        use(stub.url, name)
        [verdict] = send([KEY])

    assert verdict.outcome is Outcome.ACCEPTED
    assert read_key(stub) == KEY
    assert ("Idempotency-Key" in stub.headers[0]) is not is_in_mail


def test_many_letters_at_once_do_not_mix_their_keys_up(use: Any) -> None:
    with provider(answer(200, SENT_BY["resend"])) as stub:
        use(stub.url, "resend")
        send([f"key-{number}" for number in range(20)])

    requests = [(read_key(stub, at), json.loads(stub.bodies[at])) for at in range(20)]
    assert {key for key, _mail in requests} == {f"key-{at}" for at in range(20)}
    assert all(mail["to"] == [f"{key}@example.net"] for key, mail in requests)


def test_a_provider_that_remembers_nothing_is_told_no_key(use: Any) -> None:
    with provider(answer(200, SENT_BY["mailgun"])) as stub:
        use(stub.url, "mailgun")
        [verdict] = send([KEY])
        with open_transport() as transport:
            assert transport.idempotency is None

    assert verdict.outcome is Outcome.ACCEPTED
    assert KEY not in str(stub.headers) + stub.bodies[0].decode().replace(
        f"{KEY}@example.net", ""
    ).replace(f"{KEY}%40example.net", "")


@pytest.mark.parametrize(
    ("name", "status", "body", "outcome"),
    [
        ("brevo", 400, HAS_IT, Outcome.ACCEPTED),
        ("brevo", 400, {**HAS_IT, "message": "Contact already exists"}, "permanent"),
        ("brevo", 400, {"code": "invalid_parameter"}, Outcome.PERMANENT),
        ("resend", 409, {"name": "concurrent_idempotent_requests"}, "uncertain"),
        ("resend", 409, {"name": "invalid_idempotent_request"}, "uncertain"),
        ("sparkpost", 409, {"errors": [{"code": "1601"}]}, Outcome.UNCERTAIN),
        ("sparkpost", 420, {"errors": [{"code": "x"}]}, Outcome.TEMPORARY),
    ],
)
def test_an_answer_about_an_earlier_call_with_the_key_is_told_from_others(
    use: Any, name: str, status: int, body: object, outcome: str
) -> None:
    with provider(answer(status, body)) as stub:
        use(stub.url, name)
        [verdict] = send([KEY])

    assert verdict.outcome == outcome


def test_a_letter_without_a_key_is_not_judged_by_one(use: Any) -> None:
    with provider(answer(409, {"name": "conflict"})) as stub:
        use(stub.url, "resend")
        [verdict] = send([""])

    assert verdict.outcome is Outcome.TEMPORARY
    assert read_key(stub) is None


def test_a_pause_keeps_the_key(use: Any) -> None:
    def wait(request: BaseHTTPRequestHandler) -> None:
        request.send_response(429)
        request.send_header("Retry-After", "1")
        request.send_header("Content-Length", "0")
        request.end_headers()

    with provider(in_turn(wait, answer(200, SENT_BY["resend"]))) as stub:
        use(stub.url, "resend")
        [verdict] = send([KEY])

    assert verdict.outcome is Outcome.ACCEPTED
    assert [read_key(stub, at) for at in (0, 1)] == [KEY, KEY]
    assert stub.bodies[0] == stub.bodies[1]


@pytest.mark.parametrize(
    ("name", "minutes"), [("brevo", 25), ("resend", 23 * 60), ("sparkpost", 23 * 60)]
)
def test_a_key_is_relied_on_for_less_than_the_provider_promises(
    use: Any, settings: Any, name: str, minutes: int
) -> None:
    use("http://127.0.0.1:9/", name)
    with open_transport() as transport:
        assert transport.idempotency
        assert transport.idempotency.lasts == timedelta(minutes=minutes)

    settings.DIGEST_PROVIDER_KEY_MINUTES = 7
    with open_transport() as transport:
        assert transport.idempotency
        assert transport.idempotency.lasts == timedelta(minutes=7)

    settings.DIGEST_PROVIDER_KEY_MINUTES = 0
    with open_transport() as transport:
        assert transport.idempotency is None


def test_another_account_is_another_memory(use: Any, settings: Any) -> None:
    names = set()
    for name, key in (("resend", "one"), ("resend", "two"), ("brevo", "one")):
        use("http://127.0.0.1:9/", name)
        settings.ANYMAIL = {**settings.ANYMAIL, f"{name.upper()}_API_KEY": key}
        with open_transport() as transport:
            assert transport.idempotency
            names.add(transport.idempotency.account)

    assert len(names) == 3
    assert all(len(name) <= 60 for name in names)


def test_other_ways_of_sending_remember_nothing(point_at: Any) -> None:
    with open_transport() as transport:
        assert transport.idempotency is None
    point_at(9)
    with open_transport() as transport:
        assert transport.idempotency is None
