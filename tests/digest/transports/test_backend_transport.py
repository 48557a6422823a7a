"""Sending through backends of Django: real anymail ones with a stub, and memory."""

import json
from typing import Any

from anymail.exceptions import AnymailCancelSend
from anymail.signals import post_send, pre_send
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from digest.transports import Outcome, Verdict, open_transport
from tests.digest.transports.conftest import (
    RAW,
    HandOff,
    make_message,
    send_once,
    send_one,
)
from tests.digest.transports.providers import (
    SENT,
    answer,
    provider,
)


def test_an_accepted_message_has_the_providers_id(use: Any, hand_off: HandOff) -> None:
    with provider(answer(200, {"id": "re-1"})) as stub:
        use(stub.url, "resend")
        verdict = send_once(hand_off)

    assert verdict == Verdict(Outcome.ACCEPTED, "queued re-1", "re-1", phase="done")
    assert json.loads(stub.bodies[0])["to"] == ["reader@example.net"]
    assert len(hand_off.seen) == 1


def test_the_hand_off_comes_before_the_request(use: Any) -> None:
    with provider(answer(200, SENT)) as stub:
        use(stub.url)
        hand_off = HandOff(look=lambda: len(stub.bodies))
        verdict = send_once(hand_off)

    assert verdict.outcome is Outcome.ACCEPTED
    assert hand_off.seen == [0]


def test_a_refused_hand_off_makes_no_request(use: Any) -> None:
    with provider(answer(200, SENT)) as stub:
        use(stub.url)
        verdict = send_once(HandOff(answer=False))

    assert verdict.outcome is Outcome.ABORTED
    assert stub.bodies == []


def test_one_connection_carries_many_messages(use: Any) -> None:
    with provider(answer(200, SENT)) as stub:
        use(stub.url)
        with open_transport() as transport:
            for _ in range(3):
                send_one(transport, make_message(), RAW, HandOff())

    assert len(stub.bodies) == 3
    assert len(stub.ports) == 1


def test_an_error_after_acceptance_does_not_unsend_the_message(
    use: Any, hand_off: HandOff
) -> None:
    def fail(**details: object) -> None:
        raise RuntimeError("a receiver of ours failed")

    post_send.connect(fail)
    try:
        with provider(answer(200, SENT)) as stub:
            use(stub.url)
            verdict = send_once(hand_off)
    finally:
        post_send.disconnect(fail)

    assert (verdict.outcome, verdict.provider_id) == (Outcome.ACCEPTED, "pm-1")


def test_a_declined_message_is_not_called_sent(use: Any, hand_off: HandOff) -> None:
    def decline(**details: object) -> None:
        raise AnymailCancelSend

    pre_send.connect(decline)
    try:
        with provider(answer(200, SENT)) as stub:
            use(stub.url)
            verdict = send_once(hand_off)
    finally:
        pre_send.disconnect(decline)

    assert verdict.outcome is Outcome.PERMANENT
    assert stub.bodies == []


def test_the_status_of_an_earlier_try_is_not_taken_for_this_one(
    use: Any, settings: Any
) -> None:
    message = make_message()
    with provider(answer(200, SENT)) as stub:
        use(stub.url)
        with open_transport() as transport:
            first = send_one(transport, message, RAW, HandOff())
    settings.EMAIL_BACKEND = f"{__name__}.SilentBackend"
    with open_transport() as transport:
        second = send_one(transport, message, RAW, HandOff())

    assert first.outcome is Outcome.ACCEPTED
    assert second.outcome is Outcome.UNCERTAIN


def test_a_message_to_two_people_is_refused(hand_off: HandOff) -> None:
    message = make_message()
    message.cc = ["other@example.net"]
    with open_transport() as transport:
        verdict = send_one(transport, message, RAW, hand_off)

    assert verdict.outcome is Outcome.PERMANENT
    assert hand_off.seen == []


def test_any_other_backend_of_django_will_do(hand_off: HandOff) -> None:
    verdict = send_once(hand_off)

    assert verdict.outcome is Outcome.ACCEPTED
    assert "locmem" in verdict.evidence
    assert [message.to for message in mail.outbox] == [["reader@example.net"]]


class ClosedBackend(BaseEmailBackend):
    """Cannot be opened: its account is not set up."""

    def open(self) -> bool:
        raise RuntimeError("no account")

    def send_messages(self, email_messages: Any) -> int:
        return len(email_messages)


class SilentBackend(BaseEmailBackend):
    """Says nothing of what it did, as Django's interface allows."""

    def send_messages(self, email_messages: Any) -> Any:  # noqa: ARG002
        return None


def test_a_backend_that_cannot_open_stops_the_queue(
    hand_off: HandOff, settings: Any
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.ClosedBackend"
    verdict = send_once(hand_off)

    assert verdict.outcome is Outcome.QUEUE_PROBLEM
    assert "no account" in verdict.evidence
    assert hand_off.seen == []


def test_a_backend_that_does_not_say_leaves_a_doubt(
    hand_off: HandOff, settings: Any
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.SilentBackend"

    assert send_once(hand_off).outcome is Outcome.UNCERTAIN
