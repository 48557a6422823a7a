"""The state machine of a delivery: the one place that changes `Delivery.state`.

Each move is one conditional UPDATE; the count of rows it hit decides. A delivery
that was handed over and never answered for is UNCERTAIN; only an operator or the
provider's own word takes it out of there.

    planned ─▶ queued ─▶ claimed ─▶ handoff ─▶ accepted
       │         ▲  │      │  │       ├─▶ queued     (an explicit "not now")
       │         │  │      │  └▶ skipped    ├─▶ failed     (an explicit "never")
       ▼         └──┼──────┘          └─▶ uncertain  (no answer)
     failed ◀───────┘ expired, poison
"""

import random
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now

from accounts import services as accounts
from digest.models import (
    Attempt,
    Delivery,
    DigestItem,
    SendingHold,
    Subscription,
)

State = Delivery.State

TRANSITIONS: dict[State, frozenset[State]] = {
    State.PLANNED: frozenset({State.QUEUED, State.FAILED, State.SKIPPED}),
    State.QUEUED: frozenset({State.CLAIMED, State.FAILED, State.SKIPPED}),
    State.CLAIMED: frozenset(
        {State.QUEUED, State.HANDOFF, State.FAILED, State.SKIPPED}
    ),
    State.HANDOFF: frozenset(
        {State.ACCEPTED, State.QUEUED, State.FAILED, State.UNCERTAIN}
    ),
    State.UNCERTAIN: frozenset({State.ACCEPTED, State.QUEUED}),
    State.ACCEPTED: frozenset(),
    State.FAILED: frozenset(),
    State.SKIPPED: frozenset(),
}
NOT_SENT = frozenset({State.FAILED, State.SKIPPED})
"""Ends in which the mail surely did not go: its papers are free again."""

MAX_ATTEMPTS = 8
MAX_LOST_WORKERS = 3
BACKOFF_MINUTES = (1, 5, 15, 60, 120, 240)
JITTER = 0.2


@dataclass(frozen=True, slots=True)
class Claim:
    """The right of one worker to one delivery, until the lease ends."""

    delivery_id: int
    token: uuid.UUID
    attempt_id: int


def _move(
    rows: models.QuerySet[Delivery], start: State, end: State, **values: object
) -> int:
    """Move rows that are still in `start`; how many moved."""
    if end not in TRANSITIONS[start]:
        raise ValueError(f"A delivery never goes from {start} to {end}.")
    return rows.filter(state=start).update(state=end, **values)


def _one(delivery_id: int) -> models.QuerySet[Delivery]:
    return Delivery.objects.filter(pk=delivery_id)


def _release_papers(delivery_ids: list[int], now: datetime) -> None:
    DigestItem.objects.filter(
        digest__delivery__in=delivery_ids, released_at__isnull=True
    ).update(released_at=now)


def queue_rendered(delivery: Delivery, content_hash: str) -> bool:
    """PLANNED to QUEUED, with the edition and date already set on the object."""
    return bool(
        _move(
            _one(delivery.pk),
            State.PLANNED,
            State.QUEUED,
            edition=delivery.edition,
            dated_at=delivery.dated_at,
            content_hash=content_hash,
        )
    )


def claim(delivery_id: int, worker: str, now: datetime) -> Claim | None:
    """QUEUED and due to CLAIMED. None means that somebody else has it."""
    token = uuid.uuid4()
    with transaction.atomic():
        moved = _move(
            _one(delivery_id).filter(next_attempt_at__lte=now, expires_at__gt=now),
            State.QUEUED,
            State.CLAIMED,
            claim_token=token,
            lease_until=_lease(settings.DIGEST_CLAIM_LEASE_SECONDS),
            attempt_count=F("attempt_count") + 1,
        )
        if not moved:
            return None
        number = _one(delivery_id).values_list("attempt_count", flat=True).get()
        attempt = Attempt.objects.create(
            delivery_id=delivery_id, number=number, started_at=now, worker=worker
        )
    return Claim(delivery_id, token, attempt.pk)


def _lease(seconds: int) -> object:
    """A lease on the database's clock, which all workers share."""
    return Now() + timedelta(seconds=seconds)


def may_be_mailed(delivery: Delivery, now: datetime) -> Q:
    """That the reader still wants this mail, as part of the hand-off's own UPDATE."""
    user = delivery.digest.user
    if user is None:
        return Q(pk__in=[])
    subscribed = Subscription.objects.active().filter(user_id=OuterRef("digest__user"))
    held = SendingHold.objects.filter(released_at__isnull=True)
    return (
        Q(Exists(subscribed))
        & ~Q(Exists(held))
        & ~Q(accounts.suppressed_through("digest__user__email_hmac", "digests"))
        & Q(
            digest__user__is_active=True,
            digest__user__schedule__ended_at__isnull=True,
        )
        & (
            Q(digest__user__schedule__paused_until__isnull=True)
            | Q(digest__user__schedule__paused_until__lte=now.date())
        )
    )


