"""A worker's way with some deliveries: claim them, then hand them over."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import (
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Least, Now

from accounts import services as accounts
from digest.models import (
    Attempt,
    Delivery,
    Digest,
    DigestItem,
    Heartbeat,
    Schedule,
    SendingHold,
    Subscription,
)
from digest.models.bulk import insert_selected
from digest.models.keyed import ByKey
from digest.pipeline.states.table import State, move, one
from digest.transports import Idempotency

MAX_ATTEMPTS = 8
LONGEST_SILENCE = timedelta(hours=6)
"""After so long without a sweep nothing is claimed before the next one looked at it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right of one worker to one delivery, until the lease ends.

    Deliveries that were claimed together have one token. One that `was_in_doubt` may
    have arrived before: only a yes tells more than was known.
    """

    delivery_id: int
    token: uuid.UUID
    attempt_id: int
    was_in_doubt: bool = False


def claim(delivery_ids: Collection[int], worker: str, now: datetime) -> list[Claim]:
    """QUEUED and due to CLAIMED, as many of these as are free, in this order.

    What somebody else has is left out, and all while sending is on hold, or before
    the first sweep after a long silence (`gate` may hold sending then). A claim
    counts as an attempt, so a delivery that kills its worker is bounded; a hold uses
    up none.
    """
    token = uuid.uuid4()
    due = Q(
        next_attempt_at__lte=now,
        expires_at__gt=now,
        attempt_count__lt=MAX_ATTEMPTS,
        held_at__isnull=True,
    )
    with transaction.atomic():
        # Locked in one order, or not at all: two batches never wait for each other.
        free = Delivery.objects.filter(due, pk__any_of=delivery_ids, state=State.QUEUED)
        locked = free.select_for_update(skip_locked=True).order_by("pk")
        ids = list(locked.values_list("pk", flat=True))
        moved = move(
            Delivery.objects.filter(
                due,
                no_hold(),
                ~Q(Exists(_long_silence(now))),
                pk__any_of=ids,
            ),
            State.QUEUED,
            State.CLAIMED,
            claim_token=token,
            lease_until=lease(settings.DIGEST_CLAIM_LEASE_SECONDS),
            attempt_count=F("attempt_count") + 1,
        )
        if not moved:
            return []
        begun = begin_attempts(ids, token, worker, now)
    return [Claim(pk, token, begun[pk]) for pk in delivery_ids if pk in begun]


def begin_attempts(
    delivery_ids: Collection[int], token: uuid.UUID, worker: str, now: datetime
) -> dict[int, int]:
    """Log that a worker took those of the deliveries that have its token.

    Returns the attempts' ids, by delivery.
    """
    taken = Delivery.objects.filter(pk__any_of=delivery_ids, claim_token=token)
    # Not every entry counts as an attempt: some were claimed, and not begun in time.
    last = Attempt.objects.filter(delivery=OuterRef("pk")).order_by("-number")
    number = Coalesce(Subquery(last.values("number")[:1]), 0) + 1
    logged: dict[str, Combinable] = {
        "delivery_id": F("pk"),
        "number": number,
        "started_at": Value(now, output_field=DateTimeField()),
        "worker": Value(worker),
        **dict.fromkeys(("phase", "outcome", "detail"), Value("")),
    }
    selected = taken.values_list(*logged.values())
    return dict(insert_selected(Attempt, list(logged), selected))


def lease(seconds: int) -> object:
    """A lease on the database's clock, which all workers share."""
    return Now() + timedelta(seconds=seconds)


def is_held() -> bool:
    """Whether an operator, or a refusal of our account, has stopped all sending."""
    return _open_holds().exists()


def is_wanted(delivery_id: int, now: datetime) -> bool:
    """Whether the reader still wants this mail and may be written to."""
    return one(delivery_id).filter(wanted([delivery_id], now)).exists()


def _open_holds() -> QuerySet[SendingHold]:
    return SendingHold.objects.filter(released_at__isnull=True)


