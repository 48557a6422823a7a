"""Signing in by e-mailed code, alike for known and unknown addresses."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.views import LoginView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts.forms import SignInForm


class SignInView(LoginView):  # type: ignore[misc]
    """Ask for the address, send a code if it is known, go on to ask for the code."""

    form_class = SignInForm

    def form_valid(self, form: Any) -> HttpResponse:
        """Do the work of a mail for an unknown address too: no one can time it."""
        if form.user is None:
            email = form.cleaned_data["login"]
            get_adapter(self.request).send_mail("account/email/unknown", email, {})
        response: HttpResponse = super().form_valid(form)
        return response


@login_not_required
@require_safe
def sign_up(_request: HttpRequest) -> HttpResponse:
    """Allauth's name for the sign-up page leads to the front page with our form."""
    return redirect(settings.LOGOUT_REDIRECT_URL or "/")
