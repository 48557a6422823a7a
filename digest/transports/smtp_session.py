"""One SMTP session that is reused from message to message: commands out, verdicts in.

A server that offers PIPELINING (RFC 2920) is told of the next message in the same write
as the content of this one, which saves three round trips a message.
"""

import contextlib
import smtplib

from digest.transports.envelope import Envelope
from digest.transports.smtp import Client, EmailBackend, Phase
from digest.transports.smtp_verdicts import (
    SERVICE_CLOSING,
    is_positive,
    judge_opening,
    judge_reply,
    judge_silence,
)
from digest.transports.verdict import Verdict

_GO_ON = 354


class Session:
    """Connects when it has to; after whatever went wrong, the next message can go."""

    def __init__(self, backend: EmailBackend) -> None:
        self._backend = backend
        self._is_open = False  # whether MAIL was said without an end to it
        self.accepted = 0

    def close(self) -> None:
        """Say goodbye; hang up in the middle of a message."""
        if self._is_open:
            self.hang_up()
        # All verdicts are given; a goodbye that fails changes none of them.
        with contextlib.suppress(OSError):
            self._backend.close()

    def announce(self, envelope: Envelope, raw: bytes) -> Verdict | None:
        """Open, MAIL, RCPT. None means that the server is ready for the message."""
        if self._is_open:  # the last send was interrupted half-way
            self.hang_up()
        try:
            self._connect()
        except OSError as error:
            phase = self._backend.progress.phase
            self.hang_up()
            return judge_opening(phase, error)
        self._is_open = True
        try:
            client = self._client()
            code, text = client.mail(envelope.sender, _mail_options(client, raw))
            if is_positive(code):
                code, text = client.rcpt(envelope.recipient)
        except OSError as error:
            return self._break_off(error)
        return None if is_positive(code) else self._refused(code, text)

    def ask_for_content(self) -> Verdict | None:
        """DATA. None means that the server waits for the content."""
        try:
            client = self._client()
            client.progress.phase = Phase.DATA
            code, text = client.docmd("DATA")
        except OSError as error:
            return self._break_off(error)
        return None if code == _GO_ON else self._refused(code, text)

    def transmit(
        self, content: bytes, next_one: tuple[Envelope, bytes] | None
    ) -> Verdict:
        """Send the content and the dot; with `next_one`, also tell of that message."""
        end = b".\r\n"
        try:
            client = self._client()
            if next_one:
                end += _commands(client, *next_one)
            client.send(content + end)
            code, text = client.getreply()
        except OSError as error:
            return self._break_off(error)
        verdict = self._judge(code, text)
        self._is_open = next_one is not None and self._backend.connection is not None
        self.accepted += is_positive(code)
        return verdict

    def collect(self) -> Verdict | None:
        """Read the answers about the message that was told of; None: send its content.

        The first refusal counts. A server that wants content all the same gets none.
        """
        refusal: Verdict | None = None
        try:
            client = self._client()
            for phase in (Phase.MAIL, Phase.RCPT, Phase.DATA):
                client.progress.phase = phase
                code, text = client.getreply()
                is_fine = code == _GO_ON if phase is Phase.DATA else is_positive(code)
                if refusal is None and not is_fine:
                    refusal = judge_reply(phase, code, text)
                if code == SERVICE_CLOSING:
                    self.hang_up()
                    return refusal
            if refusal is None:
                return None
            if code == _GO_ON:
                client.send(b".\r\n")
                client.getreply()
        except OSError as error:
            broken = self._break_off(error)
            return refusal or broken
        self.reset()
        return refusal

    def is_connected(self) -> bool:
        """Say whether the session still stands, as far as one knows."""
        return self._backend.connection is not None

    def can_pipeline(self) -> bool:
        """Say whether the server takes several commands in one write."""
        client = self._backend.connection
        return isinstance(client, Client) and client.has_extn("pipelining")

    def reset(self) -> None:
        """Take back what was said of a message, or hang up."""
        if self._backend.connection is None:
            return
        try:
            is_reset = is_positive(self._client().rset()[0])
        except OSError:
            is_reset = False
        self._is_open = False
        if not is_reset:
            self.hang_up()

    def hang_up(self) -> None:
        """End the session without a word; the next message connects afresh."""
        self._backend.drop()
        self._is_open = False

    def _connect(self) -> None:
        if self._backend.connection is not None and self._client().was_left():
            self._backend.drop()
        if self._backend.connection is None:
            self.accepted = 0
        self._backend.open()
        self._client().ehlo_or_helo_if_needed()

    def _client(self) -> Client:
        client = self._backend.connection
        if not isinstance(client, Client):
            raise smtplib.SMTPServerDisconnected("no connection")
        return client

    def _refused(self, code: int, text: bytes) -> Verdict:
        verdict = self._judge(code, text)
        self.reset()
        return verdict

    def _judge(self, code: int, text: bytes) -> Verdict:
        verdict = judge_reply(self._backend.progress.phase, code, text)
        if code == SERVICE_CLOSING or code // 100 not in {2, 4, 5}:
            self.hang_up()  # the server leaves, or no longer speaks SMTP
        return verdict

    def _break_off(self, error: OSError) -> Verdict:
        phase = self._backend.progress.phase
        self.hang_up()
        return judge_silence(phase, error)


def _commands(client: Client, envelope: Envelope, raw: bytes) -> bytes:
    options = "".join(f" {option}" for option in _mail_options(client, raw))
    lines = (
        f"MAIL FROM:<{envelope.sender}>{options}",
        f"RCPT TO:<{envelope.recipient}>",
        "DATA",
        "",
    )
    return "\r\n".join(lines).encode("ascii")


def _mail_options(client: Client, raw: bytes) -> list[str]:
    options = []
    if client.has_extn("size"):
        options.append(f"size={len(raw)}")
    if client.has_extn("8bitmime") and not raw.isascii():
        options.append("body=8bitmime")
    return options
