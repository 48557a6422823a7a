"""Any other Django mail backend as a transport: anymail's providers, memory, files."""

import contextlib
from collections.abc import Callable
from typing import Self

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from digest.transports.envelope import read_envelope
from digest.transports.provider import judge_error, judge_status
from digest.transports.verdict import Outcome, Verdict


class BackendTransport:
    """A context manager over one backend, whose session is kept between messages.

    The backend builds its own request from the message, so the frozen bytes are
    not what goes out; the hand-off is asked for before anything does.
    """

    def __init__(self, backend: BaseEmailBackend) -> None:
        self._backend = backend

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        # All verdicts are given; a goodbye that fails changes none of them.
        with contextlib.suppress(OSError):
            self._backend.close()

    def send(
        self,
        message: EmailMessage,
        raw: bytes,  # noqa: ARG002 - as in every transport
        may_hand_off: Callable[[], bool],
    ) -> Verdict:
        """Give one message to the backend and judge what came of it."""
        try:
            recipient = read_envelope(message).recipient
        except ValueError as error:
            return Verdict(Outcome.PERMANENT, str(error), phase="envelope")
        try:
            self._backend.open()
        except Exception as error:  # noqa: BLE001 - any library's; nothing was sent yet
            evidence = f"{type(error).__name__}: {error}"
            return Verdict(Outcome.QUEUE_PROBLEM, evidence, phase="connect")
        if not may_hand_off():
            return Verdict(Outcome.ABORTED, "the hand-off was refused", phase="connect")
        return self._hand_over(message, recipient)

    def _hand_over(self, message: EmailMessage, recipient: str) -> Verdict:
        # A status left from an earlier try must not be taken for this one's.
        vars(message).pop("anymail_status", None)
        failure: Exception | None = None
        count: int | None = None
        try:
            count = self._backend.send_messages([message])
        except Exception as error:  # noqa: BLE001 - any library's; it is judged below
            failure = error
        # The status comes first: an error raised after it does not unsend the message.
        verdict = judge_status(getattr(message, "anymail_status", None), recipient)
        if verdict is not None:
            return verdict
        if failure is not None:
            return judge_error(failure, recipient)
        return self._judge_count(count)

    def _judge_count(self, count: int | None) -> Verdict:
        name = type(self._backend).__module__
        if count is None:
            return Verdict(Outcome.UNCERTAIN, f"{name} did not say", phase="reply")
        if count < 1:
            return Verdict(Outcome.PERMANENT, f"{name} declined", phase="reply")
        return Verdict(Outcome.ACCEPTED, f"taken by {name}", phase="done")
