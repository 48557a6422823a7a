"""How many papers a topic would bring, in words: now, and at each strictness.

Readers and curators are told the same.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from digest.models import Strictness
from digest.pipeline.match.backtest import BackTest, per_week
from digest.pipeline.match.window import WINDOW_DAYS


@dataclass(frozen=True, slots=True)
class Step:
    """One strictness, and about how many papers a week it would send."""

    label: str
    per_week: str
    is_chosen: bool


def sentence(found: BackTest) -> str:
    """The papers of the last days, and how many to expect a week."""
    if not found.count and found.is_estimate:
        return _("Few papers, if any, in the last %(days)s days.") % {
            "days": WINDOW_DAYS
        }
    if not found.count:
        return _("Nothing in the last %(days)s days.") % {"days": WINDOW_DAYS}
    words = (
        _("less than 1 a week")
        if found.per_week < 1
        else _("about %(papers)s a week") % {"papers": round(found.per_week)}
    )
    if found.is_estimate:
        return _("About %(papers)s papers in the last %(days)s days, %(weekly)s.") % {
            "papers": found.count,
            "days": WINDOW_DAYS,
            "weekly": words,
        }
    return ngettext(
        "%(papers)s paper in the last %(days)s days, %(weekly)s.",
        "%(papers)s papers in the last %(days)s days, %(weekly)s.",
        found.count,
    ) % {"papers": found.count, "days": WINDOW_DAYS, "weekly": words}


def steps(found: BackTest, chosen: Strictness) -> tuple[Step, ...]:
    """From many papers to few; none where a query alone decides."""
    return tuple(
        Step(str(level.label), _round_off(per_week(count)), level == chosen)
        for level, count in found.counts.items()
    )


def _round_off(papers: float) -> str:
    return _("less than 1") if 0 < papers < 1 else str(round(papers))
