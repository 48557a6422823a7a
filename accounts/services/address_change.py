"""Moving to another address: ask there, change on the button, tell the old one."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts import tokens
from accounts.addresses import mask
from accounts.models import Address, AddressChange, Notice, User, parse_address
from accounts.services import budgets, links, notices, suppression

CHANGE_KEPT = timedelta(days=1)
COOLDOWN = timedelta(minutes=10)


@transaction.atomic
def request_address_change(user: User, address: Address, now: datetime) -> None:
    """Ask at the new address. The same answer whether or not it belongs to somebody.

    No mail goes to an address of another person, to a suppressed one, a second time
    within ten minutes, or to one that had its mails of the day or month.
    """
    last = AddressChange.objects.select_for_update().filter(user=user).first()
    is_soon = last is not None and now - last.created_at < COOLDOWN
    is_taken = User.objects.filter(email_key=address.key).exclude(pk=user.pk).exists()
    is_blocked = suppression.is_suppressed(address.email, suppression.Scope.ALL)
    is_affordable = budgets.is_address_affordable(address, now)
    if is_soon or is_taken or is_blocked or address.email == user.email:
        return
    if not is_affordable:
        return
    budgets.record_attempt(address, "", now, is_granted=True)
    token = tokens.make_token()
    AddressChange.objects.update_or_create(
        user=user,
        defaults={
            "email": address.email,
            "token": token,
            "created_at": now,
            "expires_at": now + CHANGE_KEPT,
        },
    )
    notices.queue_notice(
        Notice.Kind.CONFIRM_ADDRESS, email=address.email, value=token, now=now
    )


def find_address_change(token: str, now: datetime) -> AddressChange | None:
    """Find the change that a confirm page is about, without changing anything."""
    if not tokens.is_well_formed(token):
        return None
    change = (
        AddressChange.objects.filter(token=token, expires_at__gt=now)
        .select_related("user")
        .first()
    )
    if change is None or not tokens.matches(token, change.token):
        return None
    return change


@transaction.atomic
def confirm_address_change(token: str, now: datetime) -> User | None:
    """Move the person to the new address; None for a token that is no longer good.

    Links in mails to the old address end, and the old address is told.
    """
    change = find_address_change(token, now)
    if change is None or not AddressChange.objects.filter(pk=change.pk).delete()[0]:
        return None
    user, old, new = change.user, change.user.email, parse_address(change.email)
    if User.objects.filter(email_key=new.key).exclude(pk=user.pk).exists():
        return None
    user.set_address(new)
    user.confirmed_at = now
    user.save(update_fields=["email", "email_key", "email_hmac", "confirmed_at"])
    links.revoke_links(user)
    user.refresh_from_db()
    EmailAddress.objects.filter(user=user).delete()
    EmailAddress.objects.create(
        user=user, email=user.email, verified=True, primary=True
    )
    notices.queue_notice(
        Notice.Kind.ADDRESS_CHANGED, email=old, value=mask(user.email), now=now
    )
    return user
