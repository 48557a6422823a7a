"""How allauth is used here: it signs people in by e-mailed code, and nothing else."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import services, tasks
from accounts.models import Notice, Suppression


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
