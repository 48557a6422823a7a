"""How many mails a stranger's sign-ups may cause (list bombing).

Per address one mail in 24 hours and three in 30 days until it confirms; per network,
per mail domain and in all so many an hour. Over budget means: silently no mail.
"""

from __future__ import annotations

import ipaddress
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q

from accounts.models import Address, SignupAttempt, email_hmac, email_hmacs

HOUR = timedelta(hours=1)
ADDRESS_COOLDOWN = timedelta(hours=24)
ADDRESS_WINDOW = timedelta(days=30)
MAILS_PER_ADDRESS = 3
# After this the network and the domain are forgotten; only the keyed hash is counted.
ATTEMPT_DETAIL_KEPT = timedelta(days=7)


def truncate_ip(text: str) -> str:
    """Cut a peer address to its network: /24 of IPv4, /64 of IPv6; "" if unreadable."""
    try:
        ip = ipaddress.ip_address(text.strip())
    except ValueError:
        return ""
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    bits = 64 if isinstance(ip, ipaddress.IPv6Address) else 24
    return str(ipaddress.ip_network((ip.packed, bits), strict=False))


def is_within_budget(address: Address, ip_prefix: str, now: datetime) -> bool:
    """Tell whether one more mail may go out. Two queries, whatever the answer."""
    hour = Q(at__gt=now - HOUR)
    recent = SignupAttempt.objects.filter(is_granted=True, at__lte=now)
    hourly = recent.filter(hour).aggregate(
        network=Count("pk", filter=Q(ip_prefix=ip_prefix)),
        domain=Count("pk", filter=Q(mail_domain=address.domain)),
        total=Count("pk"),
    )
    return bool(
        is_address_affordable(address, now)
        and hourly["network"] < _limit("DIGEST_SIGNUP_MAILS_PER_NETWORK_HOUR", 10)
        and hourly["domain"] < _limit("DIGEST_SIGNUP_MAILS_PER_DOMAIN_HOUR", 100)
        and hourly["total"] < _limit("DIGEST_SIGNUP_MAILS_PER_HOUR", 500)
    )


def is_address_affordable(address: Address, now: datetime) -> bool:
    """Tell whether one more unasked-for mail may go to this address: one query."""
    own = SignupAttempt.objects.filter(
        is_granted=True,
        email_hmac__in=email_hmacs(address.key),
        at__gt=now - ADDRESS_WINDOW,
        at__lte=now,
    ).aggregate(
        day=Count("pk", filter=Q(at__gt=now - ADDRESS_COOLDOWN)), month=Count("pk")
    )
    return bool(own["day"] == 0 and own["month"] < MAILS_PER_ADDRESS)


def _limit(setting: str, default: int) -> int:
    return int(getattr(settings, setting, default))


def record_attempt(
    address: Address, ip_prefix: str, now: datetime, *, is_granted: bool
) -> None:
    """Count one pressed button."""
    SignupAttempt.objects.create(
        email_hmac=email_hmac(address.key),
        ip_prefix=ip_prefix,
        mail_domain=address.domain,
        at=now,
        is_granted=is_granted,
    )


def forget_attempts(email_key: str) -> None:
    """The address confirmed: its owner reads the mails, so the counting starts anew."""
    SignupAttempt.objects.filter(email_hmac__in=email_hmacs(email_key)).delete()


def prune_attempts(now: datetime) -> int:
    """Drop or strip old attempts; returns how many rows changed.

    Those that caused a mail stay for 30 days as a hash and a time, because the budget
    of an address reaches that far back.
    """
    old = SignupAttempt.objects.filter(at__lte=now - ATTEMPT_DETAIL_KEPT)
    dropped, _by_model = old.filter(
        Q(is_granted=False) | Q(at__lte=now - ADDRESS_WINDOW)
    ).delete()
    stripped = old.exclude(ip_prefix="", mail_domain="").update(
        ip_prefix="", mail_domain=""
    )
    return dropped + stripped
