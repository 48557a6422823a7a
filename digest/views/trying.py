"""What a topic that is being typed would have brought, as pages show it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from digest.pipeline.match.backtest import back_test, per_week
from digest.pipeline.match.window import WINDOW_DAYS
from digest.views.cards import Card, Place, make_cards

SHOWN = 12


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the strictness, and about how many papers a week it would bring."""

    label: str
    per_week: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """The volume, the best papers of the last days, and what each step would give."""

    days: int
    count: int
    per_week: str
    cards: list[Card]
    steps: tuple[Step, ...]

    @property
    def more(self) -> int:
        """How many papers are not shown."""
        return self.count - len(self.cards)


def try_topic(typed: Mapping[str, Any], *, now: datetime) -> Trial:
    """Ask matching itself; nothing is saved.

    Args:
        typed: `query`, `wish` and `strictness`, as a form has read them.
        now: The end of the days that are looked at.
    """
    chosen = typed["strictness"]
    found = back_test(typed["query"], typed["wish"], now=now, strictness=chosen)
    shown = found.papers[:SHOWN]
    places = {one.paper.pk: Place(evidence=one.evidence_rows) for one in shown}
    return Trial(
        days=WINDOW_DAYS,
        count=found.count,
        per_week=round_off(found.per_week),
        cards=make_cards([one.paper for one in shown], places),
        steps=tuple(
            Step(
                str(level.label),
                round_off(per_week(count)),
                level == chosen,
            )
            for level, count in found.counts.items()
        ),
    )


def round_off(papers: float) -> str:
    """A number of papers as people say it."""
    if 0 < papers < 1:
        return _("less than 1")
    return str(round(papers))
