"""Against stuffing: who may weigh in on what all readers see, and who must wait."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from accounts.models import User
from digest.models import ReaderTrust

DAY = timedelta(days=1)


class RefusedError(Exception):
    """Why a vote or a submission is not taken.

    `code`: "unconfirmed", "too_new", "barred", "too_many_votes",
    "too_many_submissions" or "no_reference". `until` is from when on it would be taken;
    None where no time helps. `most`: the limit, where it is one of proposals.
    """

    def __init__(
        self, code: str, until: datetime | None = None, most: int | None = None
    ) -> None:
        super().__init__(code)
        self.code = code
        self.until = until
        self.most = most


def trusted_since(user: User) -> datetime | None:
    """Since when the address is known to be the person's; None if it is not.

    Staff are known by whoever made their account.
    """
    return user.confirmed_at or (user.date_joined if user.is_staff else None)


def require_trust(user: User, now: datetime) -> None:
    """Let pass whose address has been confirmed for a while, or whom curators trust.

    Raises:
        RefusedError: it has not.
    """
    since = trusted_since(user)
    if since is None:
        raise RefusedError("unconfirmed")
    level = _level_of(user)
    if level == ReaderTrust.Level.BARRED:
        raise RefusedError("barred")
    if level == ReaderTrust.Level.TRUSTED:
        return
    until = since + timedelta(hours=settings.DIGEST_VOTE_ACCOUNT_AGE_HOURS)
    if now < until:
        raise RefusedError("too_new", until)


def votes_per_day() -> int:
    """How many papers one reader may vote for in 24 hours."""
    return int(settings.DIGEST_VOTES_PER_DAY)


def submissions_per_day(user: User) -> int:
    """How many papers this reader may propose in 24 hours."""
    own = ReaderTrust.objects.filter(user=user).values_list("per_day", flat=True)
    limit = own.first()
    return int(settings.DIGEST_SUBMISSIONS_PER_DAY) if limit is None else limit


def _level_of(user: User) -> str:
    levels = ReaderTrust.objects.filter(user=user).values_list("level", flat=True)
    return levels.first() or ReaderTrust.Level.USUAL
