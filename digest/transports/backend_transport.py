"""Any other Django mail backend as a transport: anymail's providers, memory, files."""

import contextlib
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Self

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from digest.transports.letter import Letter
from digest.transports.provider import judge_error, judge_status
from digest.transports.verdict import NOT_ALLOWED, NOT_BEGUN, Outcome, Verdict


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
        letters: Sequence[Letter],
        may_hand_off: Callable[[], Collection[int]],
        seconds: float,
    ) -> Iterator[Verdict]:
        """Give the messages to the backend and judge what came of each."""
        until = time.monotonic() + seconds
        allowed: Collection[int] | None = None
        stopped: Verdict | None = None
        for place, letter in enumerate(letters):
            try:
                recipient = letter.envelope.recipient
            except ValueError as error:
                yield Verdict(Outcome.PERMANENT, str(error), phase="envelope")
                continue
            if allowed is None and stopped is None:
                stopped = self._open()
                allowed = () if stopped else may_hand_off()
            if stopped:
                yield stopped
            elif place not in (allowed or ()):
                yield Verdict(Outcome.ABORTED, NOT_ALLOWED, phase="connect")
            elif time.monotonic() > until:
                yield Verdict(Outcome.TEMPORARY, NOT_BEGUN, phase="connect")
            else:
                verdict = self._hand_over(letter.make_message(), recipient)
                stopped = verdict if verdict.outcome is Outcome.QUEUE_PROBLEM else None
                yield verdict

    def _open(self) -> Verdict | None:
        try:
            self._backend.open()
        except Exception as error:  # noqa: BLE001 - any library's; nothing was sent yet
            evidence = f"{type(error).__name__}: {error}"
            return Verdict(Outcome.QUEUE_PROBLEM, evidence, phase="connect")
        return None

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
