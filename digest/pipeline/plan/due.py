"""The due digests of some readers: one transaction, few queries, each reader alone.

Planners of the same readers exclude each other by the schedules' rows: none finds a
period or a paper free that another is about to take.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property

from django.db import DatabaseError, transaction

from accounts import services as accounts
from accounts.models import User
from digest.models import Cadence, Digest, Schedule, Source
from digest.models.bulk import insert_new
from digest.pipeline.plan.coverage import describe_coverage
from digest.pipeline.plan.gathering import Span
from digest.pipeline.plan.rules import is_paused, rule_of, span_of
from digest.pipeline.plan.selection import Selection
from digest.pipeline.plan.waiting import awaited_sources, hold_until
from digest.pipeline.plan.writing import Draft, make_digest, write
from digest.schedule import MAX_LATENESS, MIN_GAP, Period, latest_due, next_due

logger = logging.getLogger(__name__)

Reason = Digest.Reason


def plan_digests(schedule_ids: Sequence[int], *, now: datetime) -> list[int]:
    """Plan the latest due digest of each reader; the ids of the deliveries.

    1. Find the latest due period; note the periods that a downtime ran over.
    2. Skip it, with the reason, if the reader paused, the address is suppressed,
       it is too late or too soon, or nothing matched.
    3. Let it wait while the day's papers are still to come, up to a limit.
    4. Otherwise write digest, items and delivery together.

    A reader whose digest cannot be planned is logged, stays due, and delays nobody.
    """
    with transaction.atomic():
        locked = Schedule.objects.filter(
            pk__in=schedule_ids, ended_at__isnull=True, next_due_at__lte=now
        ).select_for_update(of=("self",), skip_locked=True)
        schedules = list(locked.select_related("user").order_by("pk"))
        return _Batch(schedules, now).plan()


class _Batch:
    """Some readers whose digests are due, and what one asks for all of them."""

    def __init__(self, schedules: Sequence[Schedule], now: datetime) -> None:
        self._now = now
        self._periods: dict[int, Period] = {}
        for schedule in schedules:
            with _alone(schedule):
                self._periods[schedule.pk] = latest_due(rule_of(schedule), now)
        self._schedules = [s for s in schedules if s.pk in self._periods]
        self._users = [schedule.user_id for schedule in self._schedules]
        self._skipped: list[Digest] = []
        self._done: list[Schedule] = []

    def plan(self) -> list[int]:
        if not self._schedules:
            return []
        going = list(self._sort_out())
        drafts = list(self._draft(going))
        insert_new(self._skipped)
        delivery_ids = write(drafts, now=self._now)
        _reschedule(self._done, self._now)
        return delivery_ids

    def _sort_out(self) -> Iterator[Schedule]:
        """Yield the readers whose digest goes now; note what becomes of the others."""
        for schedule in self._schedules:
            period = self._periods[schedule.pk]
            _note_superseded(schedule, period, self._now)
            if (schedule.user_id, schedule.cadence, period.key) in self._planned:
                self._done.append(schedule)
                continue
            reason = self._reason_to_skip(schedule, period)
            if reason:
                self._skip(schedule, period, reason)
                continue
            held_until = hold_until(schedule, period, self._awaited, self._now)
            if held_until:
                Schedule.objects.filter(pk=schedule.pk).update(held_until=held_until)
                continue
            yield schedule

    def _draft(self, schedules: Iterable[Schedule]) -> Iterator[Draft]:
        by_span: dict[Span, list[Schedule]] = defaultdict(list)
        for schedule in schedules:
            by_span[span_of(schedule, self._now)].append(schedule)
        for span, group in by_span.items():
            selection = Selection([schedule.user_id for schedule in group], span)
            for schedule in group:
                chosen = None
                with _alone(schedule):
                    chosen = selection.choose_for(schedule)
                if chosen is None:
                    continue
                period = self._periods[schedule.pk]
                if not chosen:
                    self._skip(schedule, period, Reason.EMPTY)
                    continue
                cadence = Cadence(schedule.cadence)
                self._done.append(schedule)
                yield Draft(
                    make_digest(schedule, period, cadence, self._coverage, self._now),
                    chosen,
                    period.due_at + MAX_LATENESS[schedule.cadence],
                )

    def _reason_to_skip(self, schedule: Schedule, period: Period) -> Reason | None:
        if not period.is_real:
            return Reason.NONEXISTENT
        if is_paused(schedule, self._now):
            return Reason.PAUSED
        if schedule.user_id in self._suppressed:
            return Reason.SUPPRESSED
        if self._now > period.due_at + MAX_LATENESS[schedule.cadence]:
            return Reason.EXPIRED
        recent = self._recent.get(schedule.user_id, [])
        if any(due_at > period.due_at - MIN_GAP for due_at in recent):
            return Reason.TOO_SOON
        return None

    def _skip(self, schedule: Schedule, period: Period, reason: Reason) -> None:
        # Nothing came because there was nothing, or because a source was away.
        coverage = self._coverage if reason == Reason.EMPTY else []
        self._skipped.append(
            make_skipped(schedule, period, reason, coverage, self._now)
        )
        self._done.append(schedule)

    @cached_property
    def _planned(self) -> set[tuple[int | None, str, str]]:
        """Periods that have their digest, be it planned or skipped."""
        keys = {period.key for period in self._periods.values()}
        rows = Digest.objects.filter(user__in=self._users, period_key__in=keys)
        return set(rows.values_list("user_id", "cadence", "period_key"))

    @cached_property
    def _suppressed(self) -> set[int]:
        users = User.objects.filter(
            accounts.suppressed_through("email_hmac", "digests"), pk__in=self._users
        )
        return set(users.values_list("pk", flat=True))

    @cached_property
    def _recent(self) -> dict[int | None, list[datetime]]:
        """When digests were due that may make another come too soon."""
        earliest = min(period.due_at for period in self._periods.values()) - MIN_GAP
        rows = Digest.objects.filter(
            user__in=self._users, status=Digest.Status.PLANNED, due_at__gt=earliest
        ).exclude(cadence=Cadence.WELCOME)
        found: dict[int | None, list[datetime]] = defaultdict(list)
        for user_id, due_at in rows.values_list("user_id", "due_at"):
            found[user_id].append(due_at)
        return found

    @cached_property
    def _awaited(self) -> list[Source]:
        return awaited_sources(self._now)

    @cached_property
    def _coverage(self) -> list[dict[str, object]]:
        return describe_coverage(self._now)


@contextmanager
def _alone(schedule: Schedule) -> Iterator[None]:
    """One reader whose digest cannot be planned must not stop the others."""
    try:
        yield
    except DatabaseError:
        raise  # says nothing about this reader; the next sweep tries again
    except Exception:
        logger.exception("Schedule %s cannot be planned.", schedule.pk)


def make_skipped(
    schedule: Schedule,
    period: Period,
    reason: Reason,
    coverage: list[dict[str, object]],
    now: datetime,
) -> Digest:
    """A period without a mail, and why; not stored."""
    digest = make_digest(schedule, period, Cadence(schedule.cadence), coverage, now)
    digest.status, digest.reason = Digest.Status.SKIPPED, reason
    return digest


def _note_superseded(schedule: Schedule, latest: Period, now: datetime) -> None:
    """Write down each period between the last planned one and the latest due."""
    due_at = schedule.next_due_at
    while due_at < latest.due_at:
        missed = latest_due(rule_of(schedule), due_at)
        if missed.key != latest.key and missed.due_at == due_at:
            known = Digest.objects.filter(
                user_id=schedule.user_id,
                cadence=schedule.cadence,
                period_key=missed.key,
            )
            if not known.exists():
                make_skipped(schedule, missed, Reason.SUPERSEDED, [], now).save()
        due_at = next_due(rule_of(schedule), due_at).due_at


def _reschedule(schedules: Iterable[Schedule], now: datetime) -> None:
    """Set the next due instants after `now`; those who share one together."""
    by_due: dict[datetime, list[int]] = defaultdict(list)
    for schedule in schedules:
        by_due[next_due(rule_of(schedule), now).due_at].append(schedule.pk)
    for due_at, ids in by_due.items():
        Schedule.objects.filter(pk__in=ids).update(next_due_at=due_at, held_until=None)
