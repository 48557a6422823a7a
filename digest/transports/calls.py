"""The calls to a provider that one hand-off takes: several at once, answers in order.

Only the calls themselves run in threads, each over a backend that no other call uses
meanwhile. What they need was made before; no thread looks into the database.
"""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Event
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from digest.transports.provider import (
    judge_error,
    judge_known_key,
    judge_recipient,
    judge_status,
    read_pause,
)
from digest.transports.providers import Key
from digest.transports.verdict import Outcome, Verdict

LONGEST_PAUSE = 5
"""Seconds that a call waits where it is, when the provider asks for so short a time."""

REFUSED = Verdict(Outcome.PERMANENT, "the call for several was refused")


@dataclass(frozen=True, slots=True)
class Call:
    """One message, the addresses of its recipients, and its key ("" for none).

    A message to several stands for the calls of `singles`, one for each of them.
    """

    message: EmailMessage
    recipients: tuple[str, ...]
    key: str = ""
    singles: tuple["Call", ...] = ()


class Round:
    """The calls of one hand-off, which end together."""

    def __init__(
        self, backends: Sequence[BaseEmailBackend], key: Key | None, until: float
    ) -> None:
        self._free: SimpleQueue[BaseEmailBackend] = SimpleQueue()
        for backend in backends:
            self._free.put(backend)
        self._count = len(backends)
        self._key = key
        self._until = until
        self._stopped: Verdict | None = None
        self._is_over = Event()

    def make(self, calls: Sequence[Call]) -> Iterator[list[Verdict]]:
        """Make the calls; verdicts of each, in order, as soon as they are known.

        An answer that is about our account, or that asks for a long pause, is given
        to all calls that were not begun. Nor are any begun after `until`, or when
        nobody listens any more.
        """
        if self._count == 1:
            yield from map(self._make, calls)
            return
        with ThreadPoolExecutor(self._count, "provider") as pool:
            try:
                yield from pool.map(self._make, calls)
            finally:
                self._is_over.set()

    def stop(self) -> None:
        """Begin no further call."""
        self._until = 0.0

    def _make(self, call: Call) -> list[Verdict]:
        backend = self._free.get()
        try:
            return self._try(backend, call)
        finally:
            self._free.put(backend)

    def _try(self, backend: BaseEmailBackend, call: Call) -> list[Verdict]:
        """Verdicts for the recipients of a call.

        A definite no to several at once may be due to one of them: each is tried alone.
        """
        while True:
            if verdict := self._not_now():
                return [verdict] * len(call.recipients)
            verdicts, pause = self._hand_over(backend, call)
            if not pause:
                break
            if pause > LONGEST_PAUSE or time.monotonic() + pause > self._until:
                self._stopped = verdicts[0]
                break
            # The answer was "not now", so nothing went, and this is no second mail.
            self._is_over.wait(pause)
        problems = [v for v in verdicts if v.outcome is Outcome.QUEUE_PROBLEM]
        if problems:
            self._stopped = problems[0]
        if call.singles and verdicts == [REFUSED]:
            return [v for one in call.singles for v in self._try(backend, one)]
        return verdicts

    def _not_now(self) -> Verdict | None:
        """Why no call is begun any more, if so."""
        if self._stopped:
            return self._stopped
        if self._is_over.is_set() or time.monotonic() > self._until:
            return Verdict(Outcome.NOT_BEGUN, "not begun in time", phase="connect")
        return None

    def _hand_over(
        self, backend: BaseEmailBackend, call: Call
    ) -> tuple[list[Verdict], int]:
        """What became of a call; and seconds to wait, if that is all it lacks."""
        # A status left from an earlier try must not be taken for this one's.
        vars(call.message).pop("anymail_status", None)
        failure: Exception | None = None
        count: int | None = None
        try:
            if self._key and call.key:
                _put_key(backend, call, self._key)
            count = backend.send_messages([call.message])
        except Exception as error:  # noqa: BLE001 - any library's; it is judged below
            failure = error
        # The status comes first: an error raised after it does not unsend the message.
        found = _read_status(call)
        if found:
            return found, 0
        verdict, pause = self._judge(backend, call, failure, count)
        if call.singles and verdict.outcome is Outcome.PERMANENT:
            return [REFUSED], 0
        return [verdict] * len(call.recipients), pause

    def _judge(
        self,
        backend: BaseEmailBackend,
        call: Call,
        failure: Exception | None,
        count: int | None,
    ) -> tuple[Verdict, int]:
        """Judge a call whose status says nothing, and the pause that it asks for."""
        if failure is None:
            return _judge_count(backend, count), 0
        is_keyed = self._key is not None and bool(call.key)
        known = judge_known_key(failure) if is_keyed else None
        if known:
            return known, 0
        verdict = judge_error(failure, *call.recipients)
        is_brief = verdict.outcome is Outcome.TEMPORARY
        return verdict, read_pause(failure) if is_brief else 0


def _read_status(call: Call) -> list[Verdict]:
    """A verdict for each recipient, if anymail's status of the message has any."""
    status = getattr(call.message, "anymail_status", None)
    judge = judge_recipient if call.singles else judge_status
    verdicts = [judge(status, recipient) for recipient in call.recipients]
    return [verdict for verdict in verdicts if verdict is not None]


def _put_key(backend: BaseEmailBackend, call: Call, key: Key) -> None:
    """Have the call carry its key.

    Anymail has no word for headers of the request; those of the session, which this
    call has to itself, are sent with it.
    """
    if key.is_in_mail:
        call.message.extra_headers[key.name] = call.key
    else:
        session: Any = vars(backend)["session"]
        session.headers[key.name] = call.key


def _judge_count(backend: BaseEmailBackend, count: int | None) -> Verdict:
    name = type(backend).__module__
    if count is None:
        return Verdict(Outcome.UNCERTAIN, f"{name} did not say", phase="reply")
    if count < 1:
        return Verdict(Outcome.PERMANENT, f"{name} declined", phase="reply")
    return Verdict(Outcome.ACCEPTED, f"taken by {name}", phase="done")
