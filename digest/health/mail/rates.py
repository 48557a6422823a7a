"""D5: complaints and bounces of a week, against the lines that providers draw."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from digest.health.finding import Finding, Verdict, ok, unknown
from digest.models import DeliveryEvent
from digest.pipeline.gate.complaints import ALARM, STOP, WATCHED, measure

BOUNCE_ALARM, BOUNCE_STOP = 0.02, 0.05
"""Amazon SES reviews senders from 5 % on, and others think alike."""


def check_complaints(now: datetime) -> Finding:
    """Below 0.1 %; sending holds itself at 0.3 %."""
    rates = measure(now - WATCHED)
    if not DeliveryEvent.objects.exists():
        return unknown(
            _("No provider has reported anything yet."),
            _("Over SMTP nobody reports complaints: see D9 for who would tell you."),
        )
    return _judge(
        _("complaints"),
        (rates.complained, rates.accepted),
        (ALARM, STOP),
        _("See which topics they are of, and whether people know that they joined."),
    )


def check_bounces(now: datetime) -> Finding:
    """Below 2 %: addresses that do not exist were not confirmed."""
    rates = measure(now - WATCHED)
    return _judge(
        _("bounces"),
        (rates.bounced, rates.accepted),
        (BOUNCE_ALARM, BOUNCE_STOP),
        _("See their reasons in the list of events: your list, or your reputation."),
    )


def _judge(
    what: str, counts: tuple[int, int], lines: tuple[float, float], advice: str
) -> Finding:
    count, accepted = counts
    share = count / accepted if accepted else 0.0
    text = _("{count} {what} of {accepted} mails in 7 days: {percent} %").format(
        count=count, what=what, accepted=accepted, percent=f"{100 * share:.2g}"
    )
    if share < lines[0]:
        return ok(text)
    return Finding(Verdict.FAIL if share >= lines[1] else Verdict.WARN, text, advice)
