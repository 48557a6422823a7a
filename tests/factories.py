"""Rows for tests, made with as few words as a test needs to say.

Each function makes one row and returns it. What is not given gets a value that is
valid and different at each call.
"""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from accounts.models import User
from digest import links
from digest.models import (
    Announcement,
    Batch,
    Cadence,
    Delivery,
    Digest,
    DigestItem,
    Example,
    HiddenPaper,
    Mark,
    Match,
    Paper,
    Pick,
    SavedPaper,
    Schedule,
    Source,
    Subscription,
    Topic,
)

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TODAY = NOW.date()

_numbers = count(1)


def make_source(slug: str = "", **fields: Any) -> Source:
    """A source of kind arXiv RSS that is not due."""
    number = next(_numbers)
    return Source.objects.create(
        slug=slug or f"source-{number}",
        **{
            "name": f"arXiv: list {number}",
            "kind": "arxiv_rss",
            "address": f"https://feeds.example.org/{number}",
            "next_fetch_at": datetime(2100, 1, 1, tzinfo=UTC),
            **fields,
        },
    )


def make_batch(
    source: Source | None = None, announced_on: date = TODAY, **fields: Any
) -> Batch:
    """A batch that was received."""
    return Batch.objects.create(
        source=source or make_source(),
        announced_on=announced_on,
        **{"status": Batch.Status.RECEIVED, "received_at": NOW, **fields},
    )


def make_paper(title: str = "", **fields: Any) -> Paper:
    """An arXiv paper announced today; `authors` may be given as names."""
    number = next(_numbers)
    arxiv_id = f"2611.{number:05d}"
    names = fields.pop("authors", ["Ada Author", "Ben Writer"])
    return Paper.objects.create(
        title=title or f"Paper number {number}",
        authors=[
            {"name": name, "affiliation": ""} if isinstance(name, str) else name
            for name in names
        ],
        **{
            "canonical_id": f"arxiv:{arxiv_id}",
            "slug": arxiv_id,
            "arxiv_id": arxiv_id,
            "version": 1,
            "abstract": f"Abstract of paper number {number}.",
            "categories": ["cs.LG"],
            "url": f"https://arxiv.org/abs/{arxiv_id}",
            "announced_on": TODAY,
            "first_seen_at": NOW,
            "changed_at": NOW,
            **fields,
        },
    )


def make_announcement(paper: Paper, batch: Batch, **fields: Any) -> Announcement:
    """That the batch listed the paper as new."""
    return Announcement.objects.create(
        paper=paper,
        batch=batch,
        **{
            "announce_type": "new",
            "announced_on": batch.announced_on,
            "version": paper.version,
            **fields,
        },
    )


def make_topic(slug: str = "", **fields: Any) -> Topic:
    """A curated topic that chooses by a query."""
    slug = slug or f"topic-{next(_numbers)}"
    kind = fields.get("kind", Topic.Kind.QUERY)
    return Topic.objects.create(
        slug=slug,
        **{
            "name": slug.replace("-", " ").capitalize(),
            "description": f"All about {slug}.",
            "query": "paper" if kind == Topic.Kind.QUERY else "",
            **fields,
        },
    )


def make_match(topic: Topic, paper: Paper, **fields: Any) -> Match:
    """A match by a word in the title."""
    evidence = [{"kind": "word", "text": paper.title.split()[0], "field": "title"}]
    return Match.objects.create(
        topic=topic,
        paper=paper,
        **{
            "score": 1.0,
            "evidence": evidence,
            "matched_at": NOW,
            "announced_on": paper.announced_on,
            **fields,
        },
    )


def make_mark(user: User, paper: Paper, verdict: str = "more", **fields: Any) -> Mark:
    """The reader's word on a paper, about every topic that it matches."""
    return Mark.objects.create(
        user=user, paper=paper, verdict=verdict, **{"made_at": NOW, **fields}
    )


def make_example(topic: Topic, paper: Paper, **fields: Any) -> Example:
    return Example.objects.create(
        topic=topic, paper=paper, **{"added_at": NOW, **fields}
    )


def save_paper(user: User, paper: Paper, **fields: Any) -> SavedPaper:
    """The paper on the reader's list."""
    return SavedPaper.objects.create(
        user=user, paper=paper, **{"saved_at": NOW, **fields}
    )


def make_pick(paper: Paper, picked_on: date = TODAY, **fields: Any) -> Pick:
    """The curators' pick of a day."""
    return Pick.objects.create(paper=paper, picked_on=picked_on, **fields)


def hide_paper(paper: Paper, reason: str = "Not a paper.") -> HiddenPaper:
    """Keep the paper out of pages and digests."""
    return HiddenPaper.objects.create(paper=paper, reason=reason)


def make_reader(email: str = "", *topics: Topic, **fields: Any) -> User:
    """A confirmed person with a schedule, subscribed to the topics.

    `fields` are those of the schedule. Not due before the test says so.
    """
    user = User.objects.create_user(
        email or f"reader{next(_numbers)}@example.org", confirmed_at=NOW
    )
    Schedule.objects.create(
        user=user,
        **{
            "next_due_at": datetime(2100, 1, 1, tzinfo=UTC),
            "unsubscribe_token": links.new_token(),
            "manage_token": links.new_token(),
            "feedback_token": links.new_token(),
            "created_at": NOW,
            **fields,
        },
    )
    for topic in topics:
        make_subscription(user, topic)
    return user


def make_subscription(user: User, topic: Topic, **fields: Any) -> Subscription:
    """An active subscription, begun long before any paper of the tests."""
    return Subscription.objects.create(
        user=user,
        topic=topic,
        **{
            "started_at": datetime(2026, 1, 1, tzinfo=UTC),
            "leave_token": links.new_token(),
            **fields,
        },
    )


def make_digest(user: User | None = None, **fields: Any) -> Digest:
    """A planned daily digest without items and without a delivery."""
    return Digest.objects.create(
        user=user,
        **{
            "cadence": Cadence.DAILY,
            "period_key": f"{TODAY.isoformat()}-{next(_numbers)}",
            "due_at": NOW,
            "zone": "UTC",
            "planned_at": NOW,
            "status": Digest.Status.PLANNED,
            **fields,
        },
    )


def make_item(
    digest: Digest, paper: Paper, topic: Topic | None = None, **fields: Any
) -> DigestItem:
    """The paper as the digest's next item, in the mail."""
    return DigestItem.objects.create(
        digest=digest,
        user=digest.user,
        paper=paper,
        topic=topic,
        **{"position": digest.items.count() + 1, **fields},
    )


def make_delivery(digest: Digest, **fields: Any) -> Delivery:
    """The digest's planned delivery: due now, too late in 18 hours."""
    public_id = uuid.uuid4()
    return Delivery.objects.create(
        digest=digest,
        **{
            "public_id": public_id,
            "message_id": f"<{public_id.hex}@papers.example.org>",
            "next_attempt_at": NOW,
            "expires_at": NOW + timedelta(hours=18),
            **fields,
        },
    )
