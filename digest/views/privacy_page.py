"""What is kept of people, for how long and who else learns it: from what is in force.

Nothing on this page is written by hand for one installation: names come from the
settings, terms from the constants by which rows are deleted.
"""

from __future__ import annotations

from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.services.budgets import ADDRESS_WINDOW, ATTEMPT_DETAIL_KEPT
from accounts.services.policy import SIGNUP_KEPT
from digest.pipeline.forget import BODIES_KEPT, DETAIL_KEPT, LOG_KEPT
from digest.views.reader import MANAGE_SECONDS


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """The page, open to everybody, also where the others are for members."""
    _name, sender = parseaddr(settings.DIGEST_FROM)
    context = {
        "postal_address": settings.DIGEST_POSTAL_ADDRESS,
        "contact": settings.DIGEST_REPLY_TO or sender,
        "kept": _kept(),
        "processors": _processors(),
        "cookies": _cookies(),
    }
    return render(request, "digest/privacy.html", context)


def _days(span: timedelta) -> str:
    return ngettext("{count} day", "{count} days", span.days).format(count=span.days)


def _kept() -> list[tuple[str, str]]:
    """What is kept, and how long."""
    erased = _("until you erase your account")
    return [
        (
            _("Your address, your topics, when you want mail, what you said of papers"),
            erased,
        ),
        (
            _(
                "That you agreed: when you asked and confirmed, from which network "
                "(cut to /24 or /64), and a hash of the words beside the button"
            ),
            erased,
        ),
        (_("Which papers you had, so that none comes twice"), erased),
        (
            _("What became of each mail, and what was reported of it"),
            _days(DETAIL_KEPT),
        ),
        (_("What a mail said"), _days(BODIES_KEPT)),
        (_("A sign-up that nobody confirmed"), _days(SIGNUP_KEPT)),
        (
            _("That a sign-up was tried, and its network"),
            _days(ATTEMPT_DETAIL_KEPT),
        ),
        (
            _("A keyed hash of an address that was asked, against too many mails"),
            _days(ADDRESS_WINDOW),
        ),
        (_("What staff did in the admin"), _days(LOG_KEPT)),
        (
            _(
                "A keyed hash of an address that must not be written to: it came back, "
                "complained, or asked for that"
            ),
            _("for good, without the address"),
        ),
    ]


def _processors() -> list[tuple[str, str]]:
    """Who else learns what."""
    found = [
        (
            settings.EMAIL_PROVIDER.replace("_", " ").title()
            if settings.EMAIL_PROVIDER
            else _("A mail server"),
            _("gets your address and the mails that go to it, to deliver them"),
        )
    ]
    if settings.DIGEST_OIDC:
        found.append(
            (
                settings.DIGEST_OIDC["name"],
                _("tells your address to us when you sign in through it"),
            )
        )
    if getattr(settings, "SENTRY_DSN", ""):
        found.append(("Sentry", _("gets reports of errors, without addresses")))
    return found


def _cookies() -> list[str]:
    hours = MANAGE_SECONDS // 3600
    days = timedelta(seconds=settings.SESSION_COOKIE_AGE).days
    return [
        ngettext(
            "one that keeps you signed in, for {count} day",
            "one that keeps you signed in, for {count} days",
            days,
        ).format(count=days),
        _("one against forged forms"),
        ngettext(
            "one for {count} hour after a mail's link led you to your preferences",
            "one for {count} hours after a mail's link led you to your preferences",
            hours,
        ).format(count=hours),
    ]
