"""Stage 3: from matches, picks and a schedule to one Digest for one period.

Digest, items and delivery are written in one transaction: the delivery row is the
queue. One digest a reader and period, whoever plans it and however often.
"""

import uuid
from datetime import datetime, timedelta
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from accounts import services as accounts
from digest.models import (
    Cadence,
    Delivery,
    Digest,
    DigestItem,
    Schedule,
    Timing,
)
from digest.pipeline.match.window import MONTHLY_DAYS, WINDOW_DAYS
from digest.pipeline.plan.choosing import Chosen
from digest.pipeline.plan.coverage import describe_coverage
from digest.pipeline.plan.gathering import Span
from digest.pipeline.plan.items import make_items
from digest.pipeline.plan.selection import select, window_start
from digest.pipeline.plan.waiting import hold_until
from digest.schedule import (
    MAX_LATENESS,
    MIN_GAP,
    Period,
    Rule,
    latest_due,
    next_due,
)
from digest.sources.timetable import NEW_YORK

WELCOME_DAYS = 7
"""How many days a confirmation shows, and "send me this now" sends."""

WELCOME_LATENESS = timedelta(hours=6)


def plan_digest(schedule_id: int, *, now: datetime) -> int | None:
    """Plan the latest due digest of one reader; return the delivery's id, if any.

    1. Find the latest due period; note the periods that a downtime ran over.
    2. Skip it, with the reason, if the reader paused, the address is suppressed,
       it is too late or too soon, or nothing matched.
    3. Let it wait while the day's papers are still to come, up to a limit.
    4. Otherwise write digest, items and delivery together.
    """
    with transaction.atomic():
        schedule = _lock(pk=schedule_id)
        if schedule.ended_at or schedule.next_due_at > now:
            return None
        period = latest_due(rule_of(schedule), now)
        _note_superseded(schedule, period, now)
        delivery = None
        if not _is_planned(schedule, Cadence(schedule.cadence), period):
            reason = _reason_to_skip(schedule, period, now)
            held_until = None if reason else hold_until(schedule, period, now)
            if held_until:
                _hold(schedule, held_until)
                return None
            delivery = _plan_period(schedule, period, reason, now)
        reschedule(schedule, now=now)
    return delivery.pk if delivery else None


def plan_welcome(user_id: int, *, now: datetime) -> int | None:
    """Plan the digest a reader asked for at confirmation: the last 7 days, once."""
    period = Period("welcome", now)
    with transaction.atomic():
        schedule = _lock(user_id=user_id)
        if _is_planned(schedule, Cadence.WELCOME, period):
            return None  # asked for twice
        if schedule.ended_at or _is_paused(schedule, now):
            return None  # a mail now is what this reader asked not to get
        if accounts.is_suppressed(schedule.user.email, scope="digests"):
            return None
        chosen = preview(user_id, now=now)
        if not chosen:
            return None
        digest = _make_digest(schedule, period, Cadence.WELCOME, now)
        return _write(digest, chosen, now + WELCOME_LATENESS, now).pk


def _lock(**key: int) -> Schedule:
    """The reader's schedule, held until the end of the transaction.

    So all planners of one reader wait for each other: none finds a period or a paper
    free that another is about to take. (SQLite's transactions do so by themselves.)
    """
    schedules = Schedule.objects.select_related("user").select_for_update(of=("self",))
    return schedules.get(**key)


def _is_planned(schedule: Schedule, cadence: Cadence, period: Period) -> bool:
    """Whether the reader's period has its digest, be it planned or skipped."""
    return Digest.objects.filter(
        user_id=schedule.user_id, cadence=cadence, period_key=period.key
    ).exists()


def preview(user_id: int, *, now: datetime) -> list[Chosen]:
    """What the last 7 days would have brought this reader. Writes nothing."""
    schedule = Schedule.objects.get(user_id=user_id)
    first = window_start(now.date(), WELCOME_DAYS)
    return select(schedule, Span(first, now.date(), is_since_start=False))


def draft_next(schedule: Schedule, *, now: datetime) -> tuple[Digest, list[DigestItem]]:
    """The reader's next digest and its items as they would be now. Writes nothing."""
    is_due = schedule.next_due_at <= now
    period = (latest_due if is_due else next_due)(rule_of(schedule), now)
    digest = _make_digest(schedule, period, Cadence(schedule.cadence), now)
    return digest, make_items(digest, select(schedule, span_of(schedule, now)))


def reschedule(schedule: Schedule, *, now: datetime) -> None:
    """Set the next due instant from the reader's rule, after `now`."""
    Schedule.objects.filter(pk=schedule.pk).update(
        next_due_at=next_due(rule_of(schedule), now).due_at, held_until=None
    )


