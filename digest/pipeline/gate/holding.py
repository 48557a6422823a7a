"""Holding sending, and telling the operators why, each in their language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import services as accounts
from accounts.models import Notice
from digest.models import SendingHold


def hold(say_why: Callable[[], str], advice: Callable[[], str], now: datetime) -> bool:
    """Hold sending, unless it is held; whether it was this that did.

    The hold's reason is in the site's language, the mails are in the operators'.
    """
    if SendingHold.objects.filter(released_at=None).exists():
        return False
    with transaction.atomic():
        _hold, is_new = SendingHold.objects.get_or_create(
            reason=say_why()[:300], released_at=None, defaults={"held_at": now}
        )
        for operator in accounts.operators() if is_new else ():
            with translation.override(operator.language):
                words = (_("Sending is on hold"), say_why(), advice())
            accounts.queue_notice(
                Notice.Kind.OPERATOR_NOTE,
                email=operator.email,
                value="\n".join(words),
                now=now,
            )
    return is_new
