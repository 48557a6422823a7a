"""The lock of a day's desk, what was done there, and what stands against an act."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from accounts.models import User
from digest.models import DeskChange, DeskDay, Paper

Kind = DeskChange.Kind

WORDS_LENGTH = 500


class ChangedError(Exception):
    """Somebody did something to the same thing meanwhile: `changes`, the first first.

    Nothing was written.
    """

    def __init__(self, changes: Sequence[DeskChange]) -> None:
        super().__init__("The desk was changed meanwhile.")
        self.changes = changes


@dataclass(frozen=True, slots=True)
class Seat:
    """A curator at the desk of a day.

    `version` of the desk that they look at; None for one who looks at none, and against
    whom nothing can stand.
    """

    curator: User
    day: date
    now: datetime
    version: int | None = None


def seat_of(paper: Paper, curator: User, now: datetime) -> Seat:
    """Where one sits who deals with a paper on its own: at the desk of its day."""
    return Seat(curator, paper.announced_on or now.date(), now)


def lock_desk(day: date) -> DeskDay:
    """The desk of a day, locked until the transaction ends."""
    DeskDay.objects.get_or_create(day=day)
    return DeskDay.objects.select_for_update().get(day=day)


def version_of(day: date) -> int:
    """How much was done at the desk of a day."""
    found = DeskDay.objects.filter(day=day).values_list("version", flat=True).first()
    return found or 0


def require_untouched(desk: DeskDay, seat: Seat, paper_ids: Collection[int]) -> None:
    """Refuse if somebody did something to one of the papers since the seat's version.

    Raises:
        ChangedError: it was done.
    """
    refuse(changes_since(desk, seat).filter(paper__in=paper_ids))


def changes_since(desk: DeskDay, seat: Seat) -> QuerySet[DeskChange]:
    """What was done at the desk since the version that one looks at, in order."""
    if seat.version is None:
        return DeskChange.objects.none()
    return desk.changes.filter(version__gt=seat.version).order_by("version")


def refuse(changes: QuerySet[DeskChange]) -> None:
    """Raise `ChangedError` if there are any."""
    found = list(changes.select_related("paper", "curator"))
    if found:
        raise ChangedError(found)


def write_down(
    desk: DeskDay, seat: Seat, kind: Kind, paper: Paper | None, words: str = ""
) -> None:
    """Note an act at a desk that is locked."""
    desk.version += 1
    desk.save(update_fields=["version"])
    DeskChange.objects.create(
        desk=desk,
        version=desk.version,
        kind=kind,
        paper=paper,
        words=words[:WORDS_LENGTH],
        curator=seat.curator,
        made_at=seat.now,
    )


def what_was_done(day: date, most: int) -> list[DeskChange]:
    """The last acts at the desk of a day, the last one first."""
    changes = DeskChange.objects.filter(desk__day=day).order_by("-version")
    return list(changes.select_related("paper", "curator")[:most])
