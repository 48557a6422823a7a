"""Small steps that the tests of accounts are told in."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from allauth.account.internal.flows import login
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts import services
from accounts.addresses import normalise
from accounts.models import Signup, User, parse_address
from accounts.services import Confirmed, Evidence

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def sign_up(
    email: str,
    now: datetime = NOW,
    *,
    network: str = "192.0.2.0/24",
    wishes: dict[str, Any] | None = None,
    invitation_code: str = "",
) -> None:
    """Press the sign-up button, and let the queue send what it has."""
    services.begin_signup(
        address=normalise(email),
        wishes=wishes or {"topics": [1]},
        evidence=Evidence(ip_prefix=network, form_version="1", text_hash="a" * 64),
        now=now,
        invitation_code=invitation_code,
    )
    send_all(now)


def send_all(now: datetime = NOW) -> None:
    """Send every mail that waits."""
    for signup_id in services.unsent_signups(now):
        services.send_signup_mail(signup_id, now)
    for notice_id in services.unsent_notices(now):
        services.send_notice(notice_id, now)


def confirm(email: str, now: datetime = NOW) -> Confirmed:
    """Press the confirm button of an address."""
    token = Signup.objects.get(email_key=parse_address(email).key).token
    confirmed = services.confirm_signup(token, now)
    assert confirmed is not None
    return confirmed


def code_in_last_mail() -> str:
    """Read the sign-in code as a person would."""
    found = re.search(
        r"^\n?([A-Z0-9-]{6,10})$", str(mail.outbox[-1].body), re.MULTILINE
    )
    assert found
    return found[1]


def sign_in_by_code(client: Client, user: User) -> None:
    """Give the client the session of a person who typed a code just now."""
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    session = client.session
    record = {"method": "code", "at": timezone.now().timestamp()}
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [record]
    session.save()
