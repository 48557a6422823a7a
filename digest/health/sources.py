"""Whether every source brings what it should."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from digest.health.finding import Finding, fail, ok, warn
from digest.models import Holiday, Source
from digest.pipeline.watch.lateness import Lateness, find_late, with_marks

MOST_NAMES = 5


def check(now: datetime) -> Finding:
    """A late one is told as the operators are told; one that is not set up, too."""
    late = late_sources(now)
    active = Source.objects.filter(is_active=True)
    if late:
        names = ", ".join(str(found.source) for found in late[:MOST_NAMES])
        text = ngettext("{count} source is late", "{count} sources are late", len(late))
        return fail(
            f"{text.format(count=len(late))}: {names}",
            _("The status page says of each what it answered; a feed may have moved."),
        )
    count = active.count()
    if not count:
        return warn(
            _("There is no active source."),
            _("Add one in the admin, or run `manage.py bootstrap`."),
        )
    failing = active.exclude(error="").count()
    if failing:
        text = ngettext(
            "{count} source failed last time, and is not late yet.",
            "{count} sources failed last time, and are not late yet.",
            failing,
        )
        return warn(text.format(count=failing), _("They are asked again soon."))
    text = ngettext("{count} source, not late.", "{count} sources, none late.", count)
    return ok(text.format(count=count))


def late_sources(now: datetime) -> list[Lateness]:
    """The active sources that are late."""
    holidays = Holiday.objects.days()
    found = (
        find_late(source, holidays, now)
        for source in with_marks(Source.objects.filter(is_active=True))
    )
    return [lateness for lateness in found if lateness]
