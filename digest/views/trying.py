"""What a topic that is being typed would have brought, as pages show it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import repeat
from typing import Any

from digest import tex
from digest.models import Paper, Strictness
from digest.pipeline.match.backtest import BackTest, Change, back_test
from digest.pipeline.render import volume
from digest.views.cards import Card, Link, Place, make_cards

SHOWN = 12


@dataclass(frozen=True, slots=True)
class Setting:
    """One place of the slider; how many papers a week it sends, once that is known."""

    value: int
    label: str
    is_chosen: bool
    per_week: str


@dataclass(frozen=True, slots=True)
class NextStep:
    """What the slider adds or takes away one place further: the surest, and all."""

    value: int
    label: str
    count: int
    papers: tuple[Link, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Trial:
    """The volume, the best papers of the last days, and what each step would give."""

    summary: str
    cards: list[Card]
    more: int
    steps: tuple[volume.Step, ...]
    gained: NextStep | None
    lost: NextStep | None

    @property
    def is_settled(self) -> bool:
        """Whether there are settings beside the chosen one that change nothing."""
        beside = [step for step in (self.gained, self.lost) if step]
        return bool(beside) and not any(step.count for step in beside)


def try_topic(typed: Mapping[str, Any], *, now: datetime) -> Trial:
    """Ask matching itself; nothing is saved.

    Args:
        typed: `query`, `wish`, `strictness` and `examples`, as a form has read them.
        now: The end of the days that are looked at.
    """
    chosen = typed["strictness"]
    found = back_test(
        typed["query"],
        typed["wish"],
        now=now,
        strictness=chosen,
        liked=typed["examples"],
    )
    return _as_shown(found, chosen)


@dataclass(frozen=True, slots=True)
class ShownExample:
    """A paper to tick: by what the form knows it, and what people read."""

    slug: str
    title: str
    url: str


def show_examples(papers: Iterable[Paper]) -> list[ShownExample]:
    """Papers as the form lists them."""
    return [
        ShownExample(paper.slug, tex.to_unicode(paper.title), paper.get_absolute_url())
        for paper in papers
    ]


def settings(chosen: object, trial: Trial | None) -> list[Setting]:
    """The places of the slider, from many papers to few.

    Args:
        chosen: The value of the field, read or as it was typed.
        trial: What was found, if the topic was tried.
    """
    steps = (trial.steps if trial else ()) or repeat(None)
    return [
        Setting(
            level.value,
            str(level.label),
            str(chosen) == str(level.value),
            step.per_week if step else "",
        )
        for level, step in zip(Strictness, steps, strict=False)
    ]


def _as_shown(found: BackTest, chosen: Strictness) -> Trial:
    shown = found.papers[:SHOWN]
    places = {one.paper.pk: Place(evidence=one.evidence_rows) for one in shown}
    return Trial(
        summary=volume.sentence(found),
        cards=make_cards([one.paper for one in shown], places),
        more=found.count - len(shown),
        steps=volume.steps(found, chosen),
        gained=_next_step(found.gained),
        lost=_next_step(found.lost),
    )


def _next_step(change: Change | None) -> NextStep | None:
    if change is None:
        return None
    return NextStep(
        change.strictness.value,
        str(change.strictness.label),
        change.count,
        tuple(map(_link, change.papers)),
        change.count - len(change.papers),
    )


def _link(paper: Paper) -> Link:
    return Link(tex.to_unicode(paper.title), paper.get_absolute_url())
