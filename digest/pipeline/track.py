"""Stage 6: what the mail provider reports later becomes events and suppressions.

Any order, any number of times, for known or unknown mails: the same rows. Nothing in
a report makes this fail: a provider that is told of an error sends it again for days.
"""

import hashlib
import logging
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts import services as accounts
from accounts.addresses import AddressError
from digest.models import Delivery, DeliveryEvent
from digest.pipeline import states

logger = logging.getLogger(__name__)

TAKEN = (
    "queued",
    "sent",
    "deferred",
    "delivered",
    "bounced",
    "autoresponded",
    "opened",
    "clicked",
    "complained",
    "unsubscribed",
)
"""Events that prove that the provider had taken the mail."""

HARD_REASONS = {"bounced", "invalid"}


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


def track_event(report: Report, *, now: datetime) -> bool:
    """Store one report once and act on it once; False if it was stored before.

    A hard bounce or a complaint suppresses the address; leaving by the provider's
    own link ends its digests. A report that proves acceptance settles an UNCERTAIN
    delivery. Event and effect are one transaction: a replay undoes nothing that
    happened since.
    """
    delivery = _find_delivery(report)
    with transaction.atomic():
        _event, is_new = DeliveryEvent.objects.get_or_create(
            provider=report.provider,
            event_key=_key(report),
            defaults={
                "event_type": report.event_type,
                "reject_reason": report.reject_reason,
                "delivery": delivery,
                "happened_at": report.happened_at,
                "received_at": now,
            },
        )
        if is_new:
            _suppress(report, now)
            if delivery and report.event_type in TAKEN:
                _settle(delivery.pk, report.provider, report.event_type, now)
    return is_new


def settle_reported(*, now: datetime) -> int:
    """Settle doubts whose report came first, during the hand-off; how many."""
    reports = DeliveryEvent.objects.filter(delivery=OuterRef("pk"))
    doubtful = Delivery.objects.filter(
        Exists(reports.filter(event_type__in=TAKEN)), state=states.State.UNCERTAIN
    )
    settled = 0
    for delivery in doubtful:
        event = delivery.events.filter(event_type__in=TAKEN).earliest("received_at")
        settled += _settle(delivery.pk, event.provider, event.event_type, now)
    return settled


def _settle(delivery_id: int, provider: str, event_type: str, now: datetime) -> bool:
    return states.settle(delivery_id, f"{provider} reported {event_type}", now)


def _suppress(report: Report, now: datetime) -> None:
    """Stop what must not be written to again; an unreadable address is logged."""
    reason, scope = _reason_and_scope(report)
    if not reason:
        return
    try:
        accounts.suppress(report.recipient, reason=reason, scope=scope, now=now)
    except AddressError:
        logger.warning(
            "%s reported %s for an address that cannot be read",
            report.provider,
            report.event_type,
        )


def _reason_and_scope(report: Report) -> tuple[str, str]:
    if report.event_type == "complained":
        return "complaint", "all"
    if report.event_type == "bounced" and report.reject_reason in HARD_REASONS:
        return "hard_bounce", "all"
    if report.event_type == "unsubscribed":
        return "request", "digests"
    return "", ""


def _key(report: Report) -> str:
    """The provider's event id, or a hash where it gives none."""
    if report.event_id:
        return report.event_id[:200]
    when = report.happened_at.isoformat() if report.happened_at else ""
    parts = [report.event_type, report.message_id, report.recipient, when]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _find_delivery(report: Report) -> Delivery | None:
    """By the id that our mail carried, else by the provider's own."""
    public_id = _read_uuid(report.delivery_public_id)
    if public_id:
        found = Delivery.objects.filter(public_id=public_id).first()
        if found:
            return found
    if report.message_id:
        return Delivery.objects.filter(provider_id=report.message_id).first()
    return None


def _read_uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
