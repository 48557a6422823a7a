"""Work for the workers: put back as if new, rung for, waited for, looked through."""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.models import Count
from django.utils import timezone
from redis import Redis

from digest.bench.alone import BenchError
from digest.bench.rows import PlannedSet
from digest.models import Attempt, Delivery, SendingHold
from digest.tasks import send

State = Delivery.State

UNSETTLED = (State.PLANNED, State.QUEUED, State.CLAIMED, State.HANDOFF)
_POLL_SECONDS = 0.01
_PATIENCE_SECONDS = 20.0
_TABLES = ("digest_delivery", "digest_attempt", "digest_edition")


@dataclass(frozen=True, slots=True)
class Doorbell:
    """Rings Celery for deliveries and sees when the work is done."""

    broker: Redis

    def send(
        self, ids: Sequence[int], size: int, *, until_none_is: Collection[State]
    ) -> float:
        """Have them sent, so many at a time; return the seconds that it took."""
        start = time.perf_counter()
        for place in range(0, len(ids), size):
            send.delay(list(ids[place : place + size]))
        self._wait(ids, until_none_is)
        return time.perf_counter() - start

    def _wait(self, ids: Sequence[int], states: Collection[State]) -> None:
        idle_since: float | None = None
        rows = Delivery.objects.filter(
            pk__range=(ids[0], ids[-1]), state__in=list(states)
        )
        while True:
            time.sleep(_POLL_SECONDS)
            if self.is_busy():
                idle_since = None
            elif not rows.exists():
                return
            else:
                # Between the list of tasks and that of running ones is a gap.
                idle_since = idle_since or time.monotonic()
                if time.monotonic() - idle_since > _PATIENCE_SECONDS:
                    raise BenchError(f"Nobody works, and there are: {_count(ids)}")

    def is_busy(self) -> bool:
        """Whether a task waits or runs."""
        return bool(self.broker.llen("digest")) or bool(self.broker.hlen("unacked"))


def plan_again(planned: PlannedSet) -> None:
    """Every delivery is PLANNED, and there is no edition of them."""
    _put_back(planned.ids, State.PLANNED)
    Delivery.objects.filter(pk__in=planned.ids).update(
        edition=None, dated_at=None, content_hash=""
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM digest_edition AS e WHERE NOT EXISTS "
            "(SELECT 1 FROM digest_delivery AS d WHERE d.edition_id = e.id)"
        )
        # Or each round would find the tables larger than the one before.
        for table in _TABLES:
            cursor.execute(f"VACUUM ANALYZE {table}")


def queue_again(ids: Sequence[int]) -> None:
    """Rendered deliveries are QUEUED, as if nobody had tried them."""
    _put_back(ids, State.QUEUED)


def _put_back(ids: Sequence[int], state: State) -> None:
    span = (ids[0], ids[-1])
    Attempt.objects.filter(delivery__pk__range=span).delete()
    Delivery.objects.filter(pk__range=span).update(
        state=state,
        reason="",
        claim_token=None,
        lease_until=None,
        handed_off_at=None,
        attempt_count=0,
        next_attempt_at=timezone.now() - timedelta(minutes=1),
        evidence="",
        provider_id="",
        settled_at=None,
    )


def hold() -> SendingHold:
    """Keep the workers from sending: what they are rung for is only rendered."""
    return SendingHold.objects.create(reason="rendering", held_at=timezone.now())


def release(held: SendingHold) -> None:
    """Let them send."""
    SendingHold.objects.filter(pk=held.pk).update(released_at=timezone.now())


def find_problems(ids: Sequence[int]) -> list[str]:
    """Return what is not so: every delivery ACCEPTED, at its only attempt."""
    problems = []
    states = _count(ids)
    if states != {State.ACCEPTED: len(ids)}:
        problems.append(f"{len(ids)} deliveries are {states}")
    span = (ids[0], ids[-1])
    outcomes = dict(
        Attempt.objects.filter(delivery__pk__range=span)
        .values_list("outcome")
        .annotate(Count("pk"))
    )
    if outcomes != {State.ACCEPTED: len(ids)}:
        problems.append(f"{len(ids)} deliveries had the attempts {outcomes}")
    return problems


def _count(ids: Sequence[int]) -> dict[str, int]:
    rows = Delivery.objects.filter(pk__range=(ids[0], ids[-1]))
    return dict(rows.order_by().values_list("state").annotate(Count("pk")))
