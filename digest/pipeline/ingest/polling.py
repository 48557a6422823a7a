"""When a source is asked again: often while its list is awaited, seldom otherwise."""

from datetime import datetime, timedelta

from digest.models import Holiday, Source
from digest.pipeline.ingest.asking import feed_day
from digest.pipeline.ingest.wholeness import CONFIRM_AFTER
from digest.sources.timetable import is_announcement_day, next_announcement

AFTER_ANNOUNCEMENT = timedelta(minutes=5)
"""arXiv's feed turns over at midnight; a few minutes let it do so."""

AWAITING = timedelta(minutes=20)
AT_REST = timedelta(hours=6)
"""A list that is complete is looked at now and then: it may grow after all."""


def next_poll(source: Source, now: datetime) -> datetime:
    """The instant of the next fetch, after one that succeeded.

    A source with a timetable is asked at the next announcement, each 20 minutes
    while a list is awaited, and after 10 to confirm one that has just come.
    """
    usual = timedelta(minutes=source.fetch_every_minutes)
    if not source.has_timetable:
        return now + usual
    announcement = next_announcement(now, Holiday.objects.days())
    if not is_awaited(source, now):
        wait = AT_REST
    elif source.batches.filter(
        announced_on=feed_day(source, now), entry_count__gt=0
    ).exists():
        wait = min(CONFIRM_AFTER, usual)
    else:
        wait = min(AWAITING, usual)
    return min(now + wait, announcement + AFTER_ANNOUNCEMENT)


def is_awaited(source: Source, now: datetime) -> bool:
    """Whether today's list was to be announced and is not complete yet."""
    day = feed_day(source, now)
    if not is_announcement_day(day, Holiday.objects.days()):
        return False
    return not source.batches.filter(
        announced_on=day, completed_at__isnull=False
    ).exists()
