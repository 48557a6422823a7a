"""Queue one transactional mail, and send it: at most once.

A mail whose hand-over certainly did not happen is tried again; one whose fate is
unknown is not, because its reader can simply ask for another.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import Q
from django.utils import translation

from accounts import emails
from accounts.models import Notice

logger = logging.getLogger(__name__)

RETRY_AFTER = timedelta(minutes=1)
NOTICE_KEPT = timedelta(minutes=10)
NOTE_KEPT = timedelta(days=1)
"""A note holds no secret, and is of use after a long outage too."""
TO_MANY = (Notice.Kind.TOPIC_RETIRED, Notice.Kind.TOPIC_MERGED)
"""Mails to all readers of something, which no sign-in code waits for."""
TEMPORARY = 4  # first digit of an SMTP reply that says "later"

_NOTES = (
    Notice.Kind.OPERATOR_NOTE,
    Notice.Kind.ACCEPTED,
    Notice.Kind.DECLINED,
    *TO_MANY,
)

_MAKERS: dict[str, Callable[[emails.Envelope, str], EmailMultiAlternatives]] = {
    Notice.Kind.SIGNIN_CODE: emails.signin_code,
    Notice.Kind.CONFIRM_ADDRESS: emails.confirm_address,
    Notice.Kind.ADDRESS_CHANGED: emails.address_changed,
    Notice.Kind.INVITATION: emails.invitation,
    Notice.Kind.ACCEPTED: emails.accepted,
    Notice.Kind.DECLINED: emails.declined,
    Notice.Kind.OPERATOR_NOTE: emails.operator_note,
    Notice.Kind.TOPIC_RETIRED: emails.topic_retired,
    Notice.Kind.TOPIC_MERGED: emails.topic_merged,
}


def queue_notice(kind: str, *, email: str, value: str, now: datetime) -> Notice:
    """Put one mail into the queue; `value` is the code, token or text it brings."""
    return Notice.objects.create(
        kind=Notice.Kind(kind),
        email=email,
        language=translation.get_language() or "en",
        value=value,
        created_at=now,
        wanted_at=now,
    )


def queue_notices(
    kind: str, readers: Iterable[tuple[str, str]], *, value: str, now: datetime
) -> int:
    """Put the same mail into the queue for many: address and language; how many."""
    rows = (
        Notice(
            kind=Notice.Kind(kind),
            email=email,
            language=language or "en",
            value=value,
            created_at=now,
            wanted_at=now,
        )
        for email, language in readers
    )
    return len(Notice.objects.bulk_create(rows, batch_size=500))


def unsent_notices(now: datetime) -> list[int]:
    """Ids of the mails to be sent now, oldest first; nobody waits behind a mailing."""
    unsent = Notice.objects.unsent(now).order_by("pk").values_list("pk", flat=True)
    alone = list(unsent.exclude(kind__in=TO_MANY)[:1000])
    return alone + list(unsent.filter(kind__in=TO_MANY)[: 1000 - len(alone)])


def send_notice(notice_id: int, now: datetime) -> None:
    """Send one notice, if nobody else has; its row goes with it."""
    notice = Notice.objects.claim(notice_id, now)
    if notice is None:
        return
    make = _MAKERS.get(notice.kind)
    if make is None:
        notice.delete()
        return
    envelope = emails.Envelope(
        to=notice.email,
        reference=f"notice-{notice.pk}",
        at=notice.created_at,
        language=notice.language,
    )
    if hand_over(make(envelope, notice.value)):
        notice.delete()
    else:
        Notice.objects.filter(pk=notice.pk).update(wanted_at=now + RETRY_AFTER)


ACCOUNT_REFUSED = {530, 534, 535, 538}
OPENING_PHASES = {"connect", "greeting", "tls", "auth", "mail"}
PROVIDER_LATER = {401, 402, 403, 429}


def hand_over(message: EmailMultiAlternatives) -> bool:
    """Give a mail to the transport. False means: certainly not taken, try again later.

    Any other failure is raised: it is final, or nobody knows what became of the mail.
    """
    connection = message.connection = get_connection()
    try:
        message.send()
    except (OSError, SMTPException) as error:
        progress = getattr(connection, "progress", None)
        if not _is_certainly_later(error, str(getattr(progress, "reached", ""))):
            raise
        logger.warning("A mail was put off: %s", type(error).__name__)
        return False
    return True


def _is_certainly_later(error: Exception, phase: str) -> bool:
    """No byte of the mail left, or the answer was "not now", or it was about us.

    `phase` is how far an SMTP session had come, "" for other transports. What a
    server has against our account or our sender is never the reader's fault.
    """
    if isinstance(error, SMTPRecipientsRefused):
        return all(
            code // 100 == TEMPORARY for code, _text in error.recipients.values()
        )
    if isinstance(error, SMTPResponseException):
        is_about_us = error.smtp_code in ACCOUNT_REFUSED or phase in OPENING_PHASES
        return is_about_us or error.smtp_code // 100 == TEMPORARY
    if getattr(error, "status_code", None) in PROVIDER_LATER:
        return True
    is_unsent = phase in {*OPENING_PHASES, "rcpt", "data"}
    return is_unsent or isinstance(error, (ConnectionRefusedError, socket.gaierror))


def prune_notices(now: datetime) -> int:
    """Drop what is too old to be of use, sent or not: codes die in ten minutes."""
    is_note = Q(kind__in=_NOTES)
    old = Notice.objects.filter(
        ~is_note & Q(created_at__lte=now - NOTICE_KEPT)
        | is_note & Q(created_at__lte=now - NOTE_KEPT)
    )
    count, _by_model = old.delete()
    return count
