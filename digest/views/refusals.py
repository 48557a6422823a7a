"""Why a vote or a proposal was not taken, in words."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from digest.reading import trust


def in_words(error: trust.RefusedError) -> str:
    """A sentence or two for the reader."""
    match error.code:
        case "no_reference":
            return _("This is no arXiv id, DOI or web address.")
        case "too_new" if error.until:
            return _(
                "Your account is new. You can vote and propose papers from {when} on."
            ).format(when=_moment(error.until))
        case "too_many_votes":
            most = trust.votes_per_day()
            words = ngettext("{most} vote a day", "{most} votes a day", most)
            return _limit(words.format(most=most), error.until)
        case "too_many_submissions":
            most = error.most or 0
            words = ngettext("{most} paper a day", "{most} papers a day", most)
            return _limit(words.format(most=most), error.until)
        case "barred":
            return _("Neither votes nor proposals are taken from your account.")
        case _:
            return _("Confirm your address first.")


def _limit(limit: str, until: datetime | None) -> str:
    said = _("The limit is {limit}.").format(limit=limit)
    if until is None:
        return said
    more = _("The next one is taken on {when}.").format(when=_moment(until))
    return f"{said} {more}"


def _moment(instant: datetime) -> str:
    local = timezone.localtime(instant)
    return _("{day}, {time}").format(
        day=date_format(local, "j F"), time=date_format(local, "H:i e")
    )
