"""The admin site: staff enter with an e-mailed code and a second factor."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class StaffSite(AdminSite):
    """Opens only to staff with an authenticator, where the settings ask for one.

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
            or is_mfa_enabled(request.user, FACTORS)
        )

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send to the sign-in by code; a password alone opens nothing here."""
        if not settings.DIGEST_STAFF_SECOND_FACTOR:
            return super().login(request, extra_context)
        if not request.user.is_authenticated:
            index = reverse("admin:index", current_app=self.name)
            return redirect_to_login(request.GET.get("next") or index)
        if not super().has_permission(request):
            raise PermissionDenied
        if not is_mfa_enabled(request.user, FACTORS):
            return redirect("mfa_activate_totp")
        return redirect("admin:index", current_app=self.name)
