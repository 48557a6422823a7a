"""Stage 6: what the mail provider reports later becomes events and suppressions.

Any order, any number of times, for known or unknown mails: the same rows. Nothing in
a report makes this fail: a provider that is told of an error sends it again for days.
"""

import hashlib
import logging
import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts import services as accounts
from accounts.addresses import AddressError
from digest.models import Delivery, DeliveryEvent
from digest.pipeline import bounces, states
from digest.pipeline.track.reading import Report, read_event

__all__ = ["Report", "read_event", "settle_reported", "track_event"]

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


def track_event(report: Report, *, now: datetime) -> bool:
    """Store one report once and act on it once; False if it was stored before.

    A hard bounce or a complaint suppresses the address, and so does the provider's
    own list; leaving by the provider's own link ends its digests; bounces that may
    pass are counted. A report that proves acceptance settles an UNCERTAIN delivery.
    No report changes what was ACCEPTED: that stays true, and is shown beside it.
    Event and effect are one transaction: a replay undoes nothing that happened since.
    """
    delivery = _find_delivery(report)
    address_hmac = bounces.hash_of_reader(report.recipient)
    with transaction.atomic():
        _event, is_new = DeliveryEvent.objects.get_or_create(
            provider=report.provider,
            event_key=_key(report),
            defaults={
                "event_type": report.event_type,
                "reject_reason": report.reject_reason,
                "delivery": delivery,
                "address_hmac": address_hmac,
                "happened_at": report.happened_at,
                "received_at": now,
            },
        )
        if is_new:
            _suppress(report, now)
            if address_hmac:
                bounces.judge(report.recipient, now)
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
    evidence = f"{report.provider}: {report.event_type} {report.reject_reason}".strip()
    try:
        accounts.suppress(report.recipient, reason, scope, now, evidence)
    except AddressError:
        logger.warning(
            "%s reported %s for an address that cannot be read",
            report.provider,
            report.event_type,
        )


def _reason_and_scope(report: Report) -> tuple[str, str]:
    match report.event_type, report.reject_reason:
        case ("complained", _) | ("rejected", "spam"):
            return "complaint", "all"
        case ("bounced" | "rejected", reason) if reason in bounces.HARD_REASONS:
            return "hard_bounce", "all"
        case ("unsubscribed", _) | ("bounced" | "rejected", "unsubscribed"):
            return "request", "digests"
        case "rejected", "blocked":
            return "blocked", "digests"
        case _:
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
