"""Whether our mail is believed: DNS, encryption, rates, and what cannot be looked up.

The numbers are those of docs/operator.md. Each check says which record to put where.
"""

from __future__ import annotations

from functools import partial

from django.conf import settings

from digest.health.finding import Check
from digest.health.mail import dkim, dmarc, hosts, practice, rates, spf
from digest.health.mail.lookup import Lookup
from digest.health.mail.sender import read_sender

__all__ = ["Lookup", "make_checks"]


def make_checks(lookup: Lookup) -> dict[str, Check]:
    """The checks by their names; those that need DNS ask this resolver.

    Mail that is only caught, in development, is nobody's business.
    """
    if hasattr(settings, "MAIL_CATCHER_DIR"):
        return {"mail": practice.check_catcher}
    sender = read_sender()
    asking = {
        "D1 SPF": spf.check,
        "D1 DKIM": dkim.check,
        "D1 DMARC": dmarc.check,
        "D2 reverse DNS": hosts.check_reverse,
        "D3 mailboxes": hosts.check_mailboxes,
    }
    return {
        **{name: partial(check, lookup, sender) for name, check in asking.items()},
        "D2 encryption": practice.check_encryption,
        "D4 streams": practice.check_streams,
        "D5 complaints": rates.check_complaints,
        "D5 bounces": rates.check_bounces,
        "D6 pace": practice.check_pace,
        "D7 bulk rules": practice.check_bulk,
        "D8 unsubscribing": practice.check_leaving,
        "D9 feedback": practice.check_feedback,
    }
