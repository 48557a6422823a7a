"""Taking turns: in what order the cap takes papers, and which fall together. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date

from digest import matching

Alike = Mapping[int, Set[int]]
"""Papers that say nearly the same as a paper, by its id; each way."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One paper that one topic would bring; `is_voted`: for its votes alone.

    `lead`: what the reader wants to go by before the score, the higher the earlier.
    """

    paper_id: int
    topic_id: int
    score: float
    evidence: list[dict[str, object]] = field(default_factory=list)
    is_pick: bool = False
    note: str = ""
    announced_on: date = date.min
    is_voted: bool = False
    votes: int = 0
    lead: int = 0

    @property
    def rank(self) -> tuple[bool, int, float, int, int]:
        """What a topic's papers are sorted by: picks, the best, then the newest."""
        day = self.announced_on.toordinal()
        return (not self.is_pick, -self.lead, -self.score, -day, self.paper_id)

    def with_evidence(self, evidence: list[dict[str, object]]) -> Candidate:
        """The same paper, for these reasons."""
        return replace(self, evidence=evidence)


@dataclass(frozen=True, slots=True)
class Turn:
    """A paper that takes a place, and those that stand beneath it without one."""

    candidate: Candidate
    beneath: list[Candidate] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike papers are: their places by id, and the rows of cosines."""

    places: Mapping[int, int]
    cosines: matching.Cosines


class Queue:
    """A topic's papers, best first; while there is a choice, with a little variety.

    `limit`: how many places it may have in the mail, where the reader set that.
    """

    def __init__(
        self,
        candidates: Sequence[Candidate],
        likeness: Likeness | None = None,
        limit: int | None = None,
    ) -> None:
        self.limit = len(candidates) if limit is None else limit
        self._left = {c.paper_id: c for c in candidates}
        self._varied: list[Candidate] = []
        if likeness is None:
            return
        self._varied = [c for c in candidates if c.paper_id in likeness.places]
        places = [likeness.places[c.paper_id] for c in self._varied]
        cosines = likeness.cosines.take(places)
        self._variety = matching.Variety([c.score for c in self._varied], cosines.row)
        self._untaken = len(places)

    def __bool__(self) -> bool:
        return bool(self._left)

    def drain(self, *, is_choice: bool) -> Iterator[Candidate]:
        """Take out one paper after the other: the varied, if there is a choice."""
        while self._left:
            yield self._pop_varied() if is_choice and self._varied else self._pop()

    def _pop(self) -> Candidate:
        return self._left.pop(next(iter(self._left)))

    def _pop_varied(self) -> Candidate:
        if not self._untaken:
            return self._pop()
        self._untaken -= 1
        return self._left.pop(self._varied[self._variety.take()].paper_id)


def take_turns(
    queues: Sequence[Queue], alike: Alike, cap: int
) -> tuple[list[Turn], list[Turn]]:
    """All candidates: those that have a place in the mail, and those that have none.

    Each topic in its turn takes its best left paper, until it or the mail is full. One
    that says nearly what a taken paper says falls beneath that, and the topic takes
    another; but what curators picked has a place of its own. What the caps leave is
    not chosen from any more.
    """
    taken: dict[int, Turn] = {}
    rounds = 0
    sharing = [queue for queue in queues if queue.limit]
    while sharing and len(taken) < cap:
        for queue in sharing:
            if len(taken) < cap:
                _take_one(queue, taken, alike)
        rounds += 1
        sharing = [queue for queue in sharing if queue and queue.limit > rounds]
    in_mail = len(taken)
    for queue in queues:
        for candidate in queue.drain(is_choice=False):
            _place(candidate, taken, alike)
    turns = list(taken.values())
    return turns[:in_mail], turns[in_mail:]


def _take_one(queue: Queue, taken: dict[int, Turn], alike: Alike) -> None:
    """Take the queue's next paper that stands beneath none; what does is put there."""
    for candidate in queue.drain(is_choice=True):
        if _place(candidate, taken, alike):
            return


def _place(candidate: Candidate, taken: dict[int, Turn], alike: Alike) -> bool:
    """Give it a place of its own, or put it beneath another; whether it has one."""
    above = None if candidate.is_pick else _above(candidate, taken, alike)
    if above is not None:
        above.beneath.append(candidate)
        return False
    taken[candidate.paper_id] = Turn(candidate)
    return True


def _above(
    candidate: Candidate, taken: Mapping[int, Turn], alike: Alike
) -> Turn | None:
    """The paper taken first of those that it is like."""
    companions = alike.get(candidate.paper_id, ())
    if not companions:
        return None
    return next((turn for pk, turn in taken.items() if pk in companions), None)
