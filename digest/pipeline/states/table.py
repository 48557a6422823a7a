"""The moves a delivery can make, and the one function that makes them."""

from collections.abc import Sequence
from datetime import datetime

from django.db import models

from digest.models import Delivery, DigestItem
from digest.models.bulk import update_each

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
    State.UNCERTAIN: frozenset({State.ACCEPTED, State.QUEUED, State.HANDOFF}),
    State.ACCEPTED: frozenset(),
    State.FAILED: frozenset(),
    State.SKIPPED: frozenset(),
}
NOT_SENT = frozenset({State.FAILED, State.SKIPPED})
"""Ends in which the mail surely did not go: its papers are free again."""


def move(
    rows: models.QuerySet[Delivery], start: State, end: State, **values: object
) -> int:
    """Move rows that are still in `start`; how many moved.

    `rows` may look into other tables only through subqueries. A join would make
    Django choose the rows in a subquery of their own, and then PostgreSQL, having
    waited for another writer, would not look at `state` again.
    """
    if end not in TRANSITIONS[start]:
        raise ValueError(f"A delivery never goes from {start} to {end}.")
    return rows.filter(state=start).update(state=end, **values)


def move_each(
    start: State,
    end: State,
    columns: Sequence[str],
    rows: Sequence[tuple[int | str, ...]],
    **values: object,
) -> int:
    """Move rows that are still in `start`, each with texts of its own.

    `rows`: the primary key, then a text for each of `columns`.
    """
    if end not in TRANSITIONS[start]:
        raise ValueError(f"A delivery never goes from {start} to {end}.")
    return update_each(
        Delivery, columns, rows, where={"state": start}, state=end, **values
    )


def one(delivery_id: int) -> models.QuerySet[Delivery]:
    """The one row, as `move` takes it."""
    return Delivery.objects.filter(pk=delivery_id)


def release_papers(delivery_ids: list[int], now: datetime) -> None:
    """Free the papers of deliveries that surely did not go."""
    DigestItem.objects.filter(
        digest__delivery__in=delivery_ids, released_at__isnull=True
    ).update(released_at=now)
