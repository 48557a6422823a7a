"""What a worker learned of deliveries that it claimed: written down, once."""

import random
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from digest.models import Attempt, Delivery
from digest.models.bulk import update_each
from digest.pipeline.states.claims import Claim
from digest.pipeline.states.table import (
    NOT_SENT,
    State,
    move,
    move_each,
    release_papers,
)

BACKOFF_MINUTES = (1, 5, 15, 60, 120, 240)
JITTER = 0.2
FENCED = "fenced"


class Accepted(NamedTuple):
    """The transport's yes to one delivery, with its proof."""

    claim: Claim
    evidence: str
    provider_id: str


def finish(
    claims: Sequence[Claim],
    end: State,
    *,
    detail: str,
    phase: str,
    now: datetime,
    **values: object,
) -> frozenset[int]:
    """Close claims that came to the same end; the ids of the deliveries that moved.

    Where a claim no longer holds, nothing moves: the attempt is closed as fenced, with
    the answer in its detail, and whoever took the delivery over decides.
    """
    with transaction.atomic():
        held = _hold(claims)
        for start in (State.CLAIMED, State.HANDOFF):
            ids = [pk for pk, state in held.items() if state == start]
            if ids:
                rows = Delivery.objects.filter(pk__any_of=ids)
                move(rows, start, end, claim_token=None, lease_until=None, **values)
        if end in NOT_SENT:
            release_papers(list(held), now)
        _close(claims, held, end, phase, detail)
    return frozenset(held)


def accept(answers: Sequence[Accepted], *, now: datetime) -> frozenset[int]:
    """HANDOFF to ACCEPTED, each with its own evidence; the ids that moved."""
    claims = [answer.claim for answer in answers]
    with transaction.atomic():
        held = _hold(claims)
        told = [
            answer
            for answer in answers
            if held.get(answer.claim.delivery_id) == State.HANDOFF
        ]
        move_each(
            State.HANDOFF,
            State.ACCEPTED,
            ("evidence", "provider_id"),
            [(a.claim.delivery_id, a.evidence, a.provider_id) for a in told],
            claim_token=None,
            lease_until=None,
            settled_at=now,
        )
        update_each(
            Attempt,
            ("detail",),
            [(answer.claim.attempt_id, answer.evidence) for answer in told],
            outcome=State.ACCEPTED,
            phase="done",
        )
        for answer in answers:
            if answer.claim.delivery_id not in held:
                _close([answer.claim], {}, State.ACCEPTED, "done", answer.evidence)
    return frozenset(answer.claim.delivery_id for answer in told)


def _hold(claims: Sequence[Claim]) -> dict[int, State]:
    """The deliveries whose claim still holds, locked, with their states."""
    if not claims:
        return {}
    rows = Delivery.objects.filter(
        pk__any_of=[claim.delivery_id for claim in claims], claim_token=claims[0].token
    )
    locked = rows.select_for_update().order_by("pk")
    return {pk: State(state) for pk, state in locked.values_list("pk", "state")}


def _close(
    claims: Sequence[Claim], held: Collection[int], end: State, phase: str, detail: str
) -> None:
    for outcome, is_held in ((str(end), True), (FENCED, False)):
        ids = [c.attempt_id for c in claims if (c.delivery_id in held) is is_held]
        if ids:
            Attempt.objects.filter(pk__any_of=ids).update(
                outcome=outcome, phase=phase, detail=detail[:500]
            )


def next_attempt(
    attempt_count: int, now: datetime, wait_seconds: int | None
) -> datetime:
    """When to try again: as long as asked, or the backoff with its jitter."""
    if wait_seconds is not None:
        return now + timedelta(seconds=wait_seconds)
    minutes = getattr(settings, "DIGEST_BACKOFF_MINUTES", BACKOFF_MINUTES)
    step = min(attempt_count, len(minutes)) - 1
    spread = random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  no secret
    return now + timedelta(minutes=minutes[max(step, 0)] * spread)