def _long_silence(now: datetime) -> QuerySet[Heartbeat]:
    """The sweep's last sign of life, if it is from long ago."""
    return Heartbeat.objects.filter(name="sweep", beat_at__lt=now - LONGEST_SILENCE)


def no_hold() -> Q:
    """That nothing stops all sending, for the UPDATE that begins it."""
    return ~Q(Exists(_open_holds()))


def wanted(delivery_ids: Collection[int], now: datetime) -> Q:
    """That the readers still want these mails, without a join (see `move`)."""
    subscribed = Subscription.objects.active().filter(user_id=OuterRef("user_id"))
    left = DigestItem.objects.filter(
        digest=OuterRef("pk"),
        is_in_mail=True,
        topic__subscriptions__user_id=OuterRef("user_id"),
        topic__subscriptions__status=Subscription.Status.ENDED,
    )
    digests = Digest.objects.filter(
        Exists(subscribed),
        ~Exists(left),
        ~Q(accounts.suppressed_through("user__email_hmac", "digests")),
        _not_paused(delivery_ids, now),
        delivery__any_of=delivery_ids,
        user__is_active=True,
        user__schedule__ended_at__isnull=True,
    )
    return Q(digest__in=digests)


def _not_paused(delivery_ids: Collection[int], now: datetime) -> Q:
    """That no pause lasts: it ends with a day of the reader's own calendar."""
    paused = Schedule.objects.filter(
        user__digests__delivery__any_of=delivery_ids, paused_until__isnull=False
    )
    is_over = Q(user__schedule__paused_until__isnull=True)
    for zone in set(paused.values_list("zone", flat=True)):
        today = now.astimezone(ZoneInfo(zone)).date()
        is_over |= Q(user__schedule__zone=zone, user__schedule__paused_until__lte=today)
    return is_over


class Sealed(NamedTuple):
    """A claimed delivery and the SHA-256 of the bytes that are about to leave."""

    claim: Claim
    content_hash: str


def hand_off(
    sealed: Sequence[Sealed],
    *,
    dated_at: datetime,
    now: datetime,
    remembered: Idempotency | None = None,
) -> frozenset[int]:
    """CLAIMED to HANDOFF where the claim still holds and the reader still wants it.

    Committed before the first byte of the first mail leaves. The one UPDATE carries
    the token, the subscription, the suppression, the pause and the hold. From the
    first hand-off on a mail's date and hash are fixed, for every retry; who remembers
    its key is noted, and that a key is as old as its first use, whatever came of that.
    Returns the ids of the deliveries that may go.
    """
    if not sealed:
        return frozenset()
    token = sealed[0].claim.token
    hashes = {each.claim.delivery_id: each.content_hash for each in sealed}
    with transaction.atomic():
        moved = move(
            Delivery.objects.filter(
                wanted(hashes, now) & no_hold(),
                pk__any_of=hashes,
                claim_token=token,
                lease_until__gt=Now(),
                held_at__isnull=True,
            ),
            State.CLAIMED,
            State.HANDOFF,
            lease_until=lease(settings.DIGEST_HANDOFF_LEASE_SECONDS),
            handed_off_at=Coalesce("handed_off_at", Value(now)),
            dated_at=Coalesce("dated_at", Value(dated_at)),
            content_hash=ByKey(hashes),
            **_note_key(remembered, now),
        )
        if moved in {0, len(hashes)}:
            return frozenset(hashes if moved else ())
        gone = Delivery.objects.filter(
            pk__any_of=hashes, claim_token=token, state=State.HANDOFF
        )
        return frozenset(gone.values_list("pk", flat=True))


def _note_key(remembered: Idempotency | None, now: datetime) -> dict[str, object]:
    if remembered is None:
        return {"keyed_by": ""}
    expires = Value(now + remembered.lasts)
    # The provider may be another than the last time, with a shorter memory.
    earliest = Coalesce(Least("key_expires_at", expires), expires)
    return {"keyed_by": remembered.account, "key_expires_at": earliest}
