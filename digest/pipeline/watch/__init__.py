"""Beside the stages: whether sources bring what they should, and who is told.

Operators hear once that a source is late, and once that it has recovered.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import services as accounts
from accounts.models import Notice
from digest.models import Holiday, Source
from digest.pipeline.watch.lateness import Lateness, find_late, with_marks

MOST_LINES = 40
"""One mail names no more sources: when all are late, a few tell enough."""

MOST_ERROR = 300


def watch_sources(*, now: datetime) -> int:
    """Tell operators which sources became late or recovered; return how many did.

    `told_late_at` is the claim: whoever sets or clears it queues the mail in the same
    transaction. All that one run finds goes into one mail of its kind.
    """
    with transaction.atomic():
        # Nobody waits for a source that is switched off.
        switched_off = Source.objects.filter(
            is_active=False, told_late_at__isnull=False
        )
        switched_off.update(told_late_at=None)
        late: list[Lateness] = []
        recovered: list[Source] = []
        holidays = Holiday.objects.days()
        for source in with_marks(Source.objects.filter(is_active=True)):
            found = find_late(source, holidays, now)
            if found and not source.told_late_at and _claim(source, now):
                late.append(found)
            if not found and source.told_late_at and _claim(source, None):
                recovered.append(source)
        for operator in accounts.operators() if late or recovered else ():
            with translation.override(operator.language):
                _tell_late(operator.email, late, now)
                _tell_recovered(operator.email, recovered, now)
    return len(late) + len(recovered)


def _claim(source: Source, told_late_at: datetime | None) -> bool:
    """Change what has been told; False if somebody else has."""
    same = Source.objects.filter(pk=source.pk, told_late_at=source.told_late_at)
    return bool(same.update(told_late_at=told_late_at))


def _tell_late(email: str, late: Sequence[Lateness], now: datetime) -> None:
    if not late:
        return
    heading = ngettext("{count} source is late", "{count} sources are late", len(late))
    lines = [_("Papers are missing from digests until these answer:")]
    _queue(email, heading.format(count=len(late)), lines + _named(late), now)


def _tell_recovered(email: str, recovered: Sequence[Source], now: datetime) -> None:
    if not recovered:
        return
    count = len(recovered)
    heading = ngettext(
        "{count} source is no longer late", "{count} sources are no longer late", count
    )
    lines = [_("These bring papers again:"), *_some([str(s) for s in recovered])]
    _queue(email, heading.format(count=count), lines, now)


def _named(late: Sequence[Lateness]) -> list[str]:
    return _some([_in_words(found) for found in late])


def _in_words(found: Lateness) -> str:
    if found.day:
        words = _("{source}: its list of {day} is not complete.").format(
            source=found.source, day=date_format(found.day, "l j F")
        )
    else:
        words = _("{source}: not read since {time} UTC.").format(
            source=found.source, time=date_format(found.since, "j F, H:i")
        )
    return f"{words} {found.source.error[:MOST_ERROR]}".strip()


def _some(lines: list[str]) -> list[str]:
    left = len(lines) - MOST_LINES
    if left <= 0:
        return lines
    more = ngettext("And {count} more.", "And {count} more.", left).format(count=left)
    return [*lines[:MOST_LINES], more]


def _queue(email: str, heading: str, lines: Sequence[str], now: datetime) -> None:
    # Names and errors come from outside: what they hold stays within its line.
    text = "\n".join(" ".join(line.split()) for line in (heading, *lines))
    accounts.queue_notice(Notice.Kind.OPERATOR_NOTE, email=email, value=text, now=now)
