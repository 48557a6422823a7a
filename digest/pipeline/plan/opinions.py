"""What one reader has said: papers liked and refused, what is muted, what they teach.

Four queries for a reader who has said anything; none for the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from digest.models import Mark, Match, Mute, SavedPaper, Subscription

MOST_MARKS = 100
"""The newest marks teach, as many as are learned within 50 ms; older ones only keep
refused papers away."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """One paper that the reader liked or did not; without a topic, about all."""

    paper_id: int
    topic_id: int | None
    is_liked: bool
    is_saved: bool
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Opinions:
    """All that a reader has said; the newest opinion first.

    `taught`: which of them each of the reader's topics learns from.
    """

    taught: dict[int, tuple[Opinion, ...]]
    words: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    unlearned: frozenset[str] = frozenset()

    def learning(self) -> frozenset[int]:
        """Topics that are judged anew: those for which something is liked."""
        return frozenset(
            topic_id
            for topic_id, opinions in self.taught.items()
            if any(opinion.is_liked for opinion in opinions)
        )


NOTHING_SAID = Opinions({})


def note_what_was_said(
    subscriptions: QuerySet[Subscription],
) -> QuerySet[Subscription]:
    """Have the rows say whether their reader has marks or mutes: in the same query."""
    marks = Exists(Mark.objects.filter(user=OuterRef("user")))
    saved = Exists(SavedPaper.objects.filter(user=OuterRef("user")))
    mutes = Exists(Mute.objects.filter(user=OuterRef("user")))
    return subscriptions.annotate(has_marks=marks | saved, has_mutes=mutes)


def read_opinions(
    user_id: int, topic_ids: Collection[int], *, has_marks: bool, has_mutes: bool
) -> Opinions:
    """Read what the reader said, as far as there is anything."""
    taught = _teach(_read_marks(user_id), topic_ids) if has_marks else {}
    if not has_mutes:
        return Opinions(taught)
    muted: dict[str, list[str]] = defaultdict(list)
    mutes = Mute.objects.filter(user_id=user_id).order_by("pk")
    for kind, text in mutes.values_list("kind", "text"):
        muted[kind].append(text)
    return Opinions(
        taught,
        tuple(muted[Mute.Kind.WORD]),
        tuple(muted[Mute.Kind.AUTHOR]),
        frozenset(muted[Mute.Kind.LEARNED]),
    )


def _read_marks(user_id: int) -> list[Opinion]:
    """The newest opinions. Who refused a saved paper does not like it.

    Of two papers that were merged, what was said of the kept one counts.
    """
    marks = Mark.objects.filter(user_id=user_id, paper__merged_into__isnull=True)
    saved = SavedPaper.objects.filter(
        ~Exists(marks.filter(paper=OuterRef("paper"), verdict=Mark.Verdict.LESS)),
        user_id=user_id,
        paper__merged_into__isnull=True,
    )
    opinions = {
        paper_id: Opinion(
            paper_id, topic_id, verdict == Mark.Verdict.MORE, is_saved=False, said_at=at
        )
        for paper_id, topic_id, verdict, at in marks.order_by(
            "-made_at", "-pk"
        ).values_list("paper_id", "topic_id", "verdict", "made_at")[:MOST_MARKS]
    }
    for paper_id, at in saved.order_by("-saved_at", "-pk").values_list(
        "paper_id", "saved_at"
    )[:MOST_MARKS]:
        marked = opinions.get(paper_id)
        topic_id = marked.topic_id if marked else None
        opinions[paper_id] = Opinion(
            paper_id, topic_id, is_liked=True, is_saved=True, said_at=at
        )
    newest = sorted(opinions.values(), key=lambda one: one.said_at, reverse=True)
    return newest[:MOST_MARKS]


def _teach(
    opinions: Sequence[Opinion], topic_ids: Collection[int]
) -> dict[int, tuple[Opinion, ...]]:
    """A mark teaches the topic it names, else every topic that the paper matches."""
    unnamed = [one.paper_id for one in opinions if one.topic_id is None]
    matched: dict[int, list[int]] = defaultdict(list)
    if unnamed:
        matches = Match.objects.filter(topic__in=topic_ids, paper__in=unnamed)
        for paper_id, topic_id in matches.values_list("paper_id", "topic_id"):
            matched[paper_id].append(topic_id)
    taught: dict[int, list[Opinion]] = defaultdict(list)
    for opinion in opinions:
        named = [opinion.topic_id] if opinion.topic_id else matched[opinion.paper_id]
        for topic_id in named:
            if topic_id in topic_ids:
                taught[topic_id].append(opinion)
    return {topic_id: tuple(said) for topic_id, said in taught.items()}
