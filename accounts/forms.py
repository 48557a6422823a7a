"""Forms that read an address, and what keeps programs from pressing their buttons."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.forms import LoginForm
from allauth.mfa.webauthn.forms import LoginWebAuthnForm, SignupWebAuthnForm
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import addresses, services, tokens
from accounts.models import Address, AddressError, User, parse_address


class AddressField(forms.CharField):
    """One e-mail address; `cleaned_data` holds an `Address`."""

    widget = forms.EmailInput(attrs={"autocomplete": "email"})
    default_error_messages = {"required": _("Please type your e-mail address.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": _("E-mail address"), "max_length": 320, **kwargs})

    def clean(self, value: Any) -> Address | None:
        """Normalise; role addresses and the service's own are errors."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return addresses.normalise(text)
        except AddressError as error:
            raise ValidationError(str(error)) from error


class GuardedSignupForm(forms.Form):
    """What every sign-up form needs; the form with the topics extends it.

    Show it with `GuardedSignupForm(now=now)`. When it is valid but `is_automated`,
    answer as always and do not begin a sign-up. `website` is bait: hide it from people
    by a style, not by its type.
    """

    email = AddressField()
    invitation = forms.CharField(
        label=_("Invitation code"), max_length=64, required=False
    )
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.fields["shown"].initial = tokens.make_form_token(now)
        if settings.DIGEST_SIGNUP != "invitation":
            del self.fields["invitation"]

    def clean(self) -> dict[str, Any]:
        """Say why, where sign-up is not open to this address or code."""
        cleaned = super().clean() or {}
        if isinstance(cleaned.get("email"), Address):
            try:
                services.check_policy(
                    cleaned["email"],
                    invitation_code=cleaned.get("invitation", ""),
                    now=self.now,
                )
            except services.SignupError as error:
                self.add_error(None, str(error))
        return cleaned

    @property
    def is_automated(self) -> bool:
        """The bait was taken, or the form came back too fast, too late or unsigned."""
        shown = self.cleaned_data.get("shown", "")
        return bool(self.cleaned_data.get("website")) or not (
            tokens.is_form_token_good(shown, self.now)
        )


class SignInForm(LoginForm):  # type: ignore[misc]
    """Ask for an address; the code goes to the way of writing that was confirmed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The words of our other forms; allauth repeats the label inside the field.
        self.fields["login"].label = _("E-mail address")
        self.fields["login"].widget.attrs.pop("placeholder", None)
        self.fields["remember"].label = _("Stay signed in on this device")

    def clean_login(self) -> str:
        """Find the stored address of the same mailbox (dots and tags of Gmail)."""
        typed = str(super().clean_login())
        try:
            key = parse_address(typed).key
        except AddressError:
            return typed
        stored = User.objects.filter(email_key=key).values_list("email", flat=True)
        return stored.first() or typed


NAME_LENGTH = 80
NO_PASSKEY = (AttributeError, LookupError, TypeError, ValueError)
"""What the library raises over an answer that no browser gives."""


class PasskeyForm(SignupWebAuthnForm):  # type: ignore[misc]
    """A new passkey: its name, and the browser's answer to the challenge."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name, to tell it from others")
        self.fields["name"].widget.attrs["maxlength"] = str(NAME_LENGTH)

    def clean_name(self) -> str:
        """A name that fits into a list; one of ours where there is none."""
        return str(super().clean_name())[:NAME_LENGTH]

    def clean(self) -> dict[str, Any]:
        """Refuse what is no answer."""
        try:
            return dict(super().clean())
        except NO_PASSKEY as error:
            raise ValidationError(_("This is no passkey.")) from error


class PasskeySignInForm(LoginWebAuthnForm):  # type: ignore[misc]
    """The browser's answer, with which a passkey's owner enters."""

    def clean_credential(self) -> Any:
        """Refuse what is no answer, or was not signed by the passkey."""
        try:
            return super().clean_credential()
        except NO_PASSKEY as error:
            raise ValidationError(_("This is no passkey.")) from error


class AddressChangeForm(forms.Form):
    """The new address."""

    email = AddressField(label=_("New e-mail address"))


class EraseForm(forms.Form):
    """Erase, and whether to remember (as a hash) never to write again."""

    never_mail = forms.BooleanField(
        label=_("Never write to this address again, whoever enters it here"),
        required=False,
    )
