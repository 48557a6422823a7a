"""Whether digests move: how many are in doubt, how long they wait, what holds them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from digest.health.finding import Finding, Verdict, fail, ok, warn
from digest.models import Delivery, SendingHold

DAY = timedelta(days=1)
LONG_WAIT, LONGEST_WAIT = timedelta(minutes=15), timedelta(hours=1)

ENDS = (Delivery.State.ACCEPTED, Delivery.State.FAILED)


def check_uncertain(now: datetime) -> Finding:
    """The day's doubts against all hand-offs of the day.

    No more of these are counted than it takes to see that the limit is kept.
    """
    doubts = Delivery.objects.filter(state=Delivery.State.UNCERTAIN)
    today = doubts.filter(next_attempt_at__gt=now - DAY).count()
    older = doubts.count() - today
    advice = _(
        "Ask the mail server's log whether it took them, and settle them in the list "
        "of deliveries."
    )
    limit = settings.DIGEST_UNCERTAIN_PERCENT / 100
    needed = int(today / limit) if today else 0
    ended = Delivery.objects.filter(state__in=ENDS, next_attempt_at__gt=now - DAY)
    text = ngettext(
        "{count} digest of the last day is in doubt",
        "{count} digests of the last day are in doubt",
        today,
    ).format(count=today)
    if today and ended.order_by()[:needed].count() + today < needed:
        words = _("{text}: more than {percent} %.")
        percent = settings.DIGEST_UNCERTAIN_PERCENT
        return fail(words.format(text=text, percent=f"{percent:g}"), advice)
    if today or older:
        words = _("{text}, and {older} older.").format(text=text, older=older)
        return warn(words, advice)
    return ok(_("No digest is in doubt."))


def check_waiting(now: datetime) -> Finding:
    """How long the digest that is due for longest has waited for its first try."""
    due = Delivery.objects.filter(
        state__in=[Delivery.State.PLANNED, Delivery.State.QUEUED],
        next_attempt_at__lte=now,
    )
    oldest = due.aggregate(at=Min("next_attempt_at"))["at"]
    if oldest is None:
        return ok(_("No digest waits."))
    text = _("The oldest of {count} digests has waited for {minutes} minutes.").format(
        count=due.count(), minutes=(now - oldest) // timedelta(minutes=1)
    )
    if now - oldest < LONG_WAIT:
        return ok(text)
    return Finding(
        Verdict.FAIL if now - oldest > LONGEST_WAIT else Verdict.WARN,
        text,
        _("Sending is on hold, limited (DIGEST_MAILS_PER_SECOND), or lacks workers."),
    )


def check_holds(_now: datetime) -> Finding:
    """A hold is somebody's decision, or one that waits for somebody's."""
    reasons = SendingHold.objects.filter(released_at=None)
    if not reasons:
        return ok(_("Nothing holds sending."))
    words = "; ".join(hold.reason for hold in reasons)
    return warn(
        _("Sending is on hold: {reason}").format(reason=words),
        _("Release the hold in the admin when its reason is gone."),
    )
