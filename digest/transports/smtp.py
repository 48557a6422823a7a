"""SMTP as Django's mail interface, with a client that knows how far it came.

Waits are bounded in total, not per byte: 10 s to connect and to be greeted, 60 s for a
command, and long after the final dot, where impatience would only turn a sent mail
into a doubtful one. TLS is verified; where STARTTLS is asked for, nothing goes without.
"""

import io
import select
import smtplib
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

from django.conf import settings
from django.core.mail.backends import smtp


class Phase(StrEnum):
    """How far a session or a message has come."""

    CONNECT = "connect"
    GREETING = "greeting"
    TLS = "tls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"  # asked, but 354 not yet seen: no byte of the message has left
    DATA_SENT = "data-sent"  # after 354: from here on silence means doubt
    DONE = "done"


@dataclass
class Progress:
    """The phase and the client: Django loses a client that fails to connect.

    `reached` is the phase before the goodbye, which Django says after a failure too.
    """

    phase: Phase = Phase.CONNECT
    reached: Phase = Phase.CONNECT
    client: smtplib.SMTP | None = None


@dataclass(frozen=True)
class Patience:
    """How many seconds each kind of answer may take."""

    connect: float
    command: float
    after_dot: float

    def wait_for_reply(self, phase: Phase) -> float:
        """Seconds that a whole reply may take in this phase."""
        if phase is Phase.DATA_SENT:
            return self.after_dot
        if phase in {Phase.GREETING, Phase.DONE}:
            return self.connect
        return self.command


def read_patience() -> Patience:
    """The settings, or the values of RFC 5321 cut down to what a worker can afford."""
    return Patience(
        connect=getattr(settings, "DIGEST_CONNECT_TIMEOUT_SECONDS", 10),
        command=getattr(settings, "DIGEST_COMMAND_TIMEOUT_SECONDS", 60),
        after_dot=getattr(settings, "DIGEST_AFTER_DOT_TIMEOUT_SECONDS", 600),
    )


class _DeadlineReader(io.RawIOBase):
    """Reads a socket until a deadline, however slowly the bytes drip in."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self.deadline = 0.0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self._sock.settimeout(left)
        return self._sock.recv_into(buffer)


class Client(smtplib.SMTP):
    """An SMTP client that notes its phase and keeps to its deadlines."""

    def __init__(
        self, *args: Any, progress: Progress, patience: Patience, **kwargs: Any
    ) -> None:
        self.progress = progress
        self._patience = patience
        self._reader: _DeadlineReader | None = None
        self._refusal: smtplib.SMTPAuthenticationError | None = None
        progress.phase, progress.client = Phase.CONNECT, self
        super().__init__(*args, **kwargs)

    def send(self, s: Any) -> None:
        """Send within the time of a command, whatever the last read left set."""
        if self.sock is not None:
            self.sock.settimeout(self._patience.command)
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        """Read one reply before its deadline; 354 opens the doubtful phase."""
        if self.progress.phase is Phase.CONNECT:
            self.progress.phase = Phase.GREETING
        if self.sock is not None and (self.file is None or self._reader is None):
            self._reader = _DeadlineReader(self.sock)
            self.file = io.BufferedReader(self._reader)
        if self._reader is not None:
            patience = self._patience.wait_for_reply(self.progress.phase)
            self._reader.deadline = time.monotonic() + patience
        code, text = super().getreply()
        if self.progress.phase is Phase.DATA and code == 354:  # noqa: PLR2004
            self.progress.phase = Phase.DATA_SENT
        return code, text

    def starttls(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Encrypt the session or raise; there is no way on in the clear."""
        self.progress.phase = Phase.TLS
        return super().starttls(*args, **kwargs)

    def login(
        self, user: str, password: str, *, initial_response_ok: bool = True
    ) -> tuple[int, bytes]:
        """Sign in. A server that refuses and hangs up has refused."""
        self.progress.phase = Phase.AUTH
        try:
            return super().login(
                user, password, initial_response_ok=initial_response_ok
            )
        except smtplib.SMTPServerDisconnected:
            # smtplib tries its next mechanism on the closed line and forgets why.
            if self._refusal is not None:
                raise self._refusal from None
            raise

    def auth(
        self,
        mechanism: str,
        authobject: Callable[..., Any],
        *,
        initial_response_ok: bool = True,
    ) -> tuple[int, bytes]:
        """Try one mechanism and remember a refusal."""
        try:
            return super().auth(
                mechanism, authobject, initial_response_ok=initial_response_ok
            )
        except smtplib.SMTPAuthenticationError as refusal:
            self._refusal = refusal
            raise

    def mail(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Name the sender."""
        self.progress.phase = Phase.MAIL
        return super().mail(*args, **kwargs)

    def rcpt(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Name a recipient."""
        self.progress.phase = Phase.RCPT
        return super().rcpt(*args, **kwargs)

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Send the message; the phase tells whether a byte of it may have left."""
        self.progress.phase = Phase.DATA
        return super().data(msg)

    def quit(self) -> tuple[int, bytes]:
        """Say goodbye, without waiting long for an answer."""
        self.progress.reached = self.progress.phase
        self.progress.phase = Phase.DONE
        return super().quit()

    def was_left(self) -> bool:
        """Whether the idle server spoke or hung up: it only does so to say goodbye."""
        if self.sock is None or self.file is None or self._reader is None:
            return True
        poll = select.poll()
        poll.register(self.sock, select.POLLIN)
        self._reader.deadline = 0  # look into the buffer, but wait for nothing
        try:
            return bool(poll.poll(0) or self.file.peek(1))
        except TimeoutError:
            return False


class TlsClient(Client, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


class EmailBackend(smtp.EmailBackend):
    """Django's SMTP backend with the client above. EMAIL_TIMEOUT is not read."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.progress = Progress()
        self._patience = read_patience()
        self.timeout = self._patience.connect

    @property
    def connection_class(self) -> Any:
        """A maker of clients that report to this backend."""
        client = TlsClient if self.use_ssl else Client
        return partial(client, progress=self.progress, patience=self._patience)

    def drop(self) -> None:
        """Hang up without a goodbye, so that the next message connects afresh."""
        self.connection = None
        if self.progress.client is not None:
            self.progress.client.close()
