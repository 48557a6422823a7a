"""One message over SMTP, byte for byte as frozen, and what the server made of it.

Only a reply is definite. MAIL and RCPT come first, so that most refusals cost no
hand-off; then the caller commits its hand-off; then the content goes.
"""

import contextlib
import re
import smtplib
import ssl
from collections.abc import Callable
from typing import Self

from django.core.mail import EmailMessage

from digest.transports.envelope import Envelope, read_envelope
from digest.transports.smtp import Client, EmailBackend, Phase
from digest.transports.verdict import Outcome, Verdict

# Refusals of our account, whatever command they answer (RFC 4954, part 6).
_ACCOUNT_CODES = {530, 534, 535, 538}
_SERVICE_CLOSING = 421
_TOO_LARGE = 552
# A lone CR or LF lets a message pretend to end early (SMTP smuggling).
_LONE_LINE_BREAK = re.compile(rb"\r(?!\n)|(?<!\r)\n")


class SmtpTransport:
    """A context manager over one SMTP session that is reused between messages."""

    def __init__(self, backend: EmailBackend) -> None:
        self._backend = backend
        self._is_in_transaction = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._is_in_transaction:
            self._backend.drop()
        # All verdicts are given; a goodbye that fails changes none of them.
        with contextlib.suppress(OSError):
            self._backend.close()

    def send(
        self, message: EmailMessage, raw: bytes, may_hand_off: Callable[[], bool]
    ) -> Verdict:
        """Send `raw` to the one recipient of `message`.

        1. Connect where needed, MAIL, RCPT. A refusal ends it here.
        2. Call `may_hand_off` once. False resets the session and sends nothing.
        3. DATA, the bytes, the dot; judge the reply or its absence.
        """
        try:
            envelope = read_envelope(message)
            _check_line_breaks(raw)
        except ValueError as error:
            return Verdict(Outcome.PERMANENT, str(error), phase="envelope")
        if self._is_in_transaction:  # the last send was interrupted half-way
            self._hang_up()
        self._is_in_transaction = True
        verdict = self._announce(envelope, raw)
        if verdict is None:
            if may_hand_off():
                verdict = self._transmit(raw)
            else:
                evidence = "the hand-off was refused"
                verdict = Verdict(Outcome.ABORTED, evidence, phase=Phase.RCPT)
        self._settle(verdict)
        return verdict

    def _announce(self, envelope: Envelope, raw: bytes) -> Verdict | None:
        """Open, MAIL, RCPT. None means that the server is ready for the message."""
        try:
            client = self._connect()
        except OSError as error:
            phase = self._backend.progress.phase
            self._hang_up()
            return judge_opening(phase, error)
        try:
            reply = client.mail(envelope.sender, _mail_options(client, raw))
            if _is_positive(reply[0]):
                reply = client.rcpt(envelope.recipient)
        except OSError as error:
            return self._break_off(error)
        return None if _is_positive(reply[0]) else self._judge(*reply)

    def _transmit(self, raw: bytes) -> Verdict:
        try:
            reply = self._client().data(raw)
        except smtplib.SMTPDataError as refusal:  # an answer to DATA other than 354
            reply = refusal.smtp_code, _as_bytes(refusal.smtp_error)
        except OSError as error:
            return self._break_off(error)
        return self._judge(*reply)

    def _judge(self, code: int, text: bytes) -> Verdict:
        if code == _SERVICE_CLOSING or code // 100 not in {2, 4, 5}:
            self._hang_up()  # the server leaves, or no longer speaks SMTP
        return judge_reply(self._backend.progress.phase, code, text)

    def _connect(self) -> Client:
        if self._backend.connection is not None and self._client().was_left():
            self._backend.drop()
        self._backend.open()
        client = self._client()
        client.ehlo_or_helo_if_needed()
        return client

    def _client(self) -> Client:
        client = self._backend.connection
        if not isinstance(client, Client):
            raise smtplib.SMTPServerDisconnected("no connection")
        return client

    def _settle(self, verdict: Verdict) -> None:
        """Make the session fit for the next message, or hang up."""
        if not self._is_in_transaction:
            return
        if verdict.outcome is not Outcome.ACCEPTED and not self._reset():
            self._hang_up()
        self._is_in_transaction = False

    def _reset(self) -> bool:
        try:
            return _is_positive(self._client().rset()[0])
        except OSError:
            return False

    def _break_off(self, error: OSError) -> Verdict:
        phase = self._backend.progress.phase
        self._hang_up()
        return judge_silence(phase, error)

    def _hang_up(self) -> None:
        self._backend.drop()
        self._is_in_transaction = False


def judge_opening(phase: Phase, error: OSError) -> Verdict:
    """Judge a session that did not come to stand. Never the recipient's fault.

    Encryption, sign-in and a 5xx greeting need the operator; the rest passes.
    """
    outcome = Outcome.TEMPORARY
    evidence = f"{phase}: {error}"
    if isinstance(error, ssl.SSLError):
        outcome = Outcome.QUEUE_PROBLEM
    elif isinstance(error, smtplib.SMTPResponseException):
        evidence = _quote(error.smtp_code, _as_bytes(error.smtp_error))
        is_passing = error.smtp_code < 500 and phase is not Phase.TLS  # noqa: PLR2004
        if not is_passing and error.smtp_code != _SERVICE_CLOSING:
            outcome = Outcome.QUEUE_PROBLEM
    elif isinstance(error, smtplib.SMTPException) and not isinstance(
        error, smtplib.SMTPServerDisconnected
    ):
        outcome = Outcome.QUEUE_PROBLEM  # no STARTTLS or no AUTH that we can use
    return Verdict(outcome, evidence, phase=phase)


def judge_reply(phase: Phase, code: int, text: bytes) -> Verdict:
    """Judge an answer. After the dot, what is neither yes nor no is a doubt."""
    is_content = phase is Phase.DATA_SENT
    if _is_positive(code) and is_content:
        return Verdict(Outcome.ACCEPTED, _quote(code, text), phase=Phase.DONE)
    match code // 100:
        case 4:
            outcome = Outcome.TEMPORARY
        case 5:
            is_ours = code in _ACCOUNT_CODES or (
                # Every digest has the same sender; only the size is the message's.
                phase is Phase.MAIL and code != _TOO_LARGE
            )
            outcome = Outcome.QUEUE_PROBLEM if is_ours else Outcome.PERMANENT
        case _:
            outcome = Outcome.UNCERTAIN if is_content else Outcome.TEMPORARY
    return Verdict(outcome, _quote(code, text), phase=phase)


def judge_silence(phase: Phase, error: OSError) -> Verdict:
    """Judge a drop or a timeout: harmless before 354, a doubt after it."""
    is_doubtful = phase is Phase.DATA_SENT
    outcome = Outcome.UNCERTAIN if is_doubtful else Outcome.TEMPORARY
    return Verdict(outcome, f"{phase}: {error}", phase=phase)


def _mail_options(client: Client, raw: bytes) -> list[str]:
    options = []
    if client.has_extn("size"):
        options.append(f"size={len(raw)}")
    if client.has_extn("8bitmime") and not raw.isascii():
        options.append("body=8bitmime")
    return options


def _check_line_breaks(raw: bytes) -> None:
    if _LONE_LINE_BREAK.search(raw) or not raw.endswith(b"\r\n"):
        raise ValueError("the message has a line that does not end in CRLF")


def _is_positive(code: int) -> bool:
    return 200 <= code < 300  # noqa: PLR2004


def _quote(code: int, text: bytes) -> str:
    return f"{code} {text.decode('utf-8', 'replace')}"


def _as_bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode()
