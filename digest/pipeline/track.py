"""Stage 6: what the mail provider reports later becomes events and suppressions.

Any order, any number of times, for known or unknown mails: the same rows.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from accounts import services as accounts
from digest.models import Delivery, DeliveryEvent
from digest.pipeline import states

ARRIVED = {"queued", "sent", "delivered", "opened", "clicked", "complained"}
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
    """Store one report once and act on it; False if it was stored before.

    A hard bounce or a complaint suppresses the address. A report that proves
    acceptance settles an UNCERTAIN delivery.
    """
    delivery = _find_delivery(report)
    _event, is_new = DeliveryEvent.objects.get_or_create(
        provider=report.provider,
        event_key=_key(report),
        defaults={
            "event_type": report.event_type,
            "reject_reason": report.reject_reason or "",
            "delivery": delivery,
            "happened_at": report.happened_at,
            "received_at": now,
        },
    )
    if report.event_type == "complained":
        accounts.suppress(report.recipient, reason="complaint", scope="all", now=now)
    elif _is_hard_bounce(report):
        accounts.suppress(report.recipient, reason="hard_bounce", scope="all", now=now)
    if delivery and report.event_type in ARRIVED:
        states.settle(
            delivery.pk, f"{report.provider} reported {report.event_type}", now
        )
    return is_new


def _is_hard_bounce(report: Report) -> bool:
    return report.event_type == "bounced" and report.reject_reason in HARD_REASONS


def _key(report: Report) -> str:
    """The provider's event id, or a hash where it gives none."""
    if report.event_id:
        return report.event_id[:200]
    when = report.happened_at.isoformat() if report.happened_at else ""
    parts = [report.event_type, report.message_id, report.recipient, when]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _find_delivery(report: Report) -> Delivery | None:
    if report.delivery_public_id:
        found = Delivery.objects.filter(public_id=report.delivery_public_id).first()
        if found:
            return found
    if report.message_id:
        return Delivery.objects.filter(provider_id=report.message_id).first()
    return None
