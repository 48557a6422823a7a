"""One reading of a source, and what it brought: values that the steps hand on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from digest.models import Source


@dataclass(frozen=True, slots=True)
class Reading:
    """What is read, as which kind, when, and whether it is live.

    A live reading shows a list that may still grow. A file that was handed over,
    and an answer about days that are over, are all that there is.
    """

    source: Source
    kind: str
    now: datetime
    is_live: bool = True


@dataclass(frozen=True, slots=True)
class Ingested:
    """What one run brought: papers made or changed, and problems in words."""

    paper_ids: tuple[int, ...] = ()
    new_count: int = 0
    entry_count: int = 0
    problems: tuple[str, ...] = ()


def sum_up(runs: Iterable[Ingested]) -> Ingested:
    """Several runs as one; a paper, or a problem, that several name counts once."""
    runs = list(runs)
    return Ingested(
        tuple(dict.fromkeys(paper_id for run in runs for paper_id in run.paper_ids)),
        sum(run.new_count for run in runs),
        sum(run.entry_count for run in runs),
        tuple(dict.fromkeys(problem for run in runs for problem in run.problems)),
    )
