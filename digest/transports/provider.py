"""What a mail provider's answer or error means, whichever library brought it.

Providers come through anymail, which may stand on requests or boto3. None is imported:
their exceptions are known by class name and by what they carry.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any

from digest.transports.verdict import Outcome, Verdict

RETRY_AFTER_SECONDS = (60, 24 * 3600)
_BODY_LENGTH = 2000

_ACCOUNT_STATUSES = {401, 402, 403, 404, 405, 407}
_PASSING_STATUSES = {408, 409, 420, 425, 429}
_QUOTA = re.compile(r"quota|credits", re.IGNORECASE)
_ACCOUNT = re.compile(
    r"quota|credits|suspended|paused|not.?verified|unverified|sender.signature|api.?key",
    re.IGNORECASE,
)

_HAS_IT = re.compile(r'"duplicate_parameter".*idempotency key.*already', re.DOTALL)

# Class names in requests, urllib3 and botocore of failures before any byte was sent.
_NOT_CONNECTED = {
    "ConnectTimeout",
    "ConnectTimeoutError",
    "EndpointConnectionError",
    "NameResolutionError",
    "NewConnectionError",
    "ProxyError",
}
_MISCONFIGURED = {
    "AnymailConfigurationError",
    "AnymailSerializationError",
    "AnymailUnsupportedFeature",
    "InvalidHeader",
    "InvalidProxyURL",
    "InvalidSchema",
    "InvalidURL",
    "MissingSchema",
    "NoCredentialsError",
    "SSLCertVerificationError",
}
_UNUSABLE_ADDRESS = {"AnymailInvalidAddress", "AnymailRecipientsRefused"}


def judge_status(status: object, recipient: str) -> Verdict | None:
    """Judge anymail's status of a message with one recipient; None if it has none."""
    words = getattr(status, "status", None) or set()
    if not words:
        return None
    provider_id = str(getattr(status, "message_id", None) or "")
    evidence = f"{', '.join(sorted(words))} {provider_id}"
    if words <= {"sent", "queued"}:
        return Verdict(Outcome.ACCEPTED, evidence, provider_id, phase="done")
    response = getattr(status, "esp_response", None)
    if words <= {"rejected", "invalid", "failed"}:
        evidence = f"{evidence} {_read_body(response)}"
        return Verdict(Outcome.PERMANENT, evidence, phase="reply")
    code = getattr(response, "status_code", None)
    if isinstance(code, int):  # anymail could not tell whom the answer was about
        return judge_response(code, response, recipient)
    return Verdict(Outcome.UNCERTAIN, evidence, provider_id, phase="reply")


def judge_recipient(status: object, recipient: str) -> Verdict | None:
    """Judge what anymail's status says of one recipient of several."""
    if not getattr(status, "status", None):
        return None
    one = getattr(status, "recipients", {}).get(recipient)
    if one is None:
        evidence = f"the answer does not name {recipient}"
        return Verdict(Outcome.UNCERTAIN, evidence, phase="reply")
    words = {one.status} if one.status else set()
    alone = SimpleNamespace(status=words, message_id=one.message_id)
    return judge_status(alone, recipient)


def judge_error(error: Exception, *recipients: str) -> Verdict:
    """Judge what was raised while sending. What is not known for sure is a doubt."""
    response = getattr(error, "response", None)
    status = _read_status(error, response)
    if status is not None:
        return judge_response(status, response, *recipients)
    names = {kind.__name__ for step in _walk(error) for kind in type(step).__mro__}
    outcome, phase = Outcome.UNCERTAIN, "data-sent"
    if names & _NOT_CONNECTED:
        outcome, phase = Outcome.TEMPORARY, "connect"
    elif names & _MISCONFIGURED:
        outcome, phase = Outcome.QUEUE_PROBLEM, "request"
    elif names & _UNUSABLE_ADDRESS:
        outcome, phase = Outcome.PERMANENT, "request"
    return Verdict(outcome, f"{type(error).__name__}: {error}", phase=phase)


