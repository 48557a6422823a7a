"""Stage 3: from matches, picks and schedules to one Digest a reader and period.

Digest, items and delivery are written in one transaction: the delivery row is the
queue. One digest a reader and period, whoever plans it and however often.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from accounts import services as accounts
from digest.models import Cadence, Digest, DigestItem, Schedule, Topic
from digest.pipeline.plan.again import CannotSendAgainError, plan_again
from digest.pipeline.plan.choosing import Chosen
from digest.pipeline.plan.coverage import describe_coverage
from digest.pipeline.plan.due import plan_digests
from digest.pipeline.plan.gathering import Span
from digest.pipeline.plan.items import make_items
from digest.pipeline.plan.rules import is_paused, rule_of, span_of
from digest.pipeline.plan.selection import select, select_topic, window_start
from digest.pipeline.plan.writing import Draft, make_digest, name_topics, write
from digest.schedule import Period, latest_due, next_due

__all__ = [
    "CannotSendAgainError",
    "draft_next",
    "draft_topic",
    "plan_again",
    "plan_digests",
    "plan_welcome",
    "preview",
    "reschedule",
    "rule_of",
]

WELCOME_DAYS = 7
"""How many days a confirmation shows, and "send me this now" sends."""

WELCOME_LATENESS = timedelta(hours=6)


def plan_welcome(user_id: int, *, now: datetime) -> int | None:
    """Plan the digest a reader asked for at confirmation: the last 7 days, once."""
    period = Period("welcome", now)
    schedules = Schedule.objects.select_related("user").select_for_update(of=("self",))
    with transaction.atomic():
        schedule = schedules.get(user_id=user_id)
        known = Digest.objects.filter(
            user_id=user_id, cadence=Cadence.WELCOME, period_key=period.key
        )
        if known.exists():
            return None  # asked for twice
        if schedule.ended_at or is_paused(schedule, now):
            return None  # a mail now is what this reader asked not to get
        if accounts.is_suppressed(schedule.user.email, scope="digests"):
            return None
        chosen = preview(user_id, now=now)
        if not chosen:
            return None
        coverage = describe_coverage(now)
        digest = make_digest(schedule, period, Cadence.WELCOME, coverage, now)
        (delivery_id,) = write([Draft(digest, chosen, now + WELCOME_LATENESS)], now=now)
        return delivery_id


def preview(user_id: int, *, now: datetime) -> list[Chosen]:
    """What the last 7 days would have brought this reader. Writes nothing."""
    schedule = Schedule.objects.get(user_id=user_id)
    first = window_start(now.date(), WELCOME_DAYS)
    return select(schedule, Span(first, now.date(), is_since_start=False))


def draft_next(schedule: Schedule, *, now: datetime) -> tuple[Digest, list[DigestItem]]:
    """The reader's next digest and its items as they would be now. Writes nothing."""
    is_due = schedule.next_due_at <= now
    period = (latest_due if is_due else next_due)(rule_of(schedule), now)
    cadence = Cadence(schedule.cadence)
    digest = make_digest(schedule, period, cadence, describe_coverage(now), now)
    chosen = select(schedule, span_of(schedule, now))
    return digest, make_items(digest, chosen, name_topics([chosen]))


def draft_topic(topic: Topic, *, now: datetime) -> tuple[Digest, list[DigestItem]]:
    """What a new reader of this topic alone would get today. Writes nothing."""
    pattern = Schedule(cadence=Cadence.DAILY)
    digest = Digest(
        cadence=Cadence.DAILY,
        period_key=now.date().isoformat(),
        due_at=now,
        zone=settings.DIGEST_DEFAULT_ZONE,
        planned_at=now,
        status=Digest.Status.PLANNED,
        coverage=describe_coverage(now),
    )
    chosen = select_topic(topic, span_of(pattern, now), pattern.max_papers)
    return digest, make_items(digest, chosen, name_topics([chosen]))


def reschedule(schedule: Schedule, *, now: datetime) -> None:
    """Set the next due instant from the reader's rule, after `now`."""
    Schedule.objects.filter(pk=schedule.pk).update(
        next_due_at=next_due(rule_of(schedule), now).due_at, held_until=None
    )
