"""Several calls to a provider at once: order, stops, pauses, and the time allowed."""

import json
import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from digest.transports import Letter, Outcome, Verdict, open_transport
from tests.digest.transports.conftest import PATIENCE, RAW, make_message
from tests.digest.transports.providers import Answer, answer, in_turn, provider

ADDRESSES = [f"reader{number}@example.net" for number in range(40)]


def send(addresses: Sequence[str], seconds: float = PATIENCE) -> list[Verdict]:
    """Send one batch that may all go."""
    letters = [Letter.of(make_message(to), RAW) for to in addresses]
    with open_transport() as transport:
        everything = range(len(letters))
        return list(transport.send(letters, lambda: everything, seconds))


def read(request: Any) -> Any:
    """What a provider was asked."""
    return json.loads(request.body)


def too_many(seconds: int) -> Answer:
    """Too many requests; come again after so many seconds."""

    def give(request: BaseHTTPRequestHandler) -> None:
        request.send_response(429)
        request.send_header("Retry-After", str(seconds))
        request.send_header("Content-Length", "0")
        request.end_headers()

    return give


def test_several_letters_are_under_way_at_once_and_no_more_than_allowed(
    use: Any, settings: Any
) -> None:
    settings.DIGEST_PROVIDER_CONNECTIONS = 3
    # Each answer waits for a second request: one after the other would never end.
    pair = threading.Barrier(2, timeout=20)

    def give(request: BaseHTTPRequestHandler) -> None:
        pair.wait()
        answer(200, {"id": "re-1"})(request)

    with provider(give) as stub:
        use(stub.url, "resend", seconds=30)
        verdicts = send(ADDRESSES)

    assert [verdict.outcome for verdict in verdicts] == [Outcome.ACCEPTED] * 40
    assert 2 <= stub.most_at_once <= 3
    assert len(stub.ports) == 3


def test_verdicts_come_in_the_order_of_the_letters(use: Any) -> None:
    """The first is answered last."""
    is_behind = threading.Event()

    def give(request: BaseHTTPRequestHandler) -> None:
        [to] = read(request)["to"]
        if to == ADDRESSES[0]:
            is_behind.wait(20)
        if to == ADDRESSES[3]:
            is_behind.set()
        answer(200, {"id": to})(request)

    with provider(give) as stub:
        use(stub.url, "resend", seconds=30)
        verdicts = send(ADDRESSES[:8])

    assert [verdict.provider_id for verdict in verdicts] == ADDRESSES[:8]


@pytest.mark.parametrize("connections", [1, 4])
def test_a_refusal_of_our_account_stops_what_was_not_begun(
    use: Any, settings: Any, connections: int
) -> None:
    settings.DIGEST_PROVIDER_CONNECTIONS = connections
    with provider(answer(401, {"message": "API key is invalid"})) as stub:
        use(stub.url, "resend")
        verdicts = send(ADDRESSES)

    assert {verdict.outcome for verdict in verdicts} == {Outcome.QUEUE_PROBLEM}
    assert len(stub.bodies) <= connections


def test_a_refusal_of_one_letter_stops_no_other(use: Any) -> None:
    refused = {"name": "validation_error", "message": "Invalid `to` field."}

    def give(request: BaseHTTPRequestHandler) -> None:
        [to] = read(request)["to"]
        is_bad = to == ADDRESSES[2]
        answer(422 if is_bad else 200, refused if is_bad else {"id": to})(request)

    with provider(give) as stub:
        use(stub.url, "resend")
        verdicts = send(ADDRESSES[:6])

    assert [verdict.outcome for verdict in verdicts] == [
        *[Outcome.ACCEPTED] * 2,
        Outcome.PERMANENT,
        *[Outcome.ACCEPTED] * 3,
    ]


def test_nothing_is_begun_after_the_time_is_up(use: Any) -> None:
    with provider(answer(200, {"id": "re-1"})) as stub:
        use(stub.url, "resend")
        verdicts = send(ADDRESSES, seconds=-1)

    assert {verdict.outcome for verdict in verdicts} == {Outcome.NOT_BEGUN}
    assert stub.bodies == []


def test_nothing_is_begun_when_nobody_listens_any_more(use: Any, settings: Any) -> None:
    settings.DIGEST_PROVIDER_CONNECTIONS = 1
    letters = [Letter.of(make_message(to), RAW) for to in ADDRESSES]
    with provider(answer(200, {"id": "re-1"})) as stub:
        use(stub.url, "resend")
        with open_transport() as transport:
            verdicts: Any = transport.send(letters, lambda: range(40), PATIENCE)
            next(verdicts)
            verdicts.close()

    assert len(stub.bodies) == 1


def test_a_short_pause_that_the_provider_asks_for_is_kept(
    use: Any, settings: Any
) -> None:
    settings.DIGEST_PROVIDER_CONNECTIONS = 1
    give = in_turn(too_many(1), answer(200, {"id": "re-1"}))
    with provider(give) as stub:
        use(stub.url, "resend")
        verdicts = send(ADDRESSES[:2])

    assert [verdict.outcome for verdict in verdicts] == [Outcome.ACCEPTED] * 2
    assert [json.loads(body)["to"] for body in stub.bodies] == [
        [ADDRESSES[0]],
        [ADDRESSES[0]],
        [ADDRESSES[1]],
    ]


@pytest.mark.parametrize(("seconds", "patience"), [(300, PATIENCE), (5, 4)])
def test_a_long_pause_is_kept_by_all_that_was_not_begun(
    use: Any, settings: Any, seconds: int, patience: float
) -> None:
    settings.DIGEST_PROVIDER_CONNECTIONS = 1
    with provider(too_many(seconds)) as stub:
        use(stub.url, "resend")
        verdicts = send(ADDRESSES, patience)

    assert len(stub.bodies) == 1
    assert {verdict.outcome for verdict in verdicts} == {Outcome.TEMPORARY}
    assert {v.retry_after_seconds for v in verdicts} == {max(seconds, 60)}


def test_backends_that_are_no_providers_send_one_after_the_other(
    settings: Any, mailoutbox: list[Any]
) -> None:
    verdicts = send(ADDRESSES[:5])

    assert {verdict.outcome for verdict in verdicts} == {Outcome.ACCEPTED}
    assert [message.to[0] for message in mailoutbox] == ADDRESSES[:5]


def test_a_letter_without_one_recipient_is_left_out_of_the_calls(use: Any) -> None:
    with provider(answer(200, {"id": "re-1"})) as stub:
        use(stub.url, "resend")
        verdicts = send([ADDRESSES[0], "a@example.net, b@example.net", ADDRESSES[1]])

    assert [verdict.outcome for verdict in verdicts] == [
        Outcome.ACCEPTED,
        Outcome.PERMANENT,
        Outcome.ACCEPTED,
    ]
    assert len(stub.bodies) == 2


def test_what_was_not_begun_when_it_is_stopped_never_is(
    use: Any, settings: Any
) -> None:
    settings.DIGEST_PROVIDER_CONNECTIONS = 1
    letters = [Letter.of(make_message(to), RAW) for to in ADDRESSES[:5]]

    with provider(answer(200, {"id": "re-1"})) as stub:
        use(stub.url, "resend", seconds=30)
        with open_transport() as transport:
            verdicts = iter(transport.send(letters, lambda: range(5), PATIENCE))
            first = next(verdicts)
            transport.stop()
            rest = list(verdicts)

    assert first.outcome is Outcome.ACCEPTED
    assert {(one.outcome, one.evidence) for one in rest} == {
        (Outcome.NOT_BEGUN, "not begun in time")
    }
