"""Before a worker comes: queued, cancelled, or too late."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from digest.models import Delivery, DigestItem
from digest.pipeline.states.claims import MAX_ATTEMPTS
from digest.pipeline.states.table import State, move, move_each, one, release_papers


def queue_rendered(editions: Sequence[tuple[int, int]]) -> set[int]:
    """PLANNED to QUEUED: delivery and edition; the ids that moved.

    Call it inside a transaction.
    """
    ids = [delivery_id for delivery_id, _edition in editions]
    planned = Delivery.objects.filter(pk__any_of=ids, state=State.PLANNED)
    # Locked in one order: two batches never wait for each other.
    free = planned.select_for_update(skip_locked=True).order_by("pk")
    moving = set(free.values_list("pk", flat=True))
    move_each(
        State.PLANNED,
        State.QUEUED,
        ("edition_id",),
        [row for row in editions if row[0] in moving],
    )
    return moving


def fail_rendering(delivery_id: int, reason: str, now: datetime) -> bool:
    """PLANNED to FAILED, its papers free for the next digest."""
    with transaction.atomic():
        moved = move(
            one(delivery_id),
            State.PLANNED,
            State.FAILED,
            reason=f"render: {reason}"[:200],
            settled_at=now,
        )
        if moved:
            release_papers([delivery_id], now)
    return bool(moved)


def cancel_waiting(
    user_id: int, reason: str, now: datetime, *, topic_id: int | None = None
) -> int:
    """PLANNED and QUEUED deliveries of a reader to SKIPPED; how many.

    With a topic, only the mails with papers of that topic: its papers are free, and
    those of the other topics come with the next digest.
    """
    waiting = Delivery.objects.filter(
        digest__user_id=user_id, state__in=[State.PLANNED, State.QUEUED]
    )
    if topic_id is not None:
        items = DigestItem.objects.filter(topic_id=topic_id, is_in_mail=True)
        waiting = waiting.filter(digest__in=items.values("digest"))
    ids = list(waiting.values_list("pk", flat=True))
    with transaction.atomic():
        moved = sum(
            move(one(pk), start, State.SKIPPED, reason=reason, settled_at=now)
            for pk in ids
            for start in (State.PLANNED, State.QUEUED)
        )
        skipped = Delivery.objects.filter(pk__in=ids, state=State.SKIPPED)
        release_papers(list(skipped.values_list("pk", flat=True)), now)
    return moved


def postpone(delivery_ids: Collection[int], until: datetime) -> int:
    """Have queued deliveries wait, which uses up no attempt; how many do."""
    queued = Delivery.objects.filter(pk__in=delivery_ids, state=State.QUEUED)
    return queued.update(next_attempt_at=until)


def expire(now: datetime) -> int:
    """Deliveries that were not sent in time to FAILED, their papers free; how many."""
    moved = 0
    for start in (State.PLANNED, State.QUEUED):
        late = Delivery.objects.filter(state=start).filter(
            Q(expires_at__lte=now) | Q(attempt_count__gte=MAX_ATTEMPTS)
        )
        for pk in list(late.values_list("pk", flat=True)):
            with transaction.atomic():
                hit = move(
                    one(pk), start, State.FAILED, reason="expired", settled_at=now
                )
                if hit:
                    release_papers([pk], now)
                moved += hit
    return moved
