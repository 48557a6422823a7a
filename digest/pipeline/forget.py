"""Beside the stages: what has been kept long enough goes (docs/retention.md).

Each batch is a transaction of its own and picks what is still there, so a run may be
stopped anywhere and started again; two at once share the work. What the promises of
docs/delivery.md rest on stays: a reader's papers stay reserved as bare rows, so that no
paper comes twice, and nothing goes that is not at its end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from digest.models import (
    Attempt,
    Delivery,
    DeliveryEvent,
    Digest,
    DigestItem,
    Edition,
    Fragment,
    Heartbeat,
    OutcomeCount,
)

BODIES_KEPT = timedelta(days=30)
# What a stored edition is made of must outlast each mail that may still use it: an
# edition that is taken up again on its last day, and a week in which that mail is late.
PIECES_KEPT = BODIES_KEPT + timedelta(days=10)
DETAIL_KEPT = timedelta(days=365)
LOG_KEPT = timedelta(days=730)

BATCH = 500
"""Rows that one transaction looks at."""

BATCHES = 40
"""Batches of one run; then the worker is free for others."""

TURN = "forget"
TURN_LASTS = timedelta(hours=1)

State = Delivery.State
ENDED = (State.ACCEPTED, State.FAILED, State.SKIPPED, State.UNCERTAIN)
NOT_ENDED = (State.PLANNED, State.QUEUED, State.CLAIMED, State.HANDOFF)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Rows by kind that went or were stripped, and whether nothing more is due."""

    counts: dict[str, int]
    is_done: bool


def take_turn(*, now: datetime) -> bool:
    """Take the turn to forget, unless it was taken within the hour."""
    _, is_new = Heartbeat.objects.get_or_create(name=TURN, defaults={"beat_at": now})
    free = Heartbeat.objects.filter(name=TURN, beat_at__lte=now - TURN_LASTS)
    return is_new or bool(free.update(beat_at=now))


def forget(*, now: datetime, batches: int = BATCHES) -> Forgotten:
    """Forget what is over, at most so many batches of it.

    1. A mail's body, 30 days after it was made: the edition, then the fragments.
    2. A delivery with its attempts and events, a year after it was due. It is counted;
       its digest keeps the bare list of papers, which the reader never gets again.
    3. A digest that brought no mail, or whose reader was erased, after that year.
    4. Reports about unknown mails after a year, the admin's log after two.
    """
    steps: dict[str, Callable[[datetime], int]] = {
        "editions": _drop_editions,
        "fragments": _drop_fragments,
        "deliveries": _drop_deliveries,
        "digests": _drop_digests,
        "events": _drop_events,
        "log": _drop_log,
    }
    counts: Counter[str] = Counter()
    for name, step in steps.items():
        while batches > 0:
            with transaction.atomic():
                count = step(now)
            counts[name] += count
            if not count:
                break
            batches -= 1
    return Forgotten(dict(+counts), is_done=batches > 0)


def _drop_editions(now: datetime) -> int:
    """The oldest editions, unless a mail that is on its way needs them."""
    unsent = Delivery.objects.filter(edition=OuterRef("pk"), state__in=NOT_ENDED)
    oldest = Edition.objects.filter(~Exists(unsent)).order_by("pk")
    rows = list(oldest.values_list("pk", "created_at")[:BATCH])
    ids = [pk for pk, created_at in rows if created_at <= now - BODIES_KEPT]
    Delivery.objects.filter(edition__in=ids, state__in=ENDED).update(edition=None)
    return Edition.objects.filter(pk__in=ids).delete()[0]


def _drop_fragments(now: datetime) -> int:
    """Fragments that no mail has needed for so long; locked, for one may be wanted."""
    old = Fragment.objects.filter(created_at__lte=now - PIECES_KEPT).order_by("key")
    locked = old.select_for_update(skip_locked=True).values_list("key", flat=True)
    return Fragment.objects.filter(key__in=list(locked[:BATCH])).delete()[0]


def _drop_deliveries(now: datetime) -> int:
    """The oldest deliveries at their end, counted; their digests become bare lists."""
    ended = Delivery.objects.filter(state__in=ENDED).order_by("pk")
    locked = ended.select_for_update(skip_locked=True, of=("self",))
    rows = locked.values_list("pk", "state", "digest_id", "digest__due_at")[:BATCH]
    old = [row for row in rows if row[3] <= now - DETAIL_KEPT]
    cadences = dict(
        Digest.objects.filter(pk__in=[row[2] for row in old]).values_list(
            "pk", "cadence"
        )
    )
    _count(
        (due_at.date(), cadences[digest_id], state, "")
        for _pk, state, digest_id, due_at in old
    )
    _bare(list(cadences))
    ids = [row[0] for row in old]
    Attempt.objects.filter(delivery__in=ids).delete()
    DeliveryEvent.objects.filter(delivery__in=ids).delete()
    Delivery.objects.filter(pk__in=ids).delete()
    return len(ids)


def _bare(digest_ids: list[int]) -> None:
    """Keep of these digests which papers the reader had, and nothing of why."""
    items = DigestItem.objects.filter(digest__in=digest_ids)
    items.filter(released_at__isnull=False).delete()
    items.update(evidence=[], also_in=[], note="", score=0)
    Digest.objects.filter(pk__in=digest_ids).update(coverage=[])


def _drop_digests(now: datetime) -> int:
    """Digests without a delivery that nobody has: skipped ones, and erased readers'."""
    delivery = Delivery.objects.filter(digest=OuterRef("pk"))
    nobodys = Digest.objects.filter(
        Q(status=Digest.Status.SKIPPED) | Q(user=None),
        ~Exists(delivery),
        due_at__lte=now - DETAIL_KEPT,
    )
    locked = nobodys.order_by("due_at", "pk").select_for_update(skip_locked=True)
    rows = list(
        locked.values_list("pk", "due_at", "cadence", "status", "reason")[:BATCH]
    )
    _count(
        (due_at.date(), cadence, status, reason)
        for _pk, due_at, cadence, status, reason in rows
        if status == Digest.Status.SKIPPED
    )
    ids = [row[0] for row in rows]
    DigestItem.objects.filter(digest__in=ids).delete()
    Digest.objects.filter(pk__in=ids).delete()
    return len(ids)


def _count(ends: Iterable[tuple[date, str, str, str]]) -> None:
    """Add to the counts: day, cadence, outcome and reason of each digest."""
    for (day, cadence, outcome, reason), more in sorted(Counter(ends).items()):
        row, _is_new = OutcomeCount.objects.get_or_create(
            day=day, cadence=cadence, outcome=outcome, reason=reason
        )
        OutcomeCount.objects.filter(pk=row.pk).update(count=F("count") + more)


def _drop_events(now: datetime) -> int:
    """Reports about mails that are not known here."""
    old = DeliveryEvent.objects.filter(
        delivery=None, received_at__lte=now - DETAIL_KEPT
    )
    return _drop(old)


def _drop_log(now: datetime) -> int:
    """What staff did in the admin."""
    return _drop(LogEntry.objects.filter(action_time__lte=now - LOG_KEPT))


def _drop(rows: QuerySet[DeliveryEvent] | QuerySet[LogEntry]) -> int:
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
    return rows.filter(pk__in=ids).delete()[0] if ids else 0
