"""Who may sign up at all: everybody, named mail domains, or those with an invitation.

The answer depends on the address as typed and on the code alone, never on whether the
address is known, so showing it tells nobody anything.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import Address, Invitation

SIGNUP_KEPT = timedelta(days=7)
"""How long a mailed question waits for its button."""


class SignupError(ValueError):
    """The sign-up form must say why (a translated sentence)."""


def check_policy(
    address: Address, *, invitation_code: str, now: datetime
) -> Invitation | None:
    """Return the invitation that is used, if one is needed; raises SignupError."""
    if settings.DIGEST_SIGNUP == "domains" and not _is_domain_allowed(address.domain):
        raise SignupError(
            _("Only these mail domains may sign up: %(domains)s.")
            % {"domains": ", ".join(settings.DIGEST_SIGNUP_DOMAINS)}
        )
    if settings.DIGEST_SIGNUP == "invitation":
        return _find_invitation(invitation_code, now)
    return None


def _is_domain_allowed(domain: str) -> bool:
    allowed = {name.casefold().strip() for name in settings.DIGEST_SIGNUP_DOMAINS}
    return domain in allowed


def _find_invitation(code: str, now: datetime) -> Invitation:
    invitation = Invitation.objects.filter(
        code=code.strip().replace("\x00", ""), used_at=None, expires_at__gt=now
    ).first()
    if invitation is None:
        raise SignupError(_("This invitation code is not valid, or was used."))
    return invitation
