"""Deliveries in doubt that may be handed over again, for the provider knows their key.

It has the mail, and then the second call changes nothing; or it has not, and then
the mail goes now. Without such a key nothing in doubt is ever sent again by itself.
"""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from digest.models import Delivery
from digest.pipeline.states.claims import (
    MAX_ATTEMPTS,
    Claim,
    begin_attempts,
    lease,
    no_hold,
    wanted,
)
from digest.pipeline.states.table import State, move


def askable(now: datetime) -> QuerySet[Delivery]:
    """Deliveries in doubt that it is time to hand over again, while the key is good."""
    return Delivery.objects.filter(
        state=State.UNCERTAIN,
        key_expires_at__gt=now,
        next_attempt_at__lte=now,
        expires_at__gt=now,
        attempt_count__lt=MAX_ATTEMPTS,
    ).exclude(keyed_by="")


def hand_off_again(
    delivery_ids: Collection[int], account: str, worker: str, now: datetime
) -> list[Claim]:
    """UNCERTAIN to HANDOFF where this account remembers the key; the claims to them.

    Committed before the first byte leaves, like the first hand-off and with the same
    conditions: the reader still wants the mail, and nothing is on hold.
    """
    token = uuid.uuid4()
    with transaction.atomic():
        free = askable(now).filter(pk__any_of=delivery_ids, keyed_by=account)
        ids = free.select_for_update(skip_locked=True).order_by("pk")
        found = list(ids.values_list("pk", flat=True))
        moved = move(
            askable(now).filter(
                wanted(found, now) & no_hold(), pk__any_of=found, keyed_by=account
            ),
            State.UNCERTAIN,
            State.HANDOFF,
            claim_token=token,
            lease_until=lease(settings.DIGEST_HANDOFF_LEASE_SECONDS),
            attempt_count=F("attempt_count") + 1,
        )
        if not moved:
            return []
        begun = begin_attempts(found, token, worker, now)
    return [
        Claim(pk, token, begun[pk], was_in_doubt=True)
        for pk in delivery_ids
        if pk in begun
    ]
