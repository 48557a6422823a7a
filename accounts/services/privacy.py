"""Everything held about a person, handed out or erased (GDPR Art. 15, 17, 20).

Other apps register what they hold, so this one exports and erases it without knowing
them. Exporters and erasers run in the order of registration.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q

from accounts.models import (
    AddressChange,
    Invitation,
    Notice,
    Signup,
    SignupAttempt,
    User,
    email_hmacs,
)
from accounts.services import suppression

Exporter = Callable[[User], Any]
Eraser = Callable[[User, datetime], None]

_exporters: dict[str, Exporter] = {}
_erasers: dict[str, Eraser] = {}


def register_exporter(name: str, export: Exporter) -> None:
    """Add one part to every export: `export(user)` gives what JSON can hold."""
    _exporters[name] = export


def register_eraser(name: str, erase: Eraser) -> None:
    """Add one step to every erasure: `erase(user, now)`, before the person goes."""
    _erasers[name] = erase


def export_user(user: User) -> dict[str, Any]:
    """Collect everything held about a person, ready for DjangoJSONEncoder."""
    return {
        "account": _export_account(user),
        **{name: export(user) for name, export in _exporters.items()},
    }


def _export_account(user: User) -> dict[str, Any]:
    attempts = SignupAttempt.objects.filter(email_hmac__in=email_hmacs(user.email_key))
    return {
        "email": user.email,
        "language": user.language,
        "joined_at": user.date_joined,
        "confirmed_at": user.confirmed_at,
        "last_sign_in_at": user.last_login,
        "passkeys": [
            {
                "name": passkey.wrap().name,
                "created_at": passkey.created_at,
                "last_used_at": passkey.last_used_at,
            }
            for passkey in Authenticator.objects.filter(
                user=user, type=Authenticator.Type.WEBAUTHN
            )
        ],
        "host_accounts": list(
            SocialAccount.objects.filter(user=user).values("provider", "uid")
        ),
        "consents": list(
            user.consents.order_by("at").values(
                "at",
                "confirmed_at",
                "ip_prefix",
                "form_version",
                "text_hash",
                "method",
            )
        ),
        "sign_ups": list(
            Signup.objects.filter(email_key=user.email_key).values(
                "email", "created_at", "expires_at", "mails_sent", "ip_prefix", "wishes"
            )
        ),
        "sign_up_attempts": list(attempts.values("at", "ip_prefix", "mail_domain")),
        "suppressions": list(
            suppression.rows_for(user.email_key).values(
                "scope", "reason", "evidence", "at"
            )
        ),
        "address_change": list(
            AddressChange.objects.filter(user=user).values("email", "created_at")
        ),
    }


@transaction.atomic
def erase_user(user: User, now: datetime) -> None:
    """Erase a person and all that hangs on them; a complaint or bounce stays as a hash.

    A row that must stay for the counts is anonymised by the eraser of its app.
    """
    for erase in _erasers.values():
        erase(user, now)
    hashes = email_hmacs(user.email_key)
    EmailAddress.objects.filter(email=user.email).delete()
    Signup.objects.filter(email_key=user.email_key).delete()
    SignupAttempt.objects.filter(email_hmac__in=hashes).update(
        ip_prefix="", mail_domain=""
    )
    pending = AddressChange.objects.filter(user=user).values("email")
    Notice.objects.filter(Q(email=user.email) | Q(email__in=pending)).delete()
    Invitation.objects.filter(used_by=user).update(note="")
    LogEntry.objects.filter(object_repr__contains=user.email).update(object_repr="")
    _end_sessions(user)
    user.delete()


def _end_sessions(user: User) -> None:
    """Sign the person out everywhere; a session may hold the address that was typed."""
    for session in Session.objects.iterator():
        content = session.get_decoded()
        if content.get(SESSION_KEY) == str(user.pk) or user.email in str(content):
            session.delete()


@transaction.atomic
def erase_and_never_mail(user: User, now: datetime) -> None:
    """Erase a person who also asks never to be written to again: a hash remembers."""
    suppression.suppress(
        user.email, suppression.Reason.ERASED, suppression.Scope.ALL, now
    )
    erase_user(user, now)
