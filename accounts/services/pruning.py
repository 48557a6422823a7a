"""What is no longer needed goes: retention, once a day or more often."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.models import Session

from accounts.models import AddressChange, Invitation, Signup
from accounts.services.budgets import ATTEMPT_DETAIL_KEPT, prune_attempts
from accounts.services.notices import prune_notices
from accounts.services.signup import SECOND_PRESS


def prune(now: datetime) -> dict[str, int]:
    """Erase what is over; returns the number of rows by kind."""
    signups = Signup.objects.over(now, confirmed_before=now - SECOND_PRESS)
    changes = AddressChange.objects.filter(expires_at__lte=now)
    invitations = Invitation.objects.filter(
        used_at=None, expires_at__lte=now - ATTEMPT_DETAIL_KEPT
    )
    return {
        "signups": signups.delete()[0],
        "attempts": prune_attempts(now),
        "notices": prune_notices(now),
        "address_changes": changes.delete()[0],
        "sessions": Session.objects.filter(expire_date__lte=now).delete()[0],
        "invitations": invitations.delete()[0],
    }
