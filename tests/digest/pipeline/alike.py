"""Papers of different works that say nearly the same."""

from typing import Any

from digest.models import Companion, Paper
from tests.factories import make_paper

GRASPING = (
    "Soft suction hands hold wet glass where rigid grippers slip. We measure the "
    "{what} on bottles, panes and lamps, over days of changing weather and with "
    "surfaces that oil, soap or dust had made worse, and find that shallow cups seal."
)


def part(what: str, **fields: Any) -> Paper:
    """One part of a work; any two are companions."""
    title = f"Grasping wet glass with suction: {what}"
    return make_paper(title, abstract=GRASPING.format(what=what), **fields)


def make_companion(paper: Paper, other: Paper, likeness: float = 0.8) -> Companion:
    """That the two say nearly the same."""
    return Companion.objects.create(paper=paper, other=other, likeness=likeness)
