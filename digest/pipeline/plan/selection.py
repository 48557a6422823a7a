"""Which papers readers would get now: gather, judge, leave out, choose, explain.

A handful of queries for all of them, whatever the number of topics and papers; what a
reader has said costs only those who said something.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from digest.models import Order, Schedule, Subscription, Topic
from digest.pipeline.plan.choosing import Chosen, choose
from digest.pipeline.plan.companions import Companions, find_companions, read_pairs
from digest.pipeline.plan.exploring import find_outside
from digest.pipeline.plan.gathering import Span, fill_pool, papers_for
from digest.pipeline.plan.muting import leave_out_muted
from digest.pipeline.plan.opinions import (
    NOTHING_SAID,
    Opinions,
    note_what_was_said,
    read_opinions,
)
from digest.pipeline.plan.taste import Taste, learn_taste
from digest.pipeline.plan.turns import Candidate
from digest.pipeline.plan.variety import Comparison

NOBODY = 0
"""An id that no reader has."""

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Selection:
    """What the topics of some readers would bring them; read once for all of them."""

    def __init__(self, user_ids: Collection[int], span: Span) -> None:
        self._span = span
        active = Subscription.objects.active().filter(user_id__in=user_ids)
        rows = note_what_was_said(active).select_related("topic")
        self._followed: dict[int, list[Subscription]] = defaultdict(list)
        for subscription in rows:
            self._followed[subscription.user_id].append(subscription)
        self._pool = fill_pool(rows, span)
        self._pairs = read_pairs(span)
        self._comparison = Comparison(self._pool.papers)

    def choose_for(self, schedule: Schedule) -> list[Chosen]:
        """What one reader's topics bring from papers announced in the span.

        Papers that the reader has had or refused, or that a curator hid, never come,
        nor what has a muted word or author. Papers that say nearly the same stand
        together. Each topic's papers come in the order that the reader wants, and keep
        to its limit. One paper outside the topics takes a place if the reader asked
        for such and there are others; a mail of its own it never makes.
        """
        subscriptions = self._followed[schedule.user_id]
        opinions, has_marks = _read_opinions(subscriptions)
        taste = learn_taste(opinions, [s.topic for s in subscriptions])
        judged_anew = taste.topics if taste else ()
        candidates = self._pool.gather(subscriptions, self._span, judged_anew)
        known = {candidate.paper_id for candidate in candidates}
        if taste:
            candidates = taste.judge(candidates, subscriptions)
        candidates = leave_out_muted(candidates, opinions)
        options: list[Candidate] = []
        if schedule.explores and candidates and schedule.max_papers > 1:
            papers = papers_for(schedule.user_id, has_marks=has_marks)
            found = find_outside(subscriptions, papers, self._span, known, judged_anew)
            options = leave_out_muted(found, opinions)
        companions = find_companions(
            schedule.user_id, [*candidates, *options], self._pairs
        )
        outside = _first_new(options, companions)
        chosen = choose(
            _lead(candidates, schedule.order),
            topic_order=[subscription.topic_id for subscription in subscriptions],
            cap=schedule.max_papers - len(outside),
            limits={s.topic_id: s.max_papers for s in subscriptions if s.max_papers},
            alike=companions.alike,
            # Variety is for who leaves the order to us.
            compare=self._comparison.compare
            if schedule.order == Order.RELEVANCE
            else None,
        )
        told = companions.tell(_explain(chosen, taste) if taste else chosen)
        in_mail = sum(item.is_in_mail for item in told)
        return [*told[:in_mail], *outside, *told[in_mail:]]


def select(schedule: Schedule, span: Span) -> list[Chosen]:
    """What one reader would get from the papers of these days."""
    return Selection([schedule.user_id], span).choose_for(schedule)


def select_topic(topic: Topic, span: Span, cap: int) -> list[Chosen]:
    """What a reader of this topic alone would get who has had nothing yet."""
    new_reader = Subscription(topic=topic, user_id=NOBODY, started_at=LONG_AGO)
    new_reader.has_marks = False  # type: ignore[attr-defined]
    pool = fill_pool([new_reader], span)
    candidates = pool.gather([new_reader], span)
    companions = find_companions(NOBODY, candidates, read_pairs(span))
    chosen = choose(
        candidates,
        topic_order=[topic.pk],
        cap=cap,
        limits={},
        alike=companions.alike,
        compare=Comparison(pool.papers).compare,
    )
    return companions.tell(chosen)


def _lead(candidates: Sequence[Candidate], order: str) -> Sequence[Candidate]:
    """The candidates with what goes before their scores in this order."""
    if order == Order.VOTES:
        return [replace(c, lead=c.votes) for c in candidates]
    if order == Order.DATE:
        return [replace(c, lead=c.announced_on.toordinal()) for c in candidates]
    return candidates


def _first_new(options: Sequence[Candidate], companions: Companions) -> list[Chosen]:
    """The first that says nearly what no other paper says, nor one that was had."""
    repeated = {*companions.alike, *companions.had}
    for candidate in options:
        if candidate.paper_id not in repeated:
            return [Chosen(candidate, is_in_mail=True, is_outside=True)]
    return []


def window_start(last_day: date, days: int) -> date:
    """First day of a window of that many days."""
    return last_day - timedelta(days=days - 1)


def _read_opinions(subscriptions: Sequence[Subscription]) -> tuple[Opinions, bool]:
    if not subscriptions:
        return NOTHING_SAID, False
    first = subscriptions[0]
    has_marks, has_mutes = first.has_marks, first.has_mutes  # type: ignore[attr-defined]
    opinions = read_opinions(
        first.user_id,
        {subscription.topic_id for subscription in subscriptions},
        has_marks=has_marks,
        has_mutes=has_mutes,
    )
    return opinions, has_marks


def _explain(chosen: Sequence[Chosen], taste: Taste) -> list[Chosen]:
    """Give what is mailed the reader's own reasons; what is held keeps the shared."""
    mailed = [item.candidate for item in chosen if item.is_in_mail]
    reasons = taste.explain(mailed)
    return [
        replace(
            item,
            candidate=replace(
                item.candidate,
                evidence=reasons.get(item.candidate.paper_id, item.candidate.evidence),
            ),
        )
        for item in chosen
    ]
