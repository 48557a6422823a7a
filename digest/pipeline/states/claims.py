"""A worker's way with one delivery: claim it, hand it over, write down the answer."""

import random
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Now

from accounts import services as accounts
from digest.models import (
    Attempt,
    Delivery,
    Digest,
    DigestItem,
    SendingHold,
    Subscription,
)
from digest.pipeline.states.table import NOT_SENT, State, move, one, release_papers

MAX_ATTEMPTS = 8
BACKOFF_MINUTES = (1, 5, 15, 60, 120, 240)
JITTER = 0.2


@dataclass(frozen=True, slots=True)
class Claim:
    """The right of one worker to one delivery, until the lease ends."""

    delivery_id: int
    token: uuid.UUID
    attempt_id: int


def claim(delivery_id: int, worker: str, now: datetime) -> Claim | None:
    """QUEUED and due to CLAIMED. None: somebody else has it, or sending is on hold.

    A claim counts as an attempt, so a delivery that kills its worker is bounded. A
    hold uses up none.
    """
    token = uuid.uuid4()
    due = Q(
        next_attempt_at__lte=now, expires_at__gt=now, attempt_count__lt=MAX_ATTEMPTS
    )
    with transaction.atomic():
        moved = move(
            one(delivery_id).filter(due, ~Q(Exists(_open_holds()))),
            State.QUEUED,
            State.CLAIMED,
            claim_token=token,
            lease_until=_lease(settings.DIGEST_CLAIM_LEASE_SECONDS),
            attempt_count=F("attempt_count") + 1,
        )
        if not moved:
            return None
        number = one(delivery_id).values_list("attempt_count", flat=True).get()
        attempt = Attempt.objects.create(
            delivery_id=delivery_id, number=number, started_at=now, worker=worker
        )
    return Claim(delivery_id, token, attempt.pk)


def _lease(seconds: int) -> object:
    """A lease on the database's clock, which all workers share."""
    return Now() + timedelta(seconds=seconds)


def is_held() -> bool:
    """Whether an operator, or a refusal of our account, has stopped all sending."""
    return _open_holds().exists()


def is_wanted(delivery: Delivery, now: datetime) -> bool:
    """Whether the reader still wants this mail and may be written to."""
    return one(delivery.pk).filter(_wanted(delivery, now)).exists()


def _open_holds() -> QuerySet[SendingHold]:
    return SendingHold.objects.filter(released_at__isnull=True)


def _wanted(delivery: Delivery, now: datetime) -> Q:
    """That the reader still wants this mail, without a join (see `move`)."""
    user = delivery.digest.user
    if user is None:
        return Q(pk__in=[])
    # A pause ends with a day of the reader's own calendar.
    today = now.astimezone(ZoneInfo(user.schedule.zone)).date()
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
        Q(user__schedule__paused_until__isnull=True)
        | Q(user__schedule__paused_until__lte=today),
        user__is_active=True,
        user__schedule__ended_at__isnull=True,
    )
    return Q(digest__in=digests)


def hand_off(taken: Claim, delivery: Delivery, now: datetime) -> bool:
    """CLAIMED to HANDOFF, if this claim still holds and the reader still wants it.

    Committed before the first byte of the mail leaves. The one UPDATE carries the
    token, the subscription, the suppression, the pause and the hold.
    """
    allowed = _wanted(delivery, now) & ~Q(Exists(_open_holds()))
    return bool(
        move(
            one(taken.delivery_id).filter(
                allowed, claim_token=taken.token, lease_until__gt=Now()
            ),
            State.CLAIMED,
            State.HANDOFF,
            lease_until=_lease(settings.DIGEST_HANDOFF_LEASE_SECONDS),
            handed_off_at=Coalesce("handed_off_at", Value(now)),
        )
    )


def date_anew(taken: Claim, dated_at: datetime, content_hash: str) -> bool:
    """Give a mail that was never handed over a new Date, and so a new hash.

    From the first hand-off on its bytes are fixed, for every retry.
    """
    rows = one(taken.delivery_id).filter(
        state=State.CLAIMED, claim_token=taken.token, handed_off_at__isnull=True
    )
    return bool(rows.update(dated_at=dated_at, content_hash=content_hash))


def finish(
    taken: Claim,
    end: State,
    *,
    detail: str,
    phase: str,
    now: datetime,
    **values: object,
) -> bool:
    """Close a claim: the delivery moves and its attempt is closed.

    If the claim no longer holds, nothing moves: the attempt is closed as fenced,
    with the answer in its detail, and whoever took the delivery over decides.
    """
    rows = one(taken.delivery_id).filter(claim_token=taken.token)
    with transaction.atomic():
        start = rows.values_list("state", flat=True).first()
        moved = start is not None and move(
            rows, State(start), end, claim_token=None, lease_until=None, **values
        )
        if moved and end in NOT_SENT:
            release_papers([taken.delivery_id], now)
        Attempt.objects.filter(pk=taken.attempt_id).update(
            outcome=end if moved else "fenced", phase=phase, detail=detail[:500]
        )
    return bool(moved)


def next_attempt(
    attempt_count: int, now: datetime, wait_seconds: int | None
) -> datetime:
    """When to try again: as long as asked, or the backoff with its jitter."""
    if wait_seconds is not None:
        return now + timedelta(seconds=wait_seconds)
    step = min(attempt_count, len(BACKOFF_MINUTES)) - 1
    spread = random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  no secret
    return now + timedelta(minutes=BACKOFF_MINUTES[max(step, 0)] * spread)
