"""Papers that say nearly the same, as one reader meets them: together, or one by one.

One query for everybody, which reads the few companions of the days; one more for a
reader to whom only one of two would come.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from digest.models import Companion, DigestItem
from digest.pipeline.plan.choosing import Chosen
from digest.pipeline.plan.gathering import Span
from digest.pipeline.plan.turns import Alike, Candidate

Evidence = dict[str, object]
Pairs = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Companions:
    """`alike`: which candidates go together; `had`: what tells of an earlier one."""

    alike: Alike = field(default_factory=dict)
    had: Mapping[int, Evidence] = field(default_factory=dict)

    def tell(self, chosen: Sequence[Chosen]) -> list[Chosen]:
        """Say of each paper which one like it the reader had, and on which day."""
        if not self.had:
            return list(chosen)
        return [self._tell(item) for item in chosen]

    def _tell(self, item: Chosen) -> Chosen:
        told = self.had.get(item.candidate.paper_id)
        if told is None:
            return item
        candidate = item.candidate.with_evidence([*item.candidate.evidence, told])
        return replace(item, candidate=candidate)


def read_pairs(span: Span) -> Pairs:
    """Papers of these days that say nearly the same, two by two."""
    pairs = Companion.objects.filter(other__announced_on__range=(span.first, span.last))
    return list(pairs.values_list("paper_id", "other_id"))


def find_companions(
    user_id: int, candidates: Iterable[Candidate], pairs: Pairs
) -> Companions:
    """What is alike among the candidates, and what is like a paper mailed earlier."""
    paper_ids = {candidate.paper_id for candidate in candidates}
    alike: dict[int, set[int]] = defaultdict(set)
    elsewhere: dict[int, list[int]] = defaultdict(list)
    for pair in pairs:
        for one, other in (pair, pair[::-1]):
            if one in paper_ids and other in paper_ids:
                alike[one].add(other)
            elif one in paper_ids:
                elsewhere[other].append(one)
    return Companions(alike, _read_had(user_id, elsewhere) if elsewhere else {})


def _read_had(
    user_id: int, elsewhere: Mapping[int, Collection[int]]
) -> dict[int, Evidence]:
    """Of each candidate, the newest mailed paper that it is like."""
    items = DigestItem.objects.filter(
        user_id=user_id,
        paper__in=list(elsewhere),
        is_in_mail=True,
        released_at__isnull=True,
    ).order_by("digest__due_at", "position")
    had: dict[int, Evidence] = {}
    for paper_id, title, due_at, zone in items.values_list(
        "paper_id", "paper__title", "digest__due_at", "digest__zone"
    ):
        day = due_at.astimezone(ZoneInfo(zone)).date()
        told: Evidence = {
            "kind": "companion",
            "text": title,
            "field": "had",
            "on": day.isoformat(),
        }
        had |= dict.fromkeys(elsewhere[paper_id], told)
    return had
