"""Signing in through the host's OpenID Connect, where the environment names one.

It opens the account whose confirmed address the provider vouches for, and makes none:
papers come to nobody who did not ask for them on the form. Of what the provider tells
only its name for the person is kept.
"""

from __future__ import annotations

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.models import AddressError, User, parse_address


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Leads a person to the account that is theirs already, or to the sign-up form."""

    def populate_user(
        self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]
    ) -> Any:
        """Forget name, picture and groups before anything is stored."""
        sociallogin.account.extra_data = {}
        return super().populate_user(request, sociallogin, data)

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the account; whoever has none is told where to begin."""
        if sociallogin.is_existing:
            return
        user = _find_user(sociallogin)
        if user is None:
            raise ImmediateHttpResponse(_lead_to_form(request))
        sociallogin.connect(request, user)

    def is_open_for_signup(
        self,
        request: HttpRequest,  # noqa: ARG002
        sociallogin: SocialLogin,  # noqa: ARG002
    ) -> bool:
        """Never: consent and topics come first."""
        return False


def _find_user(sociallogin: SocialLogin) -> User | None:
    """The active person with an address that the provider says it has verified."""
    for given in sociallogin.email_addresses:
        if given.verified is not True:
            continue
        try:
            key = parse_address(given.email).key
        except AddressError:
            continue
        user = User.objects.filter(
            email_key=key, is_active=True, confirmed_at__isnull=False
        ).first()
        if user is not None:
            return user
    return None


def _lead_to_form(request: HttpRequest) -> HttpResponseBase:
    words = _(
        "No account here has an address that your host vouches for. Subscribe first; "
        "then you can sign in this way."
    )
    messages.error(request, words)
    return redirect("account_signup")
