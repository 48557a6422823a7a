"""The papers of the last days, ready to be asked by a topic that is being typed.

Read once a process, and again when papers came or changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Lock

from django.db.models import Count, Max

from digest import matching
from digest.models import Paper
from digest.models.paper import PaperQuerySet
from digest.pipeline.match.archive import Archive, current_archive, shelve
from digest.pipeline.match.words import read_words

WINDOW_DAYS = 14
"""How far back a topic looks for papers, and a daily or weekly digest."""

MONTHLY_DAYS = 39
"""How far back a monthly digest looks: a month, a week of lateness, a day."""


@dataclass(frozen=True, slots=True)
class Window:
    """Papers by id and day, newest last; their words, and their keys."""

    ids: Sequence[int]
    days: Sequence[date]
    shelf: matching.Shelf
    keys: matching.KeyIndex
    archive: Archive


@dataclass(slots=True)
class _Kept:
    """What this process has read, and what was true then."""

    window: Window | None = None
    state: tuple[object, ...] = ()


_lock, _kept = Lock(), _Kept()


def in_window(now: datetime, days: int = WINDOW_DAYS) -> PaperQuerySet:
    """Papers that a topic may match now."""
    first = now.date() - timedelta(days=days)
    return Paper.objects.works().filter(announced_on__gt=first)


def current_window(*, now: datetime) -> Window:
    """The papers of the last days that can be shown."""
    archive = current_archive(now=now)
    papers = in_window(now).filter(hidden__isnull=True)
    found = papers.aggregate(Count("pk"), Max("pk"), Max("changed_at"))
    state = (now.date(), archive, *found.values())
    with _lock:
        if _kept.window is None or state != _kept.state:
            _kept.window, _kept.state = _read(papers, archive), state
        return _kept.window


def _read(papers: PaperQuerySet, archive: Archive) -> Window:
    rows = list(papers.order_by("announced_on", "pk"))
    return Window(
        ids=[row.pk for row in rows],
        days=[row.announced_on or date.min for row in rows],
        shelf=shelve(rows, archive.background),
        keys=matching.KeyIndex([keys for _, keys in read_words(rows)]),
        archive=archive,
    )
