"""From subscriptions to candidates: what each topic would bring each reader.

What the topics of many readers bring is read once for all of them: a query for the
matches, two for "Daily Papers", and one for what the readers had.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models import Exists, Max, OuterRef, Q

from digest.models import (
    DigestItem,
    Mark,
    Match,
    Paper,
    Pick,
    Strictness,
    Subscription,
    Topic,
)
from digest.models.paper import READER_VOTE_WEIGHT, PaperQuerySet
from digest.pipeline.match.strictness import cut
from digest.pipeline.plan.turns import Candidate

DAILY_TOP_PAPERS = 10
"""How many of the most voted papers "Daily Papers" brings beside the picks."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days from which papers come; nothing older than each subscription, or all."""

    first: date
    last: date
    is_since_start: bool = True

    def first_for(self, subscription: Subscription) -> date:
        """The first day of this subscription's papers."""
        if not self.is_since_start:
            return self.first
        return max(self.first, subscription.started_at.date())


def level_of(subscription: Subscription) -> Strictness:
    """How sure matching must be for this reader: their own word, else the topic's."""
    own = subscription.strictness
    return Strictness(subscription.topic.strictness if own is None else own)


def papers_for(user_id: int, *, has_marks: bool) -> PaperQuerySet:
    """Papers that can be shown, that this reader has not had and did not refuse."""
    had = DigestItem.objects.filter(
        user_id=user_id, paper=OuterRef("pk"), released_at__isnull=True
    )
    had_as_another = DigestItem.objects.filter(
        user_id=user_id, paper__merged_into=OuterRef("pk"), released_at__isnull=True
    )
    papers = Paper.objects.shown().filter(~Exists(had), ~Exists(had_as_another))
    if has_marks:
        refused = Mark.objects.filter(
            user_id=user_id, paper=OuterRef("pk"), verdict=Mark.Verdict.LESS
        )
        papers = papers.filter(~Exists(refused))
    return papers


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate, and what decides for whom it is one."""

    candidate: Candidate
    margin: float | None = None
    last_day: date = date.min


@dataclass(slots=True)
class Pool:
    """What the topics of some readers bring, whoever had it.

    `papers`: all of them; `taken`: by reader, those that they had or refused.
    """

    matches: dict[int, list[Found]] = field(default_factory=dict)
    picks: list[Found] = field(default_factory=list)
    voted: list[Found] = field(default_factory=list)
    papers: Collection[int] = ()
    taken: dict[int, set[int]] = field(default_factory=dict)

    def gather(
        self,
        subscriptions: Sequence[Subscription],
        span: Span,
        judged_anew: Collection[int] = (),
    ) -> list[Candidate]:
        """What one reader's topics bring. Of those judged anew, all that there is."""
        candidates: list[Candidate] = []
        for subscription in subscriptions:
            taken = self.taken.get(subscription.user_id, set())
            first = span.first_for(subscription)
            if subscription.topic.kind == Topic.Kind.DAILY:
                candidates += self._daily(subscription.topic_id, taken, first, span)
                continue
            is_anew = subscription.topic_id in judged_anew
            least = None if is_anew else cut(level_of(subscription))
            candidates += [
                found.candidate
                for found in self.matches.get(subscription.topic_id, ())
                if found.candidate.paper_id not in taken
                and found.candidate.announced_on >= first
                and (least is None or found.margin is None or found.margin >= least)
            ]
        return candidates

    def _daily(
        self, topic_id: int, taken: Collection[int], first: date, span: Span
    ) -> Iterator[Candidate]:
        picks = [
            found.candidate
            for found in self.picks
            if found.last_day >= first and found.candidate.paper_id not in taken
        ]
        for place, pick in enumerate(picks):
            # Above every other score, in the curators' order.
            yield replace(pick, topic_id=topic_id, score=1000.0 - place)
        voted = [
            found.candidate
            for found in self.voted
            if found.last_day >= first and found.candidate.paper_id not in taken
        ]
        days = (span.last - first).days + 1
        for candidate in voted[: DAILY_TOP_PAPERS * min(days, 3)]:
            yield replace(candidate, topic_id=topic_id)


