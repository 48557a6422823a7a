"""After a worker that did not come back."""

from datetime import datetime

from django.db import transaction
from django.db.models.functions import Now

from digest.models import Delivery
from digest.pipeline.states.table import NOT_SENT, State, move, one, release_papers

MAX_LOST_WORKERS = 3


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
    rows = one(delivery.pk).filter(
        claim_token=delivery.claim_token, lease_until__lt=Now()
    )
    moved = move(rows, start, end, **values)
    if moved:
        delivery.attempts.filter(outcome="").update(outcome="lost")
        if end in NOT_SENT:
            release_papers([delivery.pk], now)
    return moved
