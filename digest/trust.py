"""Against stuffing: who may weigh in on what all readers see, and who must wait."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from accounts.models import User

DAY = timedelta(days=1)


class RefusedError(Exception):
    """Why a vote or a submission is not taken.

    `code`: "unconfirmed", "too_new", "too_many_votes", "too_many_submissions", or
    "no_reference". `until` is from when on it would be taken; None where no time helps.
    """

    def __init__(self, code: str, until: datetime | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.until = until


def trusted_since(user: User) -> datetime | None:
    """Since when the address is known to be the person's; None if it is not.

    Staff are known by whoever made their account.
    """
    return user.confirmed_at or (user.date_joined if user.is_staff else None)


def require_trust(user: User, now: datetime) -> None:
    """Let pass whose address has been confirmed for a while.

    Raises:
        RefusedError: it has not.
    """
    since = trusted_since(user)
    if since is None:
        raise RefusedError("unconfirmed")
    until = since + timedelta(hours=settings.DIGEST_VOTE_ACCOUNT_AGE_HOURS)
    if now < until:
        raise RefusedError("too_new", until)


def votes_per_day() -> int:
    """How many papers one reader may vote for in 24 hours."""
    return int(settings.DIGEST_VOTES_PER_DAY)


def submissions_per_day() -> int:
    """How many papers one reader may propose in 24 hours."""
    return int(settings.DIGEST_SUBMISSIONS_PER_DAY)
