"""Deliveries on their way, and a mail server on loopback to send them to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, connection, connections
from django.db.models import F

from accounts.models import User
from digest.models import Attempt, Delivery, Digest, DigestItem, Paper, Topic
from digest.pipeline import states
from digest.pipeline.deliver import deliver
from digest.pipeline.render import render_deliveries
from digest.pipeline.render.addressed import Addressed, read_addressed
from digest.pipeline.states import Claim
from digest.transports import Idempotency
from tests.factories import (
    NOW,
    make_delivery,
    make_digest,
    make_item,
    make_paper,
    make_reader,
    make_topic,
)

State = Delivery.State


def plan(
    user: User | None = None, *papers: Paper, topic: Topic | None = None, **fields: Any
) -> Delivery:
    """A planned delivery; its reader follows the topic of its papers."""
    topic = topic or make_topic()
    user = user or make_reader("", topic)
    digest = make_digest(user)
    for paper in papers or (make_paper(),):
        make_item(digest, paper, topic)
    return make_delivery(digest, **fields)


def queue(
    user: User | None = None, *papers: Paper, topic: Topic | None = None, **fields: Any
) -> Delivery:
    """The same, rendered and waiting for a worker."""
    delivery = plan(user, *papers, topic=topic, **fields)
    assert render_one(delivery.pk, now=NOW)
    delivery.refresh_from_db()
    return delivery


def render_one(delivery_id: int, *, now: datetime) -> bool:
    """Render a batch of one; whether it is queued now."""
    return delivery_id in render_deliveries([delivery_id], now=now)


def queue_one(delivery: Delivery) -> bool:
    """Queue a batch of one, with the edition that the delivery has."""
    return bool(states.queue_rendered([(delivery.pk, delivery.edition_id or 0)]))


def addressed(delivery: Delivery) -> Addressed:
    """What a mail needs to know of it."""
    return read_addressed([delivery.pk])[delivery.pk]


def deliver_one(delivery_id: int, *, now: datetime) -> str:
    """Deliver a batch of one; "" if it was not ours to deliver."""
    return deliver([delivery_id], now=now).get(delivery_id, "")


def claim_one(delivery_id: int, worker: str, now: datetime) -> Claim | None:
    """Claim a batch of one."""
    return next(iter(states.claim([delivery_id], worker, now)), None)


def hand_off_one(
    taken: Claim, now: datetime, remembered: Idempotency | None = None
) -> bool:
    """Hand off a batch of one; whether it may go."""
    sealed = [states.Sealed(taken, "f" * 64)]
    gone = states.hand_off(sealed, dated_at=now, now=now, remembered=remembered)
    return gone == {taken.delivery_id}


def put_in(state: State, **fields: Any) -> Delivery:
    """A rendered delivery in the given state, with all that the state asks for."""
    extra: dict[str, Any] = {}
    if state in {State.CLAIMED, State.HANDOFF}:
        extra = {
            "claim_token": "00000000-0000-4000-8000-000000000001",
            "lease_until": datetime(2100, 1, 1, tzinfo=NOW.tzinfo),
        }
    if state in {State.FAILED, State.UNCERTAIN, State.SKIPPED}:
        extra = {"reason": "as the test has it"}
    if state == State.ACCEPTED:
        extra = {"evidence": "250 taken"}
    delivery = queue()
    Delivery.objects.filter(pk=delivery.pk).update(state=state, **extra, **fields)
    delivery.refresh_from_db()
    return delivery


def end_leases() -> None:
    """Let so much time pass that each lease held now is over."""
    held = Delivery.objects.filter(lease_until__isnull=False)
    held.update(lease_until=F("lease_until") - timedelta(days=36_500))


def state_of(delivery: Delivery) -> str:
    """The state that the row is in now."""
    return Delivery.objects.values_list("state", flat=True).get(pk=delivery.pk)


def reserved_papers(delivery: Delivery) -> int:
    """How many papers this delivery's reader will not be offered again."""
    items = DigestItem.objects.filter(digest__delivery=delivery)
    return items.filter(released_at__isnull=True).count()


def outcomes(delivery: Delivery) -> list[str]:
    """How each attempt ended, in order."""
    attempts = Attempt.objects.filter(delivery=delivery).order_by("number")
    return list(attempts.values_list("outcome", flat=True))


def is_every_digest_in_one_place() -> bool:
    """I4: what was planned is the sum of the places, and each place is known."""
    planned = Digest.objects.filter(status=Digest.Status.PLANNED).count()
    places = Delivery.objects.filter(state__in=State.values).count()
    return planned == places


def elsewhere(act: Callable[[], Any]) -> Callable[[], None]:
    """`act` for another thread: its database connection is closed after it."""

    def run() -> None:
        try:
            act()
        finally:
            connections.close_all()

    return run


class Rival(threading.Thread):
    """Does one thing over a database connection of its own, against the test's.

    `outcome` is what it came to. Where the database answers "locked" instead of
    making it wait (SQLite), it tries again until it is let in.
    """

    def __init__(self, act: Callable[[], Any]) -> None:
        super().__init__()
        self._act = act
        self._was_locked_out = threading.Event()
        self.outcome: Any = None

    def run(self) -> None:
        """Try until the database lets it."""
        try:
            while True:
                try:
                    self.outcome = self._act()
                except OperationalError:
                    self._was_locked_out.set()
                    continue
                return
        finally:
            connections.close_all()

    def wait_until_blocked(self) -> None:
        """Return once it stands before a row that the test has locked."""
        deadline = time.monotonic() + 10
        while not self._was_locked_out.is_set() and not _count_waiting():
            assert self.is_alive(), "it went through without waiting"
            assert time.monotonic() < deadline


def _count_waiting() -> int:
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        count: int = cursor.fetchone()[0]
    return count
