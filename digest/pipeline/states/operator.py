"""What an operator says of a delivery: each is one move of the table, or none.

Words are kept with the row; who said them stands in them.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Greatest

from digest.models import Delivery
from digest.pipeline.states.claims import MAX_ATTEMPTS
from digest.pipeline.states.table import State, move, one, release_papers

DOUBT_LATENESS = timedelta(hours=6)
"""How long a mail that an operator sends again after a doubt may take."""

WAITING = (State.PLANNED, State.QUEUED)


def settle(delivery_id: int, evidence: str, now: datetime) -> bool:
    """UNCERTAIN to ACCEPTED, on the provider's or an operator's word."""
    return bool(
        move(
            one(delivery_id),
            State.UNCERTAIN,
            State.ACCEPTED,
            evidence=evidence[:500],
            settled_at=now,
        )
    )


def requeue(delivery_id: int, words: str, now: datetime) -> bool:
    """UNCERTAIN to QUEUED on an operator's word that the mail did not arrive.

    The same mail goes, byte for byte. One that was tried as often as may be stays.
    """
    rows = one(delivery_id).filter(attempt_count__lt=MAX_ATTEMPTS)
    return bool(
        move(
            rows,
            State.UNCERTAIN,
            State.QUEUED,
            reason=words[:200],
            next_attempt_at=now,
            expires_at=Greatest("expires_at", Value(now + DOUBT_LATENESS)),
        )
    )


def cancel(delivery_id: int, words: str, now: datetime) -> bool:
    """PLANNED or QUEUED to SKIPPED, its papers free for the next digest."""
    with transaction.atomic():
        moved = sum(
            move(
                one(delivery_id),
                start,
                State.SKIPPED,
                reason=words[:200],
                settled_at=now,
            )
            for start in WAITING
        )
        if moved:
            release_papers([delivery_id], now)
    return bool(moved)


def hold(delivery_id: int, now: datetime) -> bool:
    """Keep a waiting delivery from being claimed. It expires all the same."""
    rows = one(delivery_id).filter(state__in=WAITING, held_at__isnull=True)
    return bool(rows.update(held_at=now))


def release(delivery_ids: Collection[int]) -> int:
    """Let held deliveries go; how many were held."""
    held = Delivery.objects.filter(pk__in=delivery_ids, held_at__isnull=False)
    return held.update(held_at=None)
