"""Beside the stages: mails that came back, counted until their address is left alone.

A hard bounce or a complaint says at once that an address is done with (`track`). What
only may mean that is counted here. The count is read from the stored events each time,
so it is the same in whatever order and however often they came in.

Only "bounced" counts, and "deferred" never does: providers still try then, and tell
how it ended (django-anymail's event types; Postmark's and SendGrid's guides agree).
The limit is that of Mailman 3 (`bounce_score_threshold` 5, at most one a message);
its memory of a week is too short for weekly digests, so it is 90 days here, and what
empties the count is a mail that arrived. A server that says "no such mailbox" to our
own RCPT (RFC 3463: 5.1.1, 5.1.10) weighs twice as much, but no more: servers say
that of everybody on a bad day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import services as accounts
from accounts.addresses import AddressError, email_hmac, email_hmacs
from accounts.models import User, parse_address
from digest.models import Delivery, DeliveryEvent

LIMIT = 5
WINDOW = timedelta(days=90)
WEIGHT, WEIGHT_NO_MAILBOX = 1, 2

SMTP = "SMTP"
"""The provider of events that are a mail server's own answers."""

HARD_REASONS = frozenset({"bounced", "invalid"})
PASSING_REASONS = frozenset({"", "other", "timed_out"})
"""Of bounces that may pass. "spam" and "blocked" are about us, not the mailbox."""

ARRIVED = frozenset({"delivered", "opened", "clicked", "complained", "unsubscribed"})
SEEN = ARRIVED - {"delivered"}
"""A person had it before them, whatever else was said of the mail."""


@dataclass(frozen=True, slots=True)
class Count:
    """What came back since the last mail that arrived: weight, mails, the first one."""

    score: int = 0
    mails: int = 0
    since: datetime | None = None


def hash_of_reader(address: str) -> str:
    """What events of a reader's address are found by; "" if no reader has it."""
    try:
        key = parse_address(address).key
    except AddressError:
        return ""
    return email_hmac(key) if User.objects.filter(email_key=key).exists() else ""


def note_missing_mailbox(
    address: str, delivery_id: int, attempt_id: int, now: datetime
) -> None:
    """Store that a server said "no such mailbox" to our RCPT, and count anew."""
    address_hmac = hash_of_reader(address)
    _event, is_new = DeliveryEvent.objects.get_or_create(
        provider=SMTP,
        event_key=f"attempt-{attempt_id}",
        defaults={
            "event_type": "bounced",
            "reject_reason": "bounced",
            "delivery_id": delivery_id,
            "address_hmac": address_hmac,
            "happened_at": now,
            "received_at": now,
        },
    )
    if is_new and address_hmac:
        judge(address, now)


def judge(address: str, now: datetime) -> None:
    """Leave the address alone if too much came back, and no longer if not.

    Call it when a new event of a reader's address was stored. What an operator lifted
    stays lifted until more comes back.
    """
    found = count(address, now)
    if found.score < LIMIT or found.since is None:
        accounts.lift_soft_bounces(address)
        return
    evidence = _("{mails} mails in a row came back since {day}").format(
        mails=found.mails, day=date_format(found.since, "Y-m-d")
    )
    accounts.suppress(address, "soft_bounce", "digests", now, evidence)


def count(address: str, now: datetime) -> Count:
    """What came back from a reader's address since it was last confirmed."""
    key = parse_address(address).key
    user = User.objects.filter(email_key=key).first()
    if user is None:
        return Count()
    since = max(now - WINDOW, user.confirmed_at or user.date_joined)
    events = list(DeliveryEvent.objects.filter(address_hmac__in=email_hmacs(key)))
    mails: dict[object, list[DeliveryEvent]] = defaultdict(list)
    for event in events:
        mails[event.delivery_id or f"event {event.pk}"].append(event)
    # A server that takes a mail at RCPT has the mailbox; a relay takes everything.
    taken_at = _last_taken_by_smtp(user, since)
    score = number = 0
    first: datetime | None = None
    for at, weight, has_arrived in sorted(
        _read(mail, taken_at) for mail in mails.values()
    ):
        if at <= since:
            continue
        if has_arrived:
            score, number, first = 0, 0, None
        elif weight:
            score, number, first = score + weight, number + 1, first or at
    return Count(score, number, first)


def _read(
    mail: Sequence[DeliveryEvent], taken_at: datetime | None
) -> tuple[datetime, int, bool]:
    """When the events of one mail began, what it weighs, and whether it arrived."""
    at = min(event.happened_at or event.received_at for event in mail)
    types = {event.event_type for event in mail}
    weight = max(_weigh(event, taken_at) for event in mail)
    is_back = "bounced" in types
    return at, weight, bool(types & (SEEN if is_back else ARRIVED))


def _weigh(event: DeliveryEvent, taken_at: datetime | None) -> int:
    if event.event_type != "bounced":
        return 0
    if event.provider == SMTP:
        is_over = taken_at is not None and taken_at > event.received_at
        return 0 if is_over else WEIGHT_NO_MAILBOX
    return WEIGHT if event.reject_reason in PASSING_REASONS else 0


def _last_taken_by_smtp(user: User, since: datetime) -> datetime | None:
    taken = Delivery.objects.filter(
        digest__user=user,
        state=Delivery.State.ACCEPTED,
        provider_id="",
        settled_at__gt=since,
    )
    return taken.order_by("-settled_at").values_list("settled_at", flat=True).first()
