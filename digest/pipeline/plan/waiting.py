"""Whether a digest that is due should wait for the day's papers, and until when.

A source with a timetable says when its list is expected. While today's is not
complete, digests of readers whose topics draw on it wait, up to the operator's
limit; then they go and their source line says what is missing.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from digest.models import (
    Announcement,
    Batch,
    Holiday,
    Match,
    Schedule,
    Source,
    Subscription,
)
from digest.schedule import Period
from digest.sources.timetable import NEW_YORK, is_announcement_day

LOOK_AGAIN = timedelta(minutes=5)
"""How soon a waiting digest is looked at again, if no list that comes in frees it."""

GIVEN_UP_AFTER = timedelta(days=3)
"""A source that has not been read for so long delays nobody any more."""

DRAWN_DAYS = 28
"""A topic draws on the sources that announced its papers in so many days."""


def hold_until(
    schedule: Schedule, period: Period, awaited: Sequence[Source], now: datetime
) -> datetime | None:
    """When to look at the reader's digest again; None if it should go now.

    `awaited`: the sources whose list of today is not complete.
    """
    deadline = period.due_at + timedelta(hours=settings.DIGEST_WAIT_HOURS)
    if now >= deadline or not _missed(schedule.user_id, awaited, now):
        return None
    return min(now + LOOK_AGAIN, deadline)


def missing_sources(user_id: int, now: datetime) -> list[Source]:
    """Sources of the reader's topics whose list of today is not complete."""
    return _missed(user_id, awaited_sources(now), now)


def awaited_sources(now: datetime) -> list[Source]:
    """Sources whose list of today is not complete, whoever draws on them."""
    today = now.astimezone(NEW_YORK).date()
    if not is_announcement_day(today, Holiday.objects.days()):
        return []
    complete = Batch.objects.filter(
        source=OuterRef("pk"), announced_on=today, completed_at__isnull=False
    )
    return [
        source
        for source in Source.objects.filter(
            ~Exists(complete),
            is_active=True,
            last_succeeded_at__gte=now - GIVEN_UP_AFTER,
        )
        if source.has_timetable
    ]


def _missed(user_id: int, awaited: Sequence[Source], now: datetime) -> list[Source]:
    """Those of the sources that the reader's topics draw on."""
    if not awaited:
        return []
    drawn = set(_drawn_sources(user_id, now).values_list("pk", flat=True))
    # A reader whose topics have matched nothing yet may draw on any of them.
    return [source for source in awaited if not drawn or source.pk in drawn]


def release_held() -> int:
    """Have all waiting digests looked at again; return how many."""
    return Schedule.objects.held().update(held_until=None)


def _drawn_sources(user_id: int, now: datetime) -> QuerySet[Source]:
    topics = Subscription.objects.active().filter(user_id=user_id).values("topic")
    since = now.date() - timedelta(days=DRAWN_DAYS)
    matched = Match.objects.filter(topic__in=topics, paper=OuterRef("paper"))
    announced = Announcement.objects.filter(
        Exists(matched), batch__source=OuterRef("pk"), announced_on__gte=since
    )
    return Source.objects.filter(Exists(announced), is_active=True)
