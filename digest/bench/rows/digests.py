"""Planned digests: lists of papers under topics, each shared by some readers."""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from digest.models import Cadence, Delivery, Digest, DigestItem, Paper, Topic
from digest.models.bulk import insert_new

PAPERS_IN_A_DIGEST = 20
MOST_TOPICS = 5

_SEED = 20260420
_AT_ONCE = 5_000
_DOMAIN = "papers.example.org"
_LIFE = timedelta(hours=18)


@dataclass(frozen=True, slots=True)
class PaperList:
    """One list of papers, the topics they stand under in turn, in blocks."""

    topics: tuple[Topic, ...]
    papers: tuple[Paper, ...]

    def topic_of(self, place: int) -> Topic:
        """Topic of the paper at that place, from 0."""
        return self.topics[place * len(self.topics) // len(self.papers)]


@dataclass(frozen=True, slots=True)
class PlannedSet:
    """Deliveries that were made together: their keys follow one another."""

    first: int
    count: int
    editions: int

    @property
    def ids(self) -> range:
        """The primary keys."""
        return range(self.first, self.first + self.count)


def make_lists(
    papers: Sequence[Paper],
    topics: Sequence[Topic],
    count: int,
    *,
    size: int = PAPERS_IN_A_DIGEST,
) -> list[PaperList]:
    """So many different lists of papers, under one to five topics each."""
    chance = random.Random(_SEED)  # noqa: S311  the same each time is the point
    lists: dict[tuple[int, ...], PaperList] = {}
    while len(lists) < count:
        chosen = tuple(chance.sample(papers, size))
        followed = chance.sample(topics, chance.randint(1, MOST_TOPICS))
        key = tuple(paper.pk for paper in chosen)
        lists[key] = PaperList(tuple(followed), chosen)
    return list(lists.values())


def store_digests(
    readers: Sequence[User], lists: Sequence[PaperList], *, now: datetime
) -> PlannedSet:
    """Write each reader's digest and PLANNED delivery; lists go round in turn."""
    first = 0
    for start in range(0, len(readers), _AT_ONCE):
        part = [
            (reader, lists[place % len(lists)])
            for place, reader in enumerate(readers[start : start + _AT_ONCE], start)
        ]
        with transaction.atomic():
            deliveries = _store(part, now)
        first = first or deliveries[0].pk
    return PlannedSet(first, len(readers), min(len(lists), len(readers)))


def _store(part: Sequence[tuple[User, PaperList]], now: datetime) -> list[Delivery]:
    digests = [
        Digest(
            user_id=reader.pk,
            cadence=Cadence.DAILY,
            period_key=now.date().isoformat(),
            due_at=now,
            zone="UTC",
            planned_at=now,
            status=Digest.Status.PLANNED,
        )
        for reader, _list in part
    ]
    insert_new(digests)
    insert_new(
        [
            item
            for digest, (_reader, listed) in zip(digests, part, strict=True)
            for item in _make_items(digest, listed)
        ]
    )
    deliveries = [_make_delivery(digest, now) for digest in digests]
    insert_new(deliveries)
    return deliveries


def _make_items(digest: Digest, listed: PaperList) -> list[DigestItem]:
    return [
        DigestItem(
            digest_id=digest.pk,
            user_id=digest.user_id,
            paper_id=paper.pk,
            topic_id=listed.topic_of(place).pk,
            position=place + 1,
            score=1.0,
            evidence=[
                {"kind": "word", "text": paper.title.split()[0], "field": "title"}
            ],
        )
        for place, paper in enumerate(listed.papers)
    ]


def _make_delivery(digest: Digest, now: datetime) -> Delivery:
    public_id = uuid.uuid4()
    return Delivery(
        digest_id=digest.pk,
        public_id=public_id,
        message_id=f"<{public_id.hex}@{_DOMAIN}>",
        next_attempt_at=now,
        expires_at=now + _LIFE,
    )