def hand_off(taken: Claim, delivery: Delivery, now: datetime) -> bool:
    """CLAIMED to HANDOFF, if this claim still holds and the reader still wants it.

    Committed before the first byte of the mail leaves. The one UPDATE carries the
    token, the subscription, the suppression, the pause and the hold.
    """
    return bool(
        _move(
            _one(taken.delivery_id).filter(
                may_be_mailed(delivery, now),
                claim_token=taken.token,
                lease_until__gt=Now(),
            ),
            State.CLAIMED,
            State.HANDOFF,
            lease_until=_lease(settings.DIGEST_HANDOFF_LEASE_SECONDS),
        )
    )


def finish(
    taken: Claim,
    start: State,
    end: State,
    *,
    detail: str,
    phase: str,
    now: datetime,
    **values: object,
) -> bool:
    """Close a claim: the delivery moves and its attempt is closed, or neither."""
    with transaction.atomic():
        moved = _move(
            _one(taken.delivery_id).filter(claim_token=taken.token),
            start,
            end,
            claim_token=None,
            lease_until=None,
            **values,
        )
        if moved and end in NOT_SENT:
            _release_papers([taken.delivery_id], now)
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


def fail_rendering(delivery: Delivery, reason: str, now: datetime) -> bool:
    """PLANNED to FAILED, its papers free for the next digest."""
    with transaction.atomic():
        moved = _move(
            _one(delivery.pk),
            State.PLANNED,
            State.FAILED,
            reason=f"render: {reason}"[:200],
            settled_at=now,
        )
        if moved:
            _release_papers([delivery.pk], now)
    return bool(moved)


def cancel_waiting(user_id: int, reason: str, now: datetime) -> int:
    """PLANNED and QUEUED deliveries of a reader to SKIPPED; how many."""
    waiting = Delivery.objects.filter(digest__user_id=user_id)
    ids = list(
        waiting.filter(state__in=[State.PLANNED, State.QUEUED]).values_list(
            "pk", flat=True
        )
    )
    with transaction.atomic():
        moved = sum(
            _move(
                Delivery.objects.filter(pk=pk),
                start,
                State.SKIPPED,
                reason=reason,
                settled_at=now,
            )
            for pk in ids
            for start in (State.PLANNED, State.QUEUED)
        )
        skipped = Delivery.objects.filter(pk__in=ids, state=State.SKIPPED)
        _release_papers(list(skipped.values_list("pk", flat=True)), now)
    return moved


def expire(now: datetime) -> int:
    """Deliveries that were not sent in time to FAILED, their papers free; how many."""
    moved = 0
    for start in (State.PLANNED, State.QUEUED):
        late = Delivery.objects.filter(state=start).filter(
            Q(expires_at__lte=now) | Q(attempt_count__gte=MAX_ATTEMPTS)
        )
        for pk in list(late.values_list("pk", flat=True)):
            with transaction.atomic():
                hit = _move(
                    _one(pk), start, State.FAILED, reason="expired", settled_at=now
                )
                if hit:
                    _release_papers([pk], now)
                moved += hit
    return moved


def recover_lost(now: datetime) -> int:
    """Deliveries whose worker never came back; how many moved.

    Before the hand-off nothing was sent: they are queued again, and after three
    such losses FAILED. After it nobody knows: they become UNCERTAIN.
    """
    moved = 0
    lost = Delivery.objects.filter(
        state__in=[State.CLAIMED, State.HANDOFF], lease_until__lt=Now()
    )
    for delivery in list(lost):
        with transaction.atomic():
            moved += _recover(delivery, now)
    return moved


def _recover(delivery: Delivery, now: datetime) -> int:
    start = State(delivery.state)
    values: dict[str, object] = {"claim_token": None, "lease_until": None}
    lost_before = delivery.attempts.filter(outcome="lost").count()
    end = State.QUEUED
    if start == State.HANDOFF:
        end = State.UNCERTAIN
        values["reason"] = "the worker was lost during the hand-off"
    elif lost_before + 1 >= MAX_LOST_WORKERS:
        end = State.FAILED
        values |= {"reason": "poison: three workers were lost with it"}
        values |= {"settled_at": now}
    rows = _one(delivery.pk).filter(
        claim_token=delivery.claim_token, lease_until__lt=Now()
    )
    moved = _move(rows, start, end, **values)
    if moved:
        delivery.attempts.filter(outcome="").update(outcome="lost")
        if end in NOT_SENT:
            _release_papers([delivery.pk], now)
    return moved


def settle(delivery_id: int, evidence: str, now: datetime) -> bool:
    """UNCERTAIN to ACCEPTED, on the provider's or an operator's word."""
    return bool(
        _move(
            _one(delivery_id),
            State.UNCERTAIN,
            State.ACCEPTED,
            evidence=evidence[:500],
            settled_at=now,
        )
    )