def fill_pool(subscriptions: Iterable[Subscription], span: Span) -> Pool:
    """Read what these readers' topics bring from papers announced in the span."""
    followed = list(subscriptions)
    topics = {s.topic_id: s.topic for s in followed}
    searching = [pk for pk, t in topics.items() if t.kind == Topic.Kind.QUERY]
    pool = Pool(_read_matches(searching, span) if searching else {})
    if len(searching) < len(topics):
        pool.picks, pool.voted = list(_read_picks(span)), list(_read_voted(span))
    readers = {s.user_id for s in followed}
    marking = {s.user_id for s in followed if s.has_marks}  # type: ignore[attr-defined]
    _note_taken(pool, readers, marking)
    return pool


def _read_matches(topic_ids: Collection[int], span: Span) -> dict[int, list[Found]]:
    matches = Match.objects.filter(
        topic__in=topic_ids,
        paper__in=Paper.objects.shown().announced_between(span.first, span.last),
    ).values_list(
        "paper_id",
        "topic_id",
        "score",
        "evidence",
        "margin",
        "paper__announced_on",
        "paper__upvotes",
        "paper__reader_votes",
    )
    found: dict[int, list[Found]] = defaultdict(list)
    for paper_id, topic_id, score, evidence, margin, day, upvotes, votes in matches:
        candidate = Candidate(
            paper_id,
            topic_id,
            score,
            evidence,
            announced_on=day or span.first,
            votes=_weigh(upvotes, votes),
        )
        found[topic_id].append(Found(candidate, margin))
    return found


def _read_picks(span: Span) -> Iterator[Found]:
    picks = Pick.objects.filter(
        picked_on__range=(span.first, span.last), paper__in=Paper.objects.shown()
    ).order_by("picked_on", "position", "pk")
    for pick in picks:
        candidate = Candidate(
            pick.paper_id,
            0,
            0.0,
            is_pick=True,
            note=pick.note,
            announced_on=pick.picked_on,
        )
        yield Found(candidate, last_day=pick.picked_on)


def _read_voted(span: Span) -> Iterator[Found]:
    """The most voted first; `last_day`: when the span last announced it."""
    within = Q(announcements__announced_on__range=(span.first, span.last))
    papers = (
        Paper.objects.shown()
        .voted()
        .annotate(last_day=Max("announcements__announced_on", filter=within))
        .filter(last_day__isnull=False)
        .most_voted()
    )
    for paper in papers:
        candidate = Candidate(
            paper.pk,
            0,
            _vote_score(paper),
            [{"kind": "votes", "text": str(paper.votes), "field": "popularity"}],
            announced_on=paper.announced_on or span.first,
            is_voted=True,
            votes=_weigh(paper.upvotes, paper.reader_votes),
        )
        yield Found(candidate, last_day=paper.last_day)  # type: ignore[attr-defined]


def _note_taken(pool: Pool, readers: Collection[int], marking: Collection[int]) -> None:
    """Note all papers, and which each reader had, as itself or merged, or refused."""
    groups = (*pool.matches.values(), pool.picks, pool.voted)
    papers = {found.candidate.paper_id for group in groups for found in group}
    pool.papers = papers
    had = DigestItem.objects.filter(
        Q(paper__in=papers) | Q(paper__merged_into__in=papers),
        user__in=readers,
        released_at__isnull=True,
    )
    taken: dict[int, set[int]] = defaultdict(set)
    for user_id, paper_id, work_id in had.values_list(
        "user_id", "paper_id", "paper__merged_into"
    ):
        taken[user_id or 0].add(work_id or paper_id)
    if marking:
        refused = Mark.objects.filter(
            user__in=marking, paper__in=papers, verdict=Mark.Verdict.LESS
        )
        for user_id, paper_id in refused.values_list("user_id", "paper_id"):
            taken[user_id].add(paper_id)
    pool.taken = taken


def _vote_score(paper: Paper) -> float:
    """Between 0 and 1, in the order of `PaperQuerySet.most_voted`."""
    weighed = _weigh(paper.upvotes, paper.reader_votes)
    return weighed / (1.0 + weighed)


def _weigh(upvotes: int, reader_votes: int) -> int:
    return upvotes + READER_VOTE_WEIGHT * reader_votes
