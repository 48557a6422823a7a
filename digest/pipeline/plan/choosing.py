"""Choosing: of all candidates, which go into the mail, and in what order. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from digest.pipeline.plan.turns import (
    Alike,
    Candidate,
    Likeness,
    Queue,
    Turn,
    take_turns,
)

Compare = Callable[[Sequence[int]], Likeness | None]

CONSIDERED = 3
"""So many times the cap are a topic's best papers among which variety counts."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A candidate with its place: in the mail, or held back by the cap.

    `beneath`: the paper that says nearly the same and has the place; it comes before.
    `is_outside`: no topic of the reader's brings it.
    """

    candidate: Candidate
    is_in_mail: bool
    also_in: tuple[int, ...] = ()
    beneath: int | None = None
    is_outside: bool = False


def choose(
    candidates: Iterable[Candidate],
    *,
    topic_order: Sequence[int],
    cap: int,
    limits: Mapping[int, int] | None = None,
    alike: Alike | None = None,
    compare: Compare | None = None,
) -> list[Chosen]:
    """Give each paper one place and each topic a fair share of the cap.

    1. A paper that several topics bring stands under the one where it scores
       best; a curator's pick stands under its own topic. The others are named.
    2. The topics take turns, each with its best left paper, until the cap is
       reached: what one leaves goes round to the others, and so does what a topic's
       own limit refuses. A topic's picks are its best papers, and one that has picks
       begins, so the picks stand on top.
    3. Papers that say nearly the same fall together: the first of them has the
       place, the others stand beneath it and use up none.
    4. Where there are more papers than places, what repeats an earlier paper of its
       topic comes a little later. `compare` is asked only then, for the best of them.
    5. The rest is held back: readable on the web, not mailed.
    """
    queues, also_in = _one_place_each(candidates)
    order = sorted(
        (topic_id for topic_id in topic_order if topic_id in queues),
        key=lambda topic_id: not queues[topic_id][0].is_pick,
    )
    limits = limits or {}
    is_choice = sum(map(len, queues.values())) > cap or any(
        len(queue) > limits.get(topic_id, cap) for topic_id, queue in queues.items()
    )
    likeness = _compare_some(queues, cap, compare) if compare and is_choice else None
    mailed, held = take_turns(
        [Queue(queues[pk], likeness, limits.get(pk)) for pk in order],
        alike or {},
        cap,
    )
    place = {topic_id: index for index, topic_id in enumerate(order)}
    return [
        Chosen(candidate, is_in_mail, also_in.get(candidate.paper_id, ()), beneath)
        for turns, is_in_mail in ((mailed, True), (held, False))
        for turn in sorted(
            turns, key=lambda t: (place[t.candidate.topic_id], t.candidate.rank)
        )
        for candidate, beneath in _stand(turn)
    ]


def _compare_some(
    queues: Mapping[int, list[Candidate]], cap: int, compare: Compare
) -> Likeness | None:
    return compare(
        sorted(
            candidate.paper_id
            for queue in queues.values()
            for candidate in queue[: CONSIDERED * cap]
            if not candidate.is_voted  # the order of votes is what was asked for
        )
    )


def _stand(turn: Turn) -> Iterator[tuple[Candidate, int | None]]:
    """Who stands at this place, and beneath whom."""
    yield turn.candidate, None
    for candidate in turn.beneath:
        yield candidate, turn.candidate.paper_id


def _one_place_each(
    candidates: Iterable[Candidate],
) -> tuple[dict[int, list[Candidate]], dict[int, tuple[int, ...]]]:
    by_paper: dict[int, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        by_paper[candidate.paper_id].append(candidate)
    queues: dict[int, list[Candidate]] = defaultdict(list)
    also_in: dict[int, tuple[int, ...]] = {}
    for paper_id, rivals in by_paper.items():
        if len(rivals) == 1:  # as most papers are
            queues[rivals[0].topic_id].append(rivals[0])
            continue
        best = max(rivals, key=lambda c: (c.score, -c.topic_id))
        others = {c.topic_id for c in rivals} - {best.topic_id}
        also_in[paper_id] = tuple(sorted(others))
        queues[best.topic_id].append(_with_evidence(best, rivals))
    for queue in queues.values():
        queue.sort(key=lambda c: c.rank)
    return queues, also_in


def _with_evidence(best: Candidate, rivals: list[Candidate]) -> Candidate:
    """A pick that also matches a topic keeps that topic's evidence as its reason."""
    if best.evidence:
        return best
    return best.with_evidence(max((c.evidence for c in rivals), key=len))
