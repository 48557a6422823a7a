"""The reading list: what a reader saved, what of it is read, and who may see it.

It is the reader's alone, unless they share it: then whoever has the link may read it,
without learning whose it is, until the link is renewed or taken back.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from digest import links
from digest.models import SavedPaper, Schedule


def saved_papers(user: User) -> QuerySet[SavedPaper]:
    """What is on the list, newest first; of works that were merged, the one that stays.

    Papers that a curator hid are not shown.
    """
    return SavedPaper.objects.filter(
        user=user, paper__merged_into__isnull=True, paper__hidden__isnull=True
    ).select_related("paper")


def set_read(user: User, saved_id: int, *, read_at: datetime | None) -> bool:
    """Say that a saved paper is read, or with None that it is not; whether it is there.

    What is read already keeps its time.
    """
    rows = SavedPaper.objects.filter(user=user, pk=saved_id)
    if read_at:
        rows.filter(read_at__isnull=True).update(read_at=read_at)
    else:
        rows.update(read_at=None)
    return rows.exists()


def remove(user: User, saved_id: int) -> bool:
    """Take a paper off the list; say whether it was there."""
    return bool(SavedPaper.objects.filter(user=user, pk=saved_id).delete()[0])


def share(user: User) -> None:
    """Share the list by a new link; an earlier one ends."""
    Schedule.objects.filter(user=user).update(list_token=links.new_token())


def stop_sharing(user: User) -> None:
    """End the link."""
    Schedule.objects.filter(user=user).update(list_token=None)


def shared_by(token: str) -> User | None:
    """Whose list the link shows."""
    readers = Schedule.objects.select_related("user").filter(user__is_active=True)
    schedule = readers.filter(list_token=token).first()
    return schedule.user if schedule else None
