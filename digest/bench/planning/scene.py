"""The rows that planning begins from: a day's papers, matches, and due readers.

Written in parts, so that their number does not show in the planner's memory.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from digest.bench.ingest import make_papers, read_corpus
from digest.bench.rows import store_papers, store_readers, store_topics
from digest.models import Match, Paper, Topic
from digest.models.bulk import insert_new
from digest.pipeline.match.archive import fit_archive

PAPERS, TOPICS, MOST_TOPICS = 1_000, 50, 5
MATCHES = (5, 35)
"""Fewest and most papers of one topic: together, about as many as there are papers."""

_SEED = 20260421
_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Scene:
    """So many readers, due since `due_at`; it is `now`."""

    subscribers: int
    due_at: datetime
    now: datetime


def set_scene(subscribers: int, corpus: Path | None) -> Scene:
    """Make the tables, and all rows."""
    call_command("migrate", verbosity=0, interactive=False)
    due_at = timezone.now().replace(hour=7, minute=0, second=0, microsecond=0)
    scene = Scene(subscribers, due_at, due_at.replace(minute=5))
    store_rows(scene, corpus)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return scene


def store_rows(scene: Scene, corpus: Path | None = None) -> None:
    """Write the papers, an archive learned from them, topics, matches and readers."""
    given = read_corpus(corpus, PAPERS) if corpus else make_papers(PAPERS)
    papers = store_papers(given, now=scene.now)
    topics = store_topics(papers, TOPICS)
    fit_archive(now=scene.now)
    chance = random.Random(_SEED)  # noqa: S311  the same each time is the point
    _store_matches(topics, papers, chance, scene.now)
    for start in range(0, scene.subscribers, _AT_ONCE):
        count = min(_AT_ONCE, scene.subscribers - start)
        most = min(MOST_TOPICS, len(topics))
        wishes = [
            chance.sample(topics, chance.randint(1, most)) for _number in range(count)
        ]
        store_readers(wishes, now=scene.now, next_due_at=scene.due_at, first=start)


def _store_matches(
    topics: Sequence[Topic],
    papers: Sequence[Paper],
    chance: random.Random,
    now: datetime,
) -> None:
    fewest, most = MATCHES
    rows = [
        Match(
            topic_id=topic.pk,
            paper_id=paper.pk,
            score=chance.uniform(0.5, 4.0),
            evidence=[
                {"kind": "word", "text": topic.query, "field": "title"},
                {"kind": "word", "text": paper.title.split()[0], "field": "abstract"},
            ],
            matched_at=now,
            announced_on=paper.announced_on,
        )
        for topic in topics
        for paper in chance.sample(papers, min(chance.randint(fewest, most), PAPERS))
    ]
    with transaction.atomic():
        insert_new(rows)
