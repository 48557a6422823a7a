"""What is no record but a way of sending: encryption, streams, pace, leaving."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from digest.health.finding import Finding, fail, ok, unknown, warn
from digest.health.mail.sender import read_sender
from digest.models import Delivery, Schedule

BULK = 5000
"""Mails a day from which Gmail, Yahoo and Outlook call a sender a bulk sender."""

FEW = 500
"""Mails at once that need no pace, by any provider's word for new senders."""

WATCHED = timedelta(days=7)


def check_catcher(_now: datetime) -> Finding:
    """In development: what a sender needs does not matter here."""
    return ok(_("Mail is caught on this machine and reaches nobody."))


def check_encryption(_now: datetime) -> Finding:
    """D2: nothing goes to another machine in the clear."""
    sender = read_sender()
    if sender.provider or sender.is_relay_local:
        return ok(_("Mail leaves this machine encrypted, or not at all."))
    if settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL:
        return ok(_("Mail goes to {host} encrypted.").format(host=sender.relay))
    return fail(
        _("Mail goes to {host} in the clear.").format(host=sender.relay),
        _("Write EMAIL_URL with smtp+tls:// or smtp+ssl://."),
    )


def check_streams(_now: datetime) -> Finding:
    """D4: digests and codes share one sender, and so one reputation."""
    if _readers() < BULK:
        return ok(_("Too few readers for confirmations to need a domain of their own."))
    return warn(
        _("Confirmations and codes leave from the domain of the digests."),
        _(
            "Watch D5: a bad week of digests makes codes late, too. Paperboy has one "
            "sender; a provider's separate stream can be chosen by its templates."
        ),
    )


def check_pace(_now: datetime) -> Finding:
    """D6: a new domain that sends much at once is taken for a spammer's."""
    readers = _readers()
    is_paced = (
        settings.DIGEST_MAILS_PER_SECOND or settings.DIGEST_MAILS_PER_SECOND_BY_DOMAIN
    )
    if is_paced or readers <= FEW:
        return ok(
            _("{readers} readers, at a pace that is set or needs none.").format(
                readers=readers
            )
        )
    return warn(
        _("{readers} readers may be written to as fast as the wire allows.").format(
            readers=readers
        ),
        _(
            "With a new domain or address set DIGEST_MAILS_PER_SECOND low and raise it "
            "each week; DIGEST_MAILS_PER_SECOND_BY_DOMAIN keeps to what one provider "
            "takes. An answer 421 4.7.28 says that it was too fast."
        ),
    )


def check_bulk(_now: datetime) -> Finding:
    """D7: whoever once sent 5,000 a day to Gmail stays a bulk sender; be one now."""
    if not settings.SITE_URL.startswith("https://"):
        return fail(
            _("The one-click link is not https, so that nobody honours it."),
            _("Serve the site over https, and set SITE_URL to that."),
        )
    return ok(_("Each digest has the one-click header; see also: last digest."))


def check_leaving(now: datetime) -> Finding:
    """D8: no hand-off began after its reader had left."""
    late = Delivery.objects.filter(
        next_attempt_at__gt=now - WATCHED,
        handed_off_at__gt=F("digest__user__schedule__ended_at"),
        digest__user__schedule__ended_at__gt=now - WATCHED,
    ).count()
    if not late:
        return ok(_("Who leaves gets no mail from that second on."))
    text = ngettext(
        "{count} digest went to a reader who had left.",
        "{count} digests went to readers who had left.",
        late,
    )
    return fail(
        text.format(count=late),
        _("This must not happen: hold sending, and report it with the deliveries."),
    )


def check_feedback(_now: datetime) -> Finding:
    """D9: enrolments that no record tells of."""
    domain = read_sender().domain
    return unknown(
        _("Who tells you of complaints cannot be looked up."),
        _(
            "Enrol {domain} with Google Postmaster Tools and with Yahoo's Complaint "
            "Feedback Loop, and your addresses with Outlook's SNDS and JMRP; Apple has "
            "none."
        ).format(domain=domain),
    )


def _readers() -> int:
    return Schedule.objects.filter(ended_at=None, user__is_active=True).count()