def judge_known_key(error: Exception) -> Verdict | None:
    """What an answer says of an earlier call with the same key; None if nothing.

    Brevo refuses to send again what it has. By a conflict others say that the earlier
    call is still under way, or was not quite the same: what it came to is unknown.
    """
    response = getattr(error, "response", None)
    status, body = _read_status(error, response), _read_body(response)
    evidence = f"HTTP {status} {body}"
    if status == HTTPStatus.CONFLICT:
        return Verdict(Outcome.UNCERTAIN, evidence, phase="reply")
    if status == HTTPStatus.BAD_REQUEST and _HAS_IT.search(body):
        return Verdict(Outcome.ACCEPTED, evidence, phase="done")
    return None


def judge_response(status: int, response: object, *recipients: str) -> Verdict:
    """Judge an HTTP answer that the library took for an error.

    A 4xx is definite: ours (account, quota), passing, or the message's. One that is
    not JSON comes from a gateway, which knows nothing of the recipient. All else,
    and a 2xx that nobody could read, may hide an accepted message.
    """
    body = _read_body(response)
    # A reader's address is in the answer, and could hold any of the words looked for.
    addresses = "|".join(re.escape(recipient) for recipient in recipients)
    words = re.sub(addresses, "", body, flags=re.IGNORECASE)
    wait = read_retry_after(response)
    outcome = Outcome.UNCERTAIN
    if status in _PASSING_STATUSES:
        is_ours = _QUOTA.search(words)
        outcome = Outcome.QUEUE_PROBLEM if is_ours else Outcome.TEMPORARY
    elif status in _ACCOUNT_STATUSES:
        outcome = Outcome.QUEUE_PROBLEM
    elif status // 100 == 4:  # noqa: PLR2004
        outcome = _judge_refusal(words, response)
    evidence = f"HTTP {status} {body}"
    return Verdict(outcome, evidence, phase="reply", retry_after_seconds=wait)


def read_pause(error: Exception) -> int:
    """Seconds that "too many requests" asks for; 0 for anything else."""
    response = getattr(error, "response", None)
    if _read_status(error, response) != HTTPStatus.TOO_MANY_REQUESTS:
        return 0
    return max(_read_wait(response) or 0, 0)


def read_retry_after(response: object) -> int | None:
    """Seconds of a Retry-After header, kept within 60 s and 24 h."""
    seconds = _read_wait(response)
    if seconds is None:
        return None
    shortest, longest = RETRY_AFTER_SECONDS
    return max(shortest, min(seconds, longest))


def _read_wait(response: object) -> int | None:
    """Seconds of a Retry-After header, a number or a date.

    A date is measured from the answer's own Date: no clock of ours is involved.
    """
    headers = getattr(response, "headers", None)
    if not isinstance(headers, Mapping) or "Retry-After" not in headers:
        return None
    value = str(headers["Retry-After"]).strip()
    try:
        if re.fullmatch(r"-?[0-9]{1,18}", value):
            return int(value)
        wait = _read_date(value) - _read_date(str(headers.get("Date", "")))
        return int(wait.total_seconds())
    except (TypeError, ValueError):
        return None


def _judge_refusal(words: str, response: object) -> Outcome:
    if _ACCOUNT.search(words):
        return Outcome.QUEUE_PROBLEM
    return Outcome.PERMANENT if _is_parsed(response) else Outcome.TEMPORARY


def _read_date(text: str) -> datetime:
    date = parsedate_to_datetime(text)
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _read_status(error: Exception, response: object) -> int | None:
    """The HTTP status that an error carries: anymail's, or boto3's in its dict."""
    status = getattr(error, "status_code", None)
    if status is None and isinstance(response, dict):
        status = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    return status if isinstance(status, int) else None


def _read_body(response: object) -> str:
    if isinstance(response, dict):
        return str(response.get("Error", response))[:_BODY_LENGTH]
    return str(getattr(response, "text", ""))[:_BODY_LENGTH]


def _is_parsed(response: Any) -> bool:
    if isinstance(response, dict):
        return True
    try:
        response.json()
    except (AttributeError, ValueError):
        return False
    return True


def _walk(error: BaseException) -> Iterator[BaseException]:
    """The error and what it was explicitly made from.

    `__context__` is left out: it may be a failure of the caller's that has nothing
    to do with this message.
    """
    step: object = error
    while isinstance(step, BaseException):
        yield step
        step = step.__cause__ or next(iter(step.args), None)
