"""What an SMTP server's answer, or its silence, means for the message. Pure."""

import re
import smtplib
import ssl

from digest.transports.smtp import Phase
from digest.transports.verdict import Outcome, Verdict

SERVICE_CLOSING = 421
# Refusals of our account, whatever command they answer (RFC 4954, part 6).
_ACCOUNT_CODES = {530, 534, 535, 538}
_TOO_LARGE = 552
# RFC 3463 and RFC 7505: no such mailbox, or a domain that says it takes no mail.
_NO_MAILBOX = re.compile(r"5\d\d[ -]5\.1\.(1|10)\b")


def judge_opening(phase: Phase, error: OSError) -> Verdict:
    """Judge a session that did not come to stand. Never the recipient's fault.

    Encryption, sign-in and a 5xx greeting need the operator; the rest passes.
    """
    outcome = Outcome.TEMPORARY
    evidence = f"{phase}: {error}"
    if isinstance(error, ssl.SSLError):
        outcome = Outcome.QUEUE_PROBLEM
    elif isinstance(error, smtplib.SMTPResponseException):
        evidence = _quote(error.smtp_code, as_bytes(error.smtp_error))
        is_passing = error.smtp_code < 500 and phase is not Phase.TLS  # noqa: PLR2004
        if not is_passing and error.smtp_code != SERVICE_CLOSING:
            outcome = Outcome.QUEUE_PROBLEM
    elif isinstance(error, smtplib.SMTPException) and not isinstance(
        error, smtplib.SMTPServerDisconnected
    ):
        outcome = Outcome.QUEUE_PROBLEM  # no STARTTLS or no AUTH that we can use
    return Verdict(outcome, evidence, phase=phase)


def judge_reply(phase: Phase, code: int, text: bytes) -> Verdict:
    """Judge an answer. After the dot, what is neither yes nor no is a doubt."""
    is_content = phase is Phase.DATA_SENT
    if is_positive(code) and is_content:
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


def says_no_mailbox(verdict: Verdict) -> bool:
    """Say whether the server knows the recipient, and knows that there is none."""
    return verdict.phase == Phase.RCPT and bool(_NO_MAILBOX.match(verdict.evidence))


def is_positive(code: int) -> bool:
    """Say whether a reply means yes."""
    return 200 <= code < 300  # noqa: PLR2004


def _quote(code: int, text: bytes) -> str:
    return f"{code} {text.decode('utf-8', 'replace')}"


def as_bytes(text: bytes | str) -> bytes:
    """Give a reply's text as smtplib keeps it: sometimes as a string."""
    return text if isinstance(text, bytes) else text.encode()
