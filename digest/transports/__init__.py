"""Ways to send: a message in, a verdict out. No tables, no queue, no retries."""

from collections.abc import Callable
from typing import Protocol, Self

from django.core.mail import EmailMessage, get_connection

from digest.transports import catcher, smtp
from digest.transports.backend_transport import BackendTransport
from digest.transports.catcher import CatcherTransport
from digest.transports.smtp_transport import SmtpTransport
from digest.transports.verdict import Outcome, Verdict

__all__ = ["Outcome", "Transport", "Verdict", "open_transport"]


class Transport(Protocol):
    """A context manager that sends one message at a time over a kept connection."""

    def __enter__(self) -> Self:
        """Start; nothing is connected before the first message."""

    def __exit__(self, *exception: object) -> None:
        """Say goodbye; never raises for a connection that is broken."""

    def send(
        self, message: EmailMessage, raw: bytes, may_hand_off: Callable[[], bool]
    ) -> Verdict:
        """Send one message and tell what became of it.

        `raw` is the message as frozen: CRLF lines, sent byte for byte over SMTP.
        `may_hand_off` is called at most once, when only the message itself is left
        to send; it commits the hand-off and says whether to go on. What it raises
        passes through, with nothing sent. No failure of the transport is raised.
        """


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
    return BackendTransport(connection)
