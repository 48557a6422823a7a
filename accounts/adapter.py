"""How allauth is used here: it signs people in, by e-mailed code or passkey."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts import services, tasks
from accounts.models import Notice, Suppression, User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Closed to allauth's own sign-up; its mails go through our queue."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """People sign up on the form with the topics, with consent and budgets."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """After signing in one stays on this site: a path, never another host."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def send_mail(
        self, template_prefix: str, email: str, context: dict[str, Any]
    ) -> None:
        """Queue the sign-in code; every other mail of allauth is not sent at all.

        An unknown or wholly suppressed address queues a row as well, one that sends
        nothing, so that the answer takes as long as for a known one.
        """
        is_code = template_prefix.endswith("/login_code")
        is_blocked = services.is_suppressed(email, Suppression.Scope.ALL)
        services.queue_notice(
            Notice.Kind.SIGNIN_CODE
            if is_code and not is_blocked
            else Notice.Kind.NOTHING,
            email=email,
            value=str(context.get("code", "")),
            now=timezone.now(),
        )
        tasks.wake()


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """A passkey is a second factor of staff; for readers it is another way in.

    A reader who signs in by code is not asked for one: the device may be lost, or the
    browser be without scripts.
    """

    def is_mfa_enabled(self, user: User, types: Collection[str] | None = None) -> bool:
        """Whether this person is asked for a second factor of these types."""
        if user.is_authenticated and not user.is_staff:
            asked = set(Authenticator.Type.values if types is None else types)
            types = asked - {Authenticator.Type.WEBAUTHN}
        return bool(super().is_mfa_enabled(user, types))

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002
        """What a new passkey is called, unless its owner says."""
        count = Authenticator.objects.filter(user=user, type=type).count()
        return _("Passkey {number}").format(number=count + 1)
