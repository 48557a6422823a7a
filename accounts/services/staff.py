"""Administrators and invitations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction

from accounts import tokens
from accounts.models import (
    Consent,
    Invitation,
    Notice,
    User,
    parse_address,
)
from accounts.services import notices

INVITATION_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Operator:
    """Whom the service tells when it needs help, and in which language."""

    email: str
    language: str


def operators() -> list[Operator]:
    """The addresses of DIGEST_OPERATORS; without any, the active superusers."""
    if settings.DIGEST_OPERATORS:
        return [
            Operator(email, settings.LANGUAGE_CODE)
            for email in settings.DIGEST_OPERATORS
        ]
    users = User.objects.filter(is_superuser=True, is_active=True).order_by("pk")
    return [Operator(user.email, user.language) for user in users]


@transaction.atomic
def make_staff(
    email: str, password: str | None, now: datetime, *, is_superuser: bool = True
) -> User:
    """Make a person staff, creating them if need be; raises AddressError.

    Without a password they sign in by e-mailed code. The address counts as confirmed.
    """
    address = parse_address(email)
    user = User.objects.filter(email_key=address.key).first()
    if user is None:
        user = User.objects.create_user(address.email)
        Consent.objects.create(
            user=user, at=now, confirmed_at=now, method=Consent.Method.STAFF
        )
    user.is_staff, user.is_superuser = True, is_superuser
    user.confirmed_at = user.confirmed_at or now
    if password:
        user.set_password(password)
    user.save(update_fields=["is_staff", "is_superuser", "confirmed_at", "password"])
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    return user


@transaction.atomic
def invite(
    *, note: str, created_by: User | None, now: datetime, email: str = ""
) -> Invitation:
    """Make an invitation for one sign-up; with an address, the code goes there."""
    invitation = Invitation.objects.create(
        code=tokens.make_token(),
        note=note,
        created_by=created_by,
        created_at=now,
        expires_at=now + INVITATION_KEPT,
    )
    if email:
        notices.queue_notice(
            Notice.Kind.INVITATION,
            email=parse_address(email).email,
            value=invitation.code,
            now=now,
        )
    return invitation
