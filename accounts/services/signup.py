"""Asking first by mail: begin, send the confirmation, confirm.

Whoever presses the sign-up button learns nothing about the address: new, pending,
known, suppressed and over-budget addresses take the same queries and the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import F
from django.utils import translation

from accounts import emails, tokens
from accounts.models import Address, Consent, Invitation, Signup, User
from accounts.services import budgets, invitations, notices, policy, suppression
from accounts.services.policy import SIGNUP_KEPT

SECOND_PRESS = timedelta(hours=1)
# Greylisting servers take a mail at the second or third attempt.
RETRY_AFTER = timedelta(minutes=5)
RETRIED_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Evidence:
    """What the consent record keeps of the form.

    `ip_prefix` comes from `truncate_ip`; `text_hash` is the SHA-256 (hex) of the text
    that stood beside the button.
    """

    ip_prefix: str = ""
    form_version: str = ""
    text_hash: str = ""


@dataclass(frozen=True)
class Confirmed:
    """A confirmed sign-up. `is_new` is False for a person who was known before."""

    user: User
    wishes: dict[str, Any]
    is_new: bool


def begin_signup(
    *,
    address: Address,
    wishes: dict[str, Any],
    evidence: Evidence,
    now: datetime,
    invitation_code: str = "",
) -> None:
    """Note that an address wants mail; the confirmation mail follows if it may.

    Raises SignupError where the policy says no, for all addresses alike. The caller
    wakes `accounts.tasks.send_mails` afterwards, whatever happened here.
    """
    invitation = policy.check_policy(address, invitation_code=invitation_code, now=now)
    with transaction.atomic():
        signup = _lock_signup(address, now)
        user = User.objects.filter(email_key=address.key).first()
        is_wanted = suppression.may_confirm(address.key, now)
        is_affordable = budgets.is_within_budget(address, evidence.ip_prefix, now)
        is_granted = is_wanted and is_affordable and (user.is_active if user else True)
        _renew(signup, now, is_granted=is_granted)
        signup.is_known = user is not None
        if is_granted or not (signup.mails_sent or signup.is_invited):
            # Once a mail is out, only the sign-up of a next mail may replace what
            # its link confirms: a stranger must not write into somebody's consent.
            signup.wishes, signup.created_at = wishes, now
            signup.invitation = invitation
            signup.is_invited, signup.invited_by = False, None
            signup.ip_prefix = evidence.ip_prefix
            signup.form_version = evidence.form_version
            signup.text_hash = evidence.text_hash
            signup.language = translation.get_language() or "en"
        signup.save()
        budgets.record_attempt(address, evidence.ip_prefix, now, is_granted=is_granted)
        suppression.note_retry(address.key, now, is_granted=is_granted)


def _lock_signup(address: Address, now: datetime) -> Signup:
    """One row for each address; the lock makes sign-ups for it take turns."""
    Signup.objects.get_or_create(
        email_key=address.key,
        defaults={
            "email": address.email,
            "token": tokens.make_token(),
            "created_at": now,
            "expires_at": now + SIGNUP_KEPT,
        },
    )
    return Signup.objects.select_for_update().get(email_key=address.key)


def _renew(signup: Signup, now: datetime, *, is_granted: bool) -> None:
    """Keep a link that was mailed good; a used or expired one is replaced."""
    if signup.confirmed_at or signup.expires_at <= now:
        signup.token = tokens.make_token()
        signup.confirmed_at = signup.user = signup.mail_wanted_at = None
        signup.expires_at = now + SIGNUP_KEPT
    if is_granted:
        signup.expires_at = now + SIGNUP_KEPT
        signup.mail_wanted_at = now


def unsent_signups(now: datetime) -> list[int]:
    """Ids of the sign-ups whose mail is due, oldest first."""
    rows = Signup.objects.unsent(now).order_by("mail_wanted_at")
    return list(rows.values_list("pk", flat=True)[:1000])


def send_signup_mail(signup_id: int, now: datetime) -> None:
    """Send the mail of one sign-up, if nobody else has.

    A server that says "later" is asked again for a day. A mail whose fate is unknown
    is not sent twice: its row keeps `last_mailed_at` empty, and the error is raised.
    """
    signup = Signup.objects.claim_mail(signup_id, now)
    if signup is None:
        return
    if signup.is_invited and not invitations.may_still_be_invited(signup):
        signup.delete()
        return
    granted_at = signup.expires_at - SIGNUP_KEPT
    envelope = emails.Envelope(
        to=signup.email,
        reference=f"signup-{signup.token}-{signup.mails_sent}",
        at=granted_at,
        language=signup.language,
    )
    make = emails.already_subscribed if signup.is_known else emails.confirm_signup
    if signup.is_invited:
        make = emails.invited
    row = Signup.objects.filter(pk=signup.pk)
    if notices.hand_over(make(envelope, signup.token)):
        row.update(last_mailed_at=now)
    elif now - granted_at < RETRIED_FOR:
        row.update(mail_wanted_at=now + RETRY_AFTER, mails_sent=F("mails_sent") - 1)


def find_signup(token: str, now: datetime) -> Signup | None:
    """Find the sign-up that a confirm page is about, without changing anything."""
    if not tokens.is_well_formed(token):
        return None
    signup = Signup.objects.filter(token=token).select_related("user").first()
    if signup is None or not tokens.matches(token, signup.token):
        return None
    if signup.confirmed_at:
        return signup if now - signup.confirmed_at < SECOND_PRESS else None
    return signup if now < signup.expires_at else None


@transaction.atomic
def confirm_signup(token: str, now: datetime) -> Confirmed | None:
    """Press the button. None for a token that is unknown, expired or used before.

    A second press within the hour gives the same person again and changes nothing.
    """
    if not tokens.is_well_formed(token):
        return None
    # Two presses at the same time take turns; the second one sees what the first did.
    Signup.objects.select_for_update().filter(token=token).first()
    signup = find_signup(token, now)
    if signup is None:
        return None
    if signup.confirmed_at and signup.user:
        return Confirmed(signup.user, signup.wishes, is_new=not signup.is_known)
    user = User.objects.filter(email_key=signup.email_key).first()
    signup.is_known = user is not None
    if user and not user.is_active:
        return None
    if signup.invitation and not _use_invitation(signup.invitation, now):
        return None
    user = user or User.objects.create_user(signup.email, language=signup.language)
    if signup.invitation:
        Invitation.objects.filter(pk=signup.invitation.pk).update(used_by=user)
    _record_consent(signup, user, now)
    suppression.lift(user.email)
    budgets.forget_attempts(signup.email_key)
    signup.user, signup.confirmed_at, signup.mail_wanted_at = user, now, None
    signup.save(update_fields=["user", "confirmed_at", "mail_wanted_at", "is_known"])
    return Confirmed(user, signup.wishes, is_new=not signup.is_known)


def _use_invitation(invitation: Invitation, now: datetime) -> bool:
    unused = Invitation.objects.filter(pk=invitation.pk, used_at=None)
    return bool(unused.update(used_at=now))


def _record_consent(signup: Signup, user: User, now: datetime) -> None:
    user.confirmed_at = now
    user.save(update_fields=["confirmed_at"])
    # allauth signs in by this table; without a row there is no code.
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    Consent.objects.create(
        user=user,
        at=signup.created_at,
        ip_prefix=signup.ip_prefix,
        form_version=signup.form_version,
        text_hash=signup.text_hash,
        method=Consent.Method.INVITED if signup.is_invited else Consent.Method.FORM,
        confirmed_at=now,
    )
