"""Events as Postmark posts them to anymail's webhook address."""

import base64
from typing import Any

from django.test import Client

from digest.models import Delivery

ADDRESS = "/anymail/postmark/tracking/"
SECRET = "hook:long-and-random"


def post(event: dict[str, object], secret: str | None = SECRET) -> int:
    """Send one event as Postmark does; return the status of our answer."""
    headers = {}
    if secret is not None:
        coded = base64.b64encode(secret.encode()).decode()
        headers["Authorization"] = f"Basic {coded}"
    client = Client(raise_request_exception=False)
    response = client.post(
        ADDRESS, event, content_type="application/json", headers=headers
    )
    return int(response.status_code)


def delivered(delivery: Delivery | None = None, **fields: Any) -> dict[str, object]:
    """The mail arrived."""
    return {
        "RecordType": "Delivery",
        "MessageID": "pm-1",
        "Recipient": "ada@example.org",
        "DeliveredAt": "2026-11-20T12:01:00Z",
        "Metadata": {"delivery": str(delivery.public_id)} if delivery else {},
        **fields,
    }


def bounced(
    delivery: Delivery | None = None, kind: str = "HardBounce", **fields: Any
) -> dict[str, object]:
    """The mail came back; `kind` is Postmark's own word."""
    return {
        "RecordType": "Bounce",
        "ID": 4323372036854775807,
        "Type": kind,
        "MessageID": "pm-1",
        "Email": "ada@example.org",
        "BouncedAt": "2026-11-20T12:02:00Z",
        "Metadata": {"delivery": str(delivery.public_id)} if delivery else {},
        **fields,
    }


def complained(delivery: Delivery | None = None) -> dict[str, object]:
    """The reader called it spam."""
    event = bounced(delivery, "SpamComplaint", ID=77)
    return {**event, "RecordType": "SpamComplaint"}


def unsubscribed() -> dict[str, object]:
    """The reader left by Postmark's own link."""
    return {
        "RecordType": "SubscriptionChange",
        "MessageID": "pm-1",
        "Recipient": "ada@example.org",
        "ChangedAt": "2026-11-20T12:03:00Z",
        "SuppressSending": True,
        "SuppressionReason": "ManualSuppression",
        "Metadata": {},
    }
