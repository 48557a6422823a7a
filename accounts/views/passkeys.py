"""Passkeys: another way to sign in. Adding or removing one asks for a fresh code.

allauth makes and checks the challenges; the code by mail stays, for browsers without
scripts or passkeys and for whoever lost a device.
"""

from __future__ import annotations

from typing import Any

from allauth.mfa.webauthn.internal import auth, flows
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.generic import FormView

from accounts.forms import PasskeyForm
from accounts.views.private import fresh_signin_required, signed_in


@method_decorator(fresh_signin_required, name="dispatch")
class AddPasskeyView(FormView):  # type: ignore[type-arg]  # allauth's form has no types
    """Have the browser make a passkey, and keep its public half."""

    form_class = PasskeyForm
    template_name = "accounts/add_passkey.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form names the passkey after those that the person has."""
        return {**super().get_form_kwargs(), "user": signed_in(self.request)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Hand the script its challenge: one that stays on the device, unlocked."""
        options = auth.begin_registration(signed_in(self.request), passwordless=True)
        return {
            **super().get_context_data(**kwargs),
            "js_data": {"creation_options": options},
        }

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it, without recovery codes: the code by mail is that."""
        flows.signup_authenticator(
            self.request,
            user=signed_in(self.request),
            name=form.cleaned_data["name"],
            credential=form.cleaned_data["credential"],
        )
        return redirect("mfa_list_webauthn")


add_passkey = AddPasskeyView.as_view()
remove_passkey = fresh_signin_required(RemoveWebAuthnView.as_view())
