"""Inviting by staff: a mail that asks, and nothing more before its button is pressed.

Whoever is known here, has left, or must not be written to is never invited, and nobody
twice in thirty days. Invitations leave one after the other, so many an hour, and each
is looked at again just before it leaves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import tokens
from accounts.models import (
    Address,
    Signup,
    SignupAttempt,
    Suppression,
    User,
    email_hmac,
    email_hmacs,
)
from accounts.services import budgets
from accounts.services.policy import SIGNUP_KEPT

FORM_VERSION = "invitation-1"

ASKED: Promise = _(
    "You are invited to get scientific papers by mail. Nothing is sent before you "
    "press the button."
)
"""What an invited person agrees to; its hash stands in the proof of consent."""

HOUR = timedelta(hours=1)


class Fate(StrEnum):
    """What becomes of an address that staff want to invite."""

    READY = "ready"
    KNOWN = "known"
    SUPPRESSED = "suppressed"
    ASKED = "asked"


def judge_invitations(addresses: Collection[Address], now: datetime) -> dict[str, Fate]:
    """The fate of each address, by its key. Four queries, however many they are."""
    by_key = {address.key: email_hmacs(address.key) for address in addresses}
    hashes = {each for found in by_key.values() for each in found}
    known = set(
        User.objects.filter(email_key__in=by_key).values_list("email_key", flat=True)
    )
    blocked = set(
        Suppression.objects.filter(email_hmac__in=hashes).values_list(
            "email_hmac", flat=True
        )
    )
    pending = set(
        Signup.objects.filter(email_key__in=by_key, expires_at__gt=now).values_list(
            "email_key", flat=True
        )
    )
    lately = set(
        SignupAttempt.objects.filter(
            email_hmac__in=hashes,
            is_granted=True,
            at__gt=now - budgets.ADDRESS_WINDOW,
        ).values_list("email_hmac", flat=True)
    )
    return {
        key: _judge(key in known, blocked & {*own}, key in pending, lately & {*own})
        for key, own in by_key.items()
    }


def _judge(*found: object) -> Fate:
    is_known, is_blocked, is_pending, was_asked = map(bool, found)
    if is_blocked:
        return Fate.SUPPRESSED
    if is_known:
        return Fate.KNOWN
    return Fate.ASKED if is_pending or was_asked else Fate.READY


def begin_invitations(
    invited: Iterable[tuple[Address, Mapping[str, Any], str]],
    *,
    invited_by: User | None,
    now: datetime,
) -> int:
    """Queue the mails of those who may be invited; how many.

    `invited`: each address with its wishes, as the sign-up form keeps them, and the
    language of the mail. The caller wakes `accounts.tasks.send_mails` afterwards.
    """
    wanted = {each[0].key: each for each in invited}
    fates = judge_invitations([each[0] for each in wanted.values()], now)
    ready = [wanted[key] for key, fate in fates.items() if fate == Fate.READY]
    gap = HOUR / settings.DIGEST_INVITATIONS_PER_HOUR
    with transaction.atomic():
        # Two imports take turns, so that together they keep to the rate.
        list(Signup.objects.filter(is_invited=True).select_for_update().order_by("pk"))
        last = Signup.objects.filter(is_invited=True).aggregate(
            at=Max("mail_wanted_at")
        )["at"]
        at = max(now, last + gap) if last else now
        for address, wishes, language in ready:
            _queue(address, dict(wishes), language, at, now, invited_by)
            at += gap
    return len(ready)


def _queue(
    address: Address,
    wishes: dict[str, Any],
    language: str,
    at: datetime,
    now: datetime,
    invited_by: User | None,
) -> None:
    with translation.override(language):
        text_hash = hashlib.sha256(str(ASKED).encode()).hexdigest()
    Signup.objects.filter(email_key=address.key, expires_at__lte=now).delete()
    Signup.objects.create(
        email=address.email,
        email_key=address.key,
        token=tokens.make_token(),
        wishes=wishes,
        language=language,
        created_at=now,
        expires_at=at + SIGNUP_KEPT,
        mail_wanted_at=at,
        form_version=FORM_VERSION,
        text_hash=text_hash,
        is_invited=True,
        invited_by=invited_by,
    )
    # Counted for the address alone: an import must not use up what strangers may ask.
    SignupAttempt.objects.create(
        email_hmac=email_hmac(address.key), at=at, is_granted=True
    )


def may_still_be_invited(signup: Signup) -> bool:
    """Asked just before the mail leaves: much may have happened since it was queued."""
    hashes = email_hmacs(signup.email_key)
    is_blocked = Suppression.objects.filter(email_hmac__in=hashes).exists()
    is_known = User.objects.filter(email_key=signup.email_key).exists()
    return not (is_blocked or is_known)
