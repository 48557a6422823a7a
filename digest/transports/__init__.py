"""Ways to send: a message in, a verdict out. No tables, no queue, no retries."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Protocol, Self

from django.core.mail import get_connection

from digest.transports import catcher, smtp
from digest.transports.backend_transport import BackendTransport
from digest.transports.catcher import CatcherTransport
from digest.transports.letter import Letter, Shared
from digest.transports.providers import Idempotency
from digest.transports.smtp_transport import SmtpTransport
from digest.transports.verdict import Outcome, Verdict

__all__ = [
    "Idempotency",
    "Letter",
    "Outcome",
    "Shared",
    "Transport",
    "Verdict",
    "open_transport",
]


class Transport(Protocol):
    """A context manager that sends messages over a connection it keeps.

    With `idempotency`, a letter with a key may be sent again and still arrives once.
    """

    @property
    def idempotency(self) -> Idempotency | None:
        """Who remembers the letters' keys; None if nobody does."""

    def __enter__(self) -> Self:
        """Start; nothing is connected before the first message."""

    def __exit__(self, *exception: object) -> None:
        """Say goodbye; never raises for a connection that is broken."""

    def send(
        self,
        letters: Sequence[Letter],
        may_hand_off: Callable[[], Collection[int]],
        seconds: float,
    ) -> Iterator[Verdict]:
        """Send letters and tell what became of each: as many verdicts, in order.

        `may_hand_off` is called at most once, before the first byte of a message; it
        commits the hand-off and gives the places, from 0, of the letters that may go.
        What it raises passes through, with nothing sent. No failure of the transport
        is raised. After `seconds` no further letter is begun: the rest is NOT_BEGUN.
        """

    def stop(self) -> None:
        """Begin no further letter of those that are being sent, as if time was up."""


def open_transport() -> Transport:
    """The transport of settings.EMAIL_BACKEND.

    Raises ImproperlyConfigured (or ImportError) if the backend cannot be made: ask
    for the transport before claiming deliveries.
    """
    connection = get_connection()
    if isinstance(connection, smtp.EmailBackend):
        return SmtpTransport(connection)
    if isinstance(connection, catcher.EmailBackend):
        return CatcherTransport(connection.directory)
    return BackendTransport(connection, get_connection)
