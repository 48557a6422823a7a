"""What a topic that is being typed would have brought, as pages show it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from digest.pipeline.match.backtest import back_test
from digest.pipeline.render import volume
from digest.views.cards import Card, Place, make_cards

SHOWN = 12


@dataclass(frozen=True, slots=True)
class Trial:
    """The volume, the best papers of the last days, and what each step would give."""

    summary: str
    cards: list[Card]
    more: int
    steps: tuple[volume.Step, ...]


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
        summary=volume.sentence(found),
        cards=make_cards([one.paper for one in shown], places),
        more=found.count - len(shown),
        steps=volume.steps(found, chosen),
    )
