"""Choosing: of all candidates, which go into the mail, and in what order. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date


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


@dataclass(frozen=True, slots=True)
class Chosen:
    """A candidate with its place: in the mail, or held back by the cap."""

    candidate: Candidate
    is_in_mail: bool
    also_in: tuple[int, ...] = ()


def choose(
    candidates: Iterable[Candidate], *, topic_order: Sequence[int], cap: int
) -> list[Chosen]:
    """Give each paper one place and each topic a fair share of the cap.

    1. A paper that several topics bring stands under the one where it scores
       best; a curator's pick stands under its own topic. The others are named.
    2. The topics take turns, each with its best left paper, until the cap is
       reached: what one leaves goes round to the others. A topic's picks are its
       best papers, and one that has picks begins, so the picks stand on top.
    3. The rest is held back: readable on the web, not mailed.
    """
    queues, also_in = _one_place_each(candidates)
    order = sorted(
        (topic_id for topic_id in topic_order if topic_id in queues),
        key=lambda topic_id: not queues[topic_id][0].is_pick,
    )
    ranked = _take_turns([queues[topic_id] for topic_id in order])
    in_mail = {candidate.paper_id for candidate in ranked[:cap]}
    place = {topic_id: index for index, topic_id in enumerate(order)}
    ordered = sorted(
        ranked, key=lambda c: (c.paper_id not in in_mail, place[c.topic_id])
    )
    return [
        Chosen(c, c.paper_id in in_mail, tuple(also_in[c.paper_id])) for c in ordered
    ]


def _one_place_each(
    candidates: Iterable[Candidate],
) -> tuple[dict[int, list[Candidate]], dict[int, list[int]]]:
    by_paper: dict[int, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        by_paper[candidate.paper_id].append(candidate)
    queues: dict[int, list[Candidate]] = defaultdict(list)
    also_in: dict[int, list[int]] = {}
    for paper_id, rivals in by_paper.items():
        best = max(rivals, key=lambda c: (c.score, -c.topic_id))
        others = {c.topic_id for c in rivals} - {best.topic_id}
        also_in[paper_id] = sorted(others)
        queues[best.topic_id].append(_with_evidence(best, rivals))
    for queue in queues.values():
        queue.sort(key=lambda c: (-c.score, -c.announced_on.toordinal(), c.paper_id))
    return queues, also_in


def _with_evidence(best: Candidate, rivals: list[Candidate]) -> Candidate:
    """A pick that also matches a topic keeps that topic's evidence as its reason."""
    if best.evidence:
        return best
    evidence = max((c.evidence for c in rivals), key=len)
    return replace(best, evidence=evidence)


def _take_turns(queues: Sequence[list[Candidate]]) -> list[Candidate]:
    """All candidates in the order in which the cap takes them."""
    depth = max((len(queue) for queue in queues), default=0)
    return [
        queue[round_]
        for round_ in range(depth)
        for queue in queues
        if round_ < len(queue)
    ]
