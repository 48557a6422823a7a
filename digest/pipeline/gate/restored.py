"""What looks like a restored copy sends nothing before it was asked.

A backup that was restored, a cloned disk or a clock that jumped makes far more due at
once than a day does, and readers may have all of it already (I13). Then sending is
held, with the reason in words, and operators are told; one of them releases the hold.
Less than `LEAST` digests never hold anything: a small site may sleep at night.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from statistics import median

from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _

from digest.models import Delivery, Digest, Heartbeat, Schedule, SendingHold
from digest.pipeline.gate.holding import hold
from digest.pipeline.states import LONGEST_SILENCE

LEAST = 100
DAY = timedelta(days=1)
DAYS = 7


def hold_if_suspicious(*, now: datetime) -> bool:
    """Hold sending after a long silence, or with far more due than usual.

    Call it before the sweep leaves its sign of life, which ends the silence.
    """
    backlog = count_due(now)
    if backlog < LEAST:
        return False
    for explain in (_silent_too_long, _more_than_usual):
        if explain(backlog, now):
            return hold(partial(explain, backlog, now), _advice, now)
    return False


def _advice() -> str:
    return _("Release the hold in the admin if these mails should go.")


def count_due(now: datetime) -> int:
    """Digests that want planning, and deliveries that nobody has tried to send."""
    untried = Delivery.objects.filter(
        state__in=[Delivery.State.PLANNED, Delivery.State.QUEUED],
        attempt_count=0,
        next_attempt_at__lte=now,
        expires_at__gt=now,
    )
    return Schedule.objects.due(now).count() + untried.count()


def _silent_too_long(backlog: int, now: datetime) -> str:
    last = Heartbeat.objects.filter(name="sweep", beat_at__lt=now - LONGEST_SILENCE)
    beat_at = last.values_list("beat_at", flat=True).first()
    if beat_at is None:
        return ""
    return _(
        "Nothing was sent for {hours} hours, and {count} digests are due. If this is "
        "a restored copy, readers may have them already."
    ).format(hours=(now - beat_at) // timedelta(hours=1), count=backlog)


def _more_than_usual(backlog: int, now: datetime) -> str:
    """Compare with the last seven days; a site that is younger has no usual.

    Who released a hold within a day has seen what is due.
    """
    if SendingHold.objects.filter(released_at__gt=now - DAY).exists():
        return ""
    begun_at = Digest.objects.aggregate(at=Min("due_at"))["at"]
    if begun_at is None or begun_at > now - DAYS * DAY:
        return ""
    days = {
        f"day{ago}": Count(
            "pk",
            filter=Q(due_at__gt=now - (ago + 1) * DAY, due_at__lte=now - ago * DAY),
        )
        for ago in range(DAYS)
    }
    counts = Digest.objects.filter(
        due_at__gt=now - DAYS * DAY, status=Digest.Status.PLANNED
    ).aggregate(**days)
    usual = int(median(counts.values()))
    # Weekly digests make one day of the seven larger than the others.
    if backlog <= max(2 * usual, max(counts.values()) * 3 // 2):
        return ""
    return _(
        "{count} digests are due at once, where {usual} in a day are usual. If this is "
        "a restored copy, readers may have them already."
    ).format(count=backlog, usual=usual)
