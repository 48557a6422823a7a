"""Signing in by e-mailed code, alike for known and unknown addresses."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.views import LoginView
from csp.decorators import csp_update
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts.forms import SignInForm


class SignInView(LoginView):  # type: ignore[misc]
    """Ask for the address, send a code if it is known, go on to ask for the code."""

    form_class = SignInForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Let the button of the host's own sign-in lead there: a form may, if told."""
        view = super().dispatch
        if settings.DIGEST_OIDC:
            issuer = urlsplit(settings.DIGEST_OIDC["settings"]["server_url"])
            origin = f"{issuer.scheme}://{issuer.netloc}"
            view = csp_update({"form-action": [origin]})(view)
        response: HttpResponse = view(request, *args, **kwargs)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the host's own sign-in, where there is one."""
        host: dict[str, Any] = settings.DIGEST_OIDC
        return {**super().get_context_data(**kwargs), "host": host}

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
