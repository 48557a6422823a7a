"""What each mail provider takes in one go: a small table that operators may change.

A provider is known by the name that its anymail backend gives it, so a subclass of
one is treated like it. Any other Django backend sends one mail after the other.
docs/providers.md says the same in words.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta

from django.conf import settings

CONNECTIONS = 4
"""Calls to a provider at once, in each worker, where the operator does not say."""


@dataclass(frozen=True, slots=True)
class Key:
    """How a call says that it is an earlier one over again.

    `name` is a header of the HTTP request, or of the mail. We rely on the key for
    `minutes`, somewhat less than the provider promises.
    """

    name: str
    minutes: int
    is_in_mail: bool = False


@dataclass(frozen=True, slots=True)
class Provider:
    """The figures of one provider.

    `recipients` that a call may have: more than one only where the provider fills
    `mark` with what is each reader's own, without a template stored there.
    """

    connections: int = 1
    key: Key | None = None
    recipients: int = 1
    mark: str = ""


KEYS = {
    "Brevo": Key("idempotencyKey", 25, is_in_mail=True),
    "Resend": Key("Idempotency-Key", 23 * 60),
    "SparkPost": Key("Idempotency-Key", 23 * 60),
}
"""Who takes a key, and for how long.

Brevo: a UUID among the mail's headers, 30 minutes, the second call is refused with
`duplicate_parameter` (developers.brevo.com/docs/heterogenous-versions-batch-emails;
seen to work so and in no other place: getbrevo/brevo-node issue 94).
Resend: 24 hours, the second call has the first one's answer
(resend.com/docs/dashboard/emails/idempotency-keys).
SparkPost: 24 hours, likewise (SparkPost/developers.sparkpost.com pull request 590).
The other providers of anymail document none, and Postmark says that it has none.
"""


MERGES = {"Mailgun": (1000, "%recipient.{}%")}
"""Who merges a mail without a stored template: most readers a call, and the mark.

Mailgun: documentation.mailgun.com, user manual, "Batch sending"; 1,000 at most.
Brevo and SparkPost could; but a call repeated with its key must have the very same
readers, and the doubts of a call may be settled one by one.
"""


@dataclass(frozen=True, slots=True)
class Idempotency:
    """Who remembers our keys, and for how long.

    `account` names provider and account: another one never heard of the key.
    """

    account: str
    lasts: timedelta


def find_provider(backend: object) -> Provider:
    """The figures for a backend, after the operator's settings."""
    name = getattr(backend, "esp_name", None)
    if name is None:
        return Provider()
    connections = getattr(settings, "DIGEST_PROVIDER_CONNECTIONS", CONNECTIONS)
    recipients, mark = MERGES.get(name, (1, ""))
    if mark:
        recipients = getattr(settings, "DIGEST_PROVIDER_RECIPIENTS", None) or recipients
    return Provider(connections, _find_key(name), recipients, mark)


def find_idempotency(backend: object) -> Idempotency | None:
    """Whether a mail may be handed to this backend twice and goes once."""
    key = find_provider(backend).key
    if key is None:
        return None
    parts = [getattr(backend, part, "") for part in ("api_url", "api_key")]
    account = hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
    name = getattr(backend, "esp_name", "")
    return Idempotency(f"{name}:{account}", timedelta(minutes=key.minutes))


def _find_key(name: str) -> Key | None:
    key, minutes = KEYS.get(name), settings.DIGEST_PROVIDER_KEY_MINUTES
    if key is None or minutes is None:
        return key
    return replace(key, minutes=minutes) if minutes > 0 else None