def rule_of(schedule: Schedule) -> Rule:
    """The reader's wish as the schedule's arithmetic takes it.

    "As soon as today's papers are in" is due when arXiv's day begins; from then on
    the digest waits for them.
    """
    hour, zone = schedule.hour, schedule.zone
    if schedule.timing == Timing.WHEN_IN:
        hour, zone = 0, NEW_YORK.key
    return Rule(schedule.cadence, schedule.weekday, hour, zone, schedule.month_day)


def span_of(schedule: Schedule, now: datetime) -> Span:
    """The days from which the reader's regular digest takes papers."""
    is_monthly = schedule.cadence == Cadence.MONTHLY
    days = MONTHLY_DAYS if is_monthly else WINDOW_DAYS
    return Span(window_start(now.date(), days), now.date())


def _note_superseded(schedule: Schedule, latest: Period, now: datetime) -> None:
    """Write down each period between the last planned one and the latest due."""
    due_at = schedule.next_due_at
    while due_at < latest.due_at:
        missed = latest_due(rule_of(schedule), due_at)
        if missed.key != latest.key and missed.due_at == due_at:
            _skip(schedule, missed, Digest.Reason.SUPERSEDED, now)
        due_at = next_due(rule_of(schedule), due_at).due_at


def _hold(schedule: Schedule, until: datetime) -> None:
    Schedule.objects.filter(pk=schedule.pk).update(held_until=until)


def _plan_period(
    schedule: Schedule, period: Period, reason: Digest.Reason | None, now: datetime
) -> Delivery | None:
    if reason:
        _skip(schedule, period, reason, now)
        return None
    chosen = select(schedule, span_of(schedule, now))
    if not chosen:
        _skip(schedule, period, Digest.Reason.EMPTY, now)
        return None
    digest = _make_digest(schedule, period, Cadence(schedule.cadence), now)
    expires_at = period.due_at + MAX_LATENESS[schedule.cadence]
    return _write(digest, chosen, expires_at, now)


def _is_paused(schedule: Schedule, now: datetime) -> bool:
    """A pause ends with a day of the reader's own calendar."""
    today = now.astimezone(ZoneInfo(schedule.zone)).date()
    return schedule.paused_until is not None and today < schedule.paused_until


def _reason_to_skip(
    schedule: Schedule, period: Period, now: datetime
) -> Digest.Reason | None:
    if not period.is_real:
        return Digest.Reason.NONEXISTENT
    if _is_paused(schedule, now):
        return Digest.Reason.PAUSED
    if accounts.is_suppressed(schedule.user.email, scope="digests"):
        return Digest.Reason.SUPPRESSED
    if now > period.due_at + MAX_LATENESS[schedule.cadence]:
        return Digest.Reason.EXPIRED
    recent = Digest.objects.filter(
        user_id=schedule.user_id,
        status=Digest.Status.PLANNED,
        due_at__gt=period.due_at - MIN_GAP,
    ).exclude(cadence=Cadence.WELCOME)
    return Digest.Reason.TOO_SOON if recent.exists() else None


def _skip(
    schedule: Schedule, period: Period, reason: Digest.Reason, now: datetime
) -> None:
    Digest.objects.get_or_create(
        user_id=schedule.user_id,
        cadence=schedule.cadence,
        period_key=period.key,
        defaults={
            "due_at": period.due_at,
            "zone": rule_of(schedule).zone,
            "planned_at": now,
            "status": Digest.Status.SKIPPED,
            "reason": reason,
            # Nothing came because there was nothing, or because a source was away.
            "coverage": (
                describe_coverage(now) if reason == Digest.Reason.EMPTY else []
            ),
        },
    )


def _make_digest(
    schedule: Schedule, period: Period, cadence: Cadence, now: datetime
) -> Digest:
    return Digest(
        user=schedule.user,
        cadence=cadence,
        period_key=period.key,
        due_at=period.due_at,
        zone=rule_of(schedule).zone,
        planned_at=now,
        status=Digest.Status.PLANNED,
        coverage=describe_coverage(now),
    )


def _write(
    digest: Digest, chosen: list[Chosen], expires_at: datetime, now: datetime
) -> Delivery:
    digest.save()
    DigestItem.objects.bulk_create(make_items(digest, chosen))
    public_id = uuid.uuid4()
    return Delivery.objects.create(
        digest=digest,
        public_id=public_id,
        message_id=f"<{public_id.hex}@{sending_domain()}>",
        next_attempt_at=now,
        expires_at=expires_at,
    )


def sending_domain() -> str:
    """Domain of the From address: the one that DMARC aligns with."""
    return parseaddr(settings.DIGEST_FROM)[1].rpartition("@")[2]
