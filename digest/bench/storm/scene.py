"""The storm's rows: readers with a planned digest each, due in waves; and their end."""

import re
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from django.core.management import call_command
from django.db import InterfaceError, OperationalError, connection
from django.db.models import Count
from django.utils import timezone

from digest.bench.ingest import make_papers
from digest.bench.rows import (
    make_lists,
    store_digests,
    store_papers,
    store_readers,
    store_topics,
)
from digest.bench.storm.reckoning import Entry
from digest.models import Delivery, Schedule
from digest.reading.subscriptions import end_all

Answer = TypeVar("Answer")

WAVE = 60
"""Deliveries that are due at once."""

UNSETTLED = (
    Delivery.State.PLANNED,
    Delivery.State.QUEUED,
    Delivery.State.CLAIMED,
    Delivery.State.HANDOFF,
)
_PAPERS, _TOPICS, _LISTS, _SIZE = 60, 10, 40, 4
_OUTAGE_SECONDS = 60.0
_LEAVERS = 50
"""One reader of so many leaves while it storms."""


def set_scene(digests: int) -> range:
    """Make the tables and all rows; the primary keys of the deliveries."""
    call_command("migrate", verbosity=0, interactive=False)
    now = timezone.now()
    papers = store_papers(list(make_papers(_PAPERS)), now=now)
    lists = make_lists(papers, store_topics(papers, _TOPICS), _LISTS, size=_SIZE)
    wishes = [lists[number % _LISTS].topics for number in range(digests)]
    readers = store_readers(wishes, now=now, next_due_at=now + timedelta(days=1))
    return store_digests(readers, lists, now=now).ids


def spread(ids: range, seconds: float) -> None:
    """Make them due in waves over the first nine tenths of the time."""
    now = timezone.now()
    starts = range(ids.start, ids.stop, WAVE)
    for number, start in enumerate(starts):
        due = now + timedelta(seconds=0.9 * seconds * number / len(starts))
        Delivery.objects.filter(pk__range=(start, start + WAVE - 1)).update(
            next_attempt_at=due
        )


def let_leave(ids: range, part: float, now: datetime) -> int:
    """Have the readers leave whose turn it is by that part of the time; how many do."""
    chosen = ids[::-_LEAVERS]  # the last waves first, or most have their mail
    until = chosen[: int(len(chosen) * part)]
    waiting = Schedule.objects.filter(
        user__digests__delivery__in=until, ended_at__isnull=True
    )
    return sum(end_all(schedule, now=now) for schedule in waiting)


def count_unsettled() -> int:
    """How many deliveries are in no place yet."""
    return Delivery.objects.filter(state__in=UNSETTLED).count()


def read_ledger() -> list[Entry]:
    """Every delivery as it is now."""
    rows = Delivery.objects.annotate(tries=Count("attempts"))
    columns = ("message_id", "digest__user__email", "state", "tries")
    return [Entry(*row) for row in rows.values_list(*columns)]


def count_reasons() -> Counter[str]:
    """How many deliveries did not go, or perhaps not, by state and reason."""
    rows = Delivery.objects.exclude(reason="").exclude(state=Delivery.State.ACCEPTED)
    pairs = rows.values_list("state", "reason")
    return Counter(
        f"{state}: {re.split('[{:<]', reason)[0]}" for state, reason in pairs
    )


def patiently(ask: Callable[[], Answer]) -> Answer:
    """Ask the database, again and again while it is away."""
    deadline = time.monotonic() + _OUTAGE_SECONDS
    while True:
        try:
            return ask()
        except (InterfaceError, OperationalError):
            if time.monotonic() > deadline:
                raise
            connection.close()
            time.sleep(0.3)
