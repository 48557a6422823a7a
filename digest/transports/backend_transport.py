"""Any other Django mail backend as a transport: anymail's providers, memory, files."""

import contextlib
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Self

from django.core.mail.backends.base import BaseEmailBackend

from digest.transports.calls import Call, Round
from digest.transports.letter import Letter
from digest.transports.merge import group, merge
from digest.transports.providers import find_idempotency, find_provider
from digest.transports.verdict import NOT_ALLOWED, Outcome, Verdict


class BackendTransport:
    """A context manager over backends of one kind, whose sessions are kept.

    The backend builds its own request from the message, so the frozen bytes are
    not what goes out; the hand-off is asked for before anything does. `make_backend`
    makes the backends that a provider's further connections need.
    """

    def __init__(
        self, backend: BaseEmailBackend, make_backend: Callable[[], BaseEmailBackend]
    ) -> None:
        self._backends = [backend]
        self._round: Round | None = None
        self._make_backend = make_backend
        self._provider = find_provider(backend)
        self.idempotency = find_idempotency(backend)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        # All verdicts are given; a goodbye that fails changes none of them.
        for backend in self._backends:
            with contextlib.suppress(OSError):
                backend.close()

    def send(
        self,
        letters: Sequence[Letter],
        may_hand_off: Callable[[], Collection[int]],
        seconds: float,
    ) -> Iterator[Verdict]:
        """Give the messages to the backends and judge what came of each."""
        until = time.monotonic() + seconds
        found = [_read(letter) for letter in letters]
        places = [at for at, one in enumerate(found) if isinstance(one, str)]
        stopped = self._open(len(places)) if places else None
        allowed = may_hand_off() if places and not stopped else ()
        groups = group(
            letters,
            [at for at in places if at in allowed],
            self._provider.recipients,
        )
        calls = [self._call([letters[at] for at in one]) for one in groups]
        self._round = Round(self._backends, self._provider.key, until)
        answers = self._round.make(calls)
        known: dict[int, Verdict] = {}
        following = iter(groups)
        # Closed with this generator: what was not begun then never is.
        with contextlib.closing(answers):  # type: ignore[type-var]
            for place, one in enumerate(found):
                if isinstance(one, Verdict):
                    yield one
                elif stopped:
                    yield stopped
                elif place not in allowed:
                    yield Verdict(Outcome.ABORTED, NOT_ALLOWED, phase="connect")
                else:
                    while place not in known:
                        known |= zip(next(following), next(answers), strict=True)
                    yield known.pop(place)

    def _call(self, letters: Sequence[Letter]) -> Call:
        """The call for letters that go together; one alone goes as it is."""
        singles = tuple(
            Call(letter.make_message(), (letter.envelope.recipient,), letter.make_key())
            for letter in letters
        )
        if len(singles) == 1:
            return singles[0]
        messages = [single.message for single in singles]
        merged = merge(letters, messages, self._provider.mark)
        recipients = tuple(single.recipients[0] for single in singles)
        return Call(merged, recipients, singles=singles)

    def stop(self) -> None:
        """Begin no further call; those under way are answered."""
        if self._round:
            self._round.stop()

    def _open(self, count: int) -> Verdict | None:
        """Open as many backends as the letters can use, or say why that fails."""
        try:
            while len(self._backends) < min(self._provider.connections, count):
                self._backends.append(self._make_backend())
            for backend in self._backends:
                backend.open()
        except Exception as error:  # noqa: BLE001 - any library's; nothing was sent yet
            evidence = f"{type(error).__name__}: {error}"
            return Verdict(Outcome.QUEUE_PROBLEM, evidence, phase="connect")
        return None


def _read(letter: Letter) -> str | Verdict:
    """The recipient's address, or why the letter cannot be sent."""
    try:
        return letter.envelope.recipient
    except ValueError as error:
        return Verdict(Outcome.PERMANENT, str(error), phase="envelope")
