"""The admin site: staff enter with an e-mailed code and a second factor.

The factor is asked of the session, not of the account: that somebody owns an
authenticator says nothing about who holds this browser's cookie.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]

FACTOR_LASTS = timedelta(hours=12)
"""A working day: a session lives for weeks, and a browser is left open."""


def has_shown_factor(request: HttpRequest) -> bool:
    """Whether this session has shown a second factor within the last 12 hours.

    A recovery code counts: it stands in for an authenticator that was lost.
    """
    oldest = (timezone.now() - FACTOR_LASTS).timestamp()
    records = get_authentication_records(request, request.user)
    return any(
        record.get("method") == "mfa" and record.get("at", 0) >= oldest
        for record in records
    )


class StaffSite(AdminSite):
    """Opens only to staff who showed a second factor, where the settings ask for one.

    Recovery codes alone are no factor: they come with an authenticator.
    """

    site_header = settings.DIGEST_SITE_NAME
    site_title = settings.DIGEST_SITE_NAME
    # Lists have many columns; the breadcrumbs lead to the other tables.
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Asked by every page of the admin."""
        return super().has_permission(request) and (
            not settings.DIGEST_STAFF_SECOND_FACTOR
            or (is_mfa_enabled(request.user, FACTORS) and has_shown_factor(request))
        )

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send to the sign-in by code; a password alone opens nothing here."""
        if not settings.DIGEST_STAFF_SECOND_FACTOR:
            return super().login(request, extra_context)
        following = _safe_next(request) or reverse("admin:index", current_app=self.name)
        if not request.user.is_authenticated:
            return redirect_to_login(following)
        if not super().has_permission(request):
            raise PermissionDenied
        if not is_mfa_enabled(request.user, FACTORS):
            return redirect("mfa_activate_totp")
        if not has_shown_factor(request):
            return redirect(f"{_factor_page(request)}?{urlencode({'next': following})}")
        return redirect(following)


def _factor_page(request: HttpRequest) -> str:
    """Where this person shows the factor that they have."""
    has_app = is_mfa_enabled(request.user, [Authenticator.Type.TOTP])
    return reverse("mfa_reauthenticate" if has_app else "mfa_reauthenticate_webauthn")


def _safe_next(request: HttpRequest) -> str:
    following = request.GET.get("next") or ""
    is_safe = url_has_allowed_host_and_scheme(following, allowed_hosts=None)
    return following if is_safe else ""
