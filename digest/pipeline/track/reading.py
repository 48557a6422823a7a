"""From anymail's event to plain values, with what the provider's own words add.

Anymail gives all providers one vocabulary and loses some of theirs with it: it calls
soft bounces as it does hard ones, and some refusals of our message "blocked", as it
does an address that is on the provider's list. The tables here are for django-anymail
15.2; a word that nobody knows leaves anymail's reading as it is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from digest.transports.verdict import clean_line

DEEPEST = 3

OWN_WORDS = frozenset(
    {
        "bounce_class",  # SparkPost
        "bouncetype",  # Amazon SES
        "error",  # Mailjet
        "event",  # Brevo, Mandrill
        "eventtype",  # Amazon SES
        "hard_bounce",  # Mailjet
        "reason",  # Mailgun, Mandrill, SendGrid
        "type",  # Postmark, MailerSend, Resend, SendGrid
    }
)

SOFT = frozenset(
    {
        *("bouncetype=transient", "bouncetype=undetermined"),
        *("type=transient", "type=undetermined"),
        *(f"bounce_class={number}" for number in (1, 20, 21, 22, 23, 24, 40, 70)),
        *("hard_bounce=false", "type=blocked"),
    }
)
HARD = frozenset({"event=hard_bounce", "type=hard_bounced", "type=bounce"})

ABOUT_US = frozenset(
    {
        *("type=blocked", "type=dmarcpolicy"),
        "eventtype=reject",
        *("error=sender blocked", "error=content blocked", "error=policy issue"),
    }
)
"""Refusals of the message or its sender, which say nothing of the address."""

LISTED = {
    "reason=suppress-bounce": "bounced",
    "reason=suppress-complaint": "spam",
    "reason=suppress-unsubscribe": "unsubscribed",
    "reason=spam reporting address": "spam",
    "reason=hard-bounce": "bounced",
    "reason=spam": "spam",
    "reason=unsub": "unsubscribed",
    "reason=custom": "blocked",
}
"""Why an address is on the provider's list, in its own words."""


@dataclass(frozen=True, slots=True)
class Report:
    """One tracking event in plain values, named as anymail names them."""

    provider: str
    event_type: str
    event_id: str
    message_id: str
    recipient: str
    reject_reason: str
    delivery_public_id: str
    happened_at: datetime | None


def read_event(event: Any, esp_name: str) -> Report:
    """Take from anymail's event what is kept, in a form that every table can hold."""
    words = set(_own_words(event.esp_event, DEEPEST))
    metadata = event.metadata if isinstance(event.metadata, Mapping) else {}
    event_type = event.event_type or "unknown"
    reason = event.reject_reason or ""
    if event_type == "bounced" and reason in {"", "bounced"}:
        reason = _read_bounce(words, reason)
    if event_type in {"bounced", "rejected"}:
        event_type, reason = _read_refusal(words, event_type, reason)
    if esp_name == "Resend" and reason == "blocked":
        event_type = "rejected"  # "has suppressed sending to this address"
    return Report(
        provider=_clean(esp_name, 40),
        event_type=_clean(event_type, 40),
        event_id=_clean(event.event_id, 500),
        message_id=_clean(event.message_id, 200),
        recipient=_clean(event.recipient, 500),
        reject_reason=_clean(reason, 40),
        delivery_public_id=_clean(metadata.get("delivery"), 40),
        happened_at=_read_time(event.timestamp),
    )


def _read_bounce(words: set[str], reason: str) -> str:
    """Tell a mailbox that may take mail again ("other") from one that never will."""
    if words & SOFT or any("soft" in word for word in words):
        return "other"
    return "bounced" if words & HARD else reason


def _read_refusal(words: set[str], event_type: str, reason: str) -> tuple[str, str]:
    """Tell an address on the provider's list from a mail that was not to its taste."""
    listed = next((LISTED[word] for word in sorted(words & LISTED.keys())), "")
    if listed:
        return "rejected", listed
    if event_type == "rejected" and reason == "blocked" and words & ABOUT_US:
        return event_type, "other"
    return event_type, reason


def _own_words(fields: object, depth: int) -> Iterator[str]:
    """The provider's words, as "field=word" in lower case."""
    if not isinstance(fields, Mapping) or not depth:
        return
    for name, value in fields.items():
        if str(name).lower() in OWN_WORDS and isinstance(value, str | int | bool):
            yield f"{name}={value}".lower()
        yield from _own_words(value, depth - 1)


def _read_time(at: datetime | None) -> datetime | None:
    """Providers that name no zone mean UTC."""
    return at if at is None or at.tzinfo else at.replace(tzinfo=UTC)


def _clean(text: object, length: int) -> str:
    """One line without what a table refuses; None is nothing."""
    return clean_line("" if text is None else str(text))[:length]
