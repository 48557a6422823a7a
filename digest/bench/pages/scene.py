"""The rows behind the pages: days of papers with matches and votes, and readers.

Made as months of the service would leave them: a thousand papers a day, fifty curated
topics, one reader in ten with a topic of their own. Each paper is found by search.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path

from django.db import connection, transaction

from accounts.models import User
from digest import links
from digest.bench.ingest import BenchPaper, make_papers, read_corpus
from digest.bench.pages.person import Person, make_person
from digest.bench.relevance.papers import enlarge
from digest.bench.rows import store_papers, store_readers, store_topics
from digest.models import Announcement, Batch, Match, Paper, Source, Subscription, Topic
from digest.models.bulk import insert_new
from digest.pipeline.match.archive import fit_archive
from digest.pipeline.match.search import index_papers
from digest.pipeline.match.window import WINDOW_DAYS

PAPERS_A_DAY, TOPICS, TOPICS_OF_A_PAPER, MOST_FOLLOWED = 1_000, 50, 2, 5
OWN_TOPICS_AMONG, OWN_PAPERS_A_DAY = 10, 5
VOTED_ON_AMONG = 25
_SEED = 20261125


@dataclass(frozen=True, slots=True)
class Scene:
    """What can be asked for: the newest papers, curated topics, one reader."""

    papers: Sequence[Paper]
    topics: Sequence[Topic]
    person: Person


def read_papers(corpus: Path | None, count: int) -> Sequence[BenchPaper]:
    """Real papers and, where there are too few, more made of their sentences."""
    if corpus is None:
        return list(make_papers(count))
    return enlarge(read_corpus(corpus, count), count)


def set_scene(papers: Sequence[BenchPaper], readers: int, *, now: datetime) -> Scene:
    """Write all rows, newest papers last, and let the database count them."""
    chance = random.Random(_SEED)  # noqa: S311  the same each time is the point
    days = list(_store_days(papers, chance, now))
    newest = days[-1]
    topics = store_topics(newest, TOPICS)
    people = store_readers(
        [
            chance.sample(topics, chance.randint(1, MOST_FOLLOWED))
            for _ in range(readers)
        ],
        now=now,
        next_due_at=now + timedelta(hours=12),
    )
    for day in days:
        _store_matches(day, topics, chance, now)
    window = list(chain.from_iterable(days[-WINDOW_DAYS:]))
    _store_own_topics(people[::OWN_TOPICS_AMONG], window, chance, now)
    person = make_person(people[0], topics, list(chain.from_iterable(days)), now=now)
    while index_papers():
        pass
    fit_archive(now=now)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return Scene(newest, topics, person)


def _store_days(
    papers: Sequence[BenchPaper], chance: random.Random, now: datetime
) -> Iterator[list[Paper]]:
    """Write the papers of each day as announced by a source; yield the oldest first."""
    source = Source.objects.create(
        slug="bench",
        name="arXiv: bench",
        kind="arxiv_rss",
        address="https://rss.arxiv.org/rss/bench",
        next_fetch_at=now + timedelta(days=1),
        last_tried_at=now,
        last_succeeded_at=now,
    )
    starts = range(0, len(papers), PAPERS_A_DAY)
    for at, start in enumerate(starts):
        day = now - timedelta(days=len(starts) - 1 - at)
        stored = store_papers(papers[start : start + PAPERS_A_DAY], now=day)
        batch = Batch.objects.create(
            source=source,
            announced_on=day.date(),
            status=Batch.Status.RECEIVED,
            received_at=day,
            completed_at=day,
            entry_count=len(stored),
        )
        with transaction.atomic():
            insert_new([_announce(paper, batch) for paper in stored])
        for paper in stored[::VOTED_ON_AMONG]:
            paper.upvotes = chance.randint(1, 200)
        Paper.objects.bulk_update(stored[::VOTED_ON_AMONG], ["upvotes"])
        yield stored


def _announce(paper: Paper, batch: Batch) -> Announcement:
    return Announcement(
        paper=paper, batch=batch, announce_type="new", announced_on=batch.announced_on
    )


def _store_matches(
    papers: Sequence[Paper],
    topics: Sequence[Topic],
    chance: random.Random,
    now: datetime,
) -> None:
    rows = [
        _match(topic, paper, chance, now)
        for paper in papers
        for topic in chance.sample(topics, min(TOPICS_OF_A_PAPER, len(topics)))
    ]
    with transaction.atomic():
        insert_new(rows)


def _match(topic: Topic, paper: Paper, chance: random.Random, now: datetime) -> Match:
    word = paper.title.split()[0]
    return Match(
        topic_id=topic.pk,
        paper_id=paper.pk,
        score=chance.random(),
        evidence=[{"kind": "word", "text": word, "field": "title"}],
        matched_at=now,
        announced_on=paper.announced_on,
    )


def _store_own_topics(
    owners: Sequence[User],
    papers: Sequence[Paper],
    chance: random.Random,
    now: datetime,
) -> None:
    """Give each owner a topic of their own and its matches of the last days."""
    topics = [
        Topic(
            owner_id=owner.pk,
            slug=f"own-{owner.pk}",
            name="Mine",
            query=chance.choice(papers).title.split()[0].strip(":(),\"'") or "model",
            created_at=now,
            matched_at=now,
        )
        for owner in owners
    ]
    count = min(len(papers), OWN_PAPERS_A_DAY * WINDOW_DAYS)
    with transaction.atomic():
        insert_new(topics)
        insert_new([_follow(*pair, now) for pair in zip(owners, topics, strict=True)])
        for topic in topics:
            chosen = chance.sample(papers, count)
            insert_new([_match(topic, paper, chance, now) for paper in chosen])


def _follow(owner: User, topic: Topic, now: datetime) -> Subscription:
    return Subscription(
        user_id=owner.pk,
        topic_id=topic.pk,
        started_at=now,
        leave_token=links.new_token(),
    )
