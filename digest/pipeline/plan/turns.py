"""Taking turns: in what order the cap takes papers, and which fall together. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date

Alike = Mapping[int, Set[int]]
"""Papers that say nearly the same as a paper, by its id; each way."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One paper that one topic would bring."""

    paper_id: int
    topic_id: int
    score: float
    evidence: list[dict[str, object]] = field(default_factory=list)
    is_pick: bool = False
    note: str = ""
    announced_on: date = date.min

    @property
    def rank(self) -> tuple[float, int, int]:
        """What a topic's papers are sorted by: the best first, then the newest."""
        return (-self.score, -self.announced_on.toordinal(), self.paper_id)

    def with_evidence(self, evidence: list[dict[str, object]]) -> Candidate:
        """The same paper, for these reasons."""
        return replace(self, evidence=evidence)


@dataclass(frozen=True, slots=True)
class Turn:
    """A paper that takes a place, and those that stand beneath it without one."""

    candidate: Candidate
    beneath: list[Candidate] = field(default_factory=list)


def take_turns(queues: Sequence[Sequence[Candidate]], alike: Alike) -> list[Turn]:
    """All candidates in the order in which the cap takes them.

    Each topic in its turn takes its best left paper. One that says nearly what a taken
    paper says falls beneath that, and the topic takes another; but what curators
    picked has a place of its own.
    """
    taken: dict[int, Turn] = {}
    left = [deque(queue) for queue in queues]
    while left:
        for queue in left:
            for candidate in _popped(queue):
                above = None if candidate.is_pick else _above(candidate, taken, alike)
                if above is None:
                    taken[candidate.paper_id] = Turn(candidate)
                    break
                above.beneath.append(candidate)
        left = [queue for queue in left if queue]
    return list(taken.values())


def _popped(queue: deque[Candidate]) -> Iterator[Candidate]:
    while queue:
        yield queue.popleft()


def _above(
    candidate: Candidate, taken: Mapping[int, Turn], alike: Alike
) -> Turn | None:
    """The paper taken first of those that it is like."""
    companions = alike.get(candidate.paper_id, ())
    if not companions:
        return None
    return next((turn for pk, turn in taken.items() if pk in companions), None)
