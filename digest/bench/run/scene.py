"""The rows of the morning: papers that nobody matched, and readers who are due."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from digest.bench.ingest import BenchPaper
from digest.bench.rows import store_papers, store_readers, store_topics
from digest.models import (
    Delivery,
    Digest,
    DigestItem,
    Edition,
    Fragment,
    Match,
    Schedule,
)
from digest.pipeline.match import search
from digest.pipeline.match.archive import current_archive, fit_archive
from digest.pipeline.match.filing import file_topics

TOPICS, MOST_TOPICS = 50, 5
MOST_OF_A_DAY = 0.035
"""A topic brings at most so much of a day's papers."""

_SEED = 20260422
_WRITTEN = [Match, Digest, Edition, Fragment]


@dataclass(frozen=True, slots=True)
class Scene:
    """So many readers, due since `due_at`; the papers by primary key."""

    readers: int
    due_at: datetime
    paper_ids: Sequence[int]


def set_scene(readers: int, papers: Sequence[BenchPaper]) -> Scene:
    """Make the tables, and all rows."""
    call_command("migrate", verbosity=0, interactive=False)
    scene = store_rows(readers, papers, now=timezone.now())
    begin_again(scene)
    return scene


def store_rows(readers: int, papers: Sequence[BenchPaper], *, now: datetime) -> Scene:
    """Write papers, topics and readers; what the search asks of papers is done, too."""
    stored = store_papers(papers, now=now)
    topics = store_topics(stored, TOPICS, most_share=MOST_OF_A_DAY)
    fit_archive(now=now)
    # An hour that has begun just now: a digest is too late after eighteen.
    due_at = now.replace(minute=0, second=0, microsecond=0)
    chance = random.Random(_SEED)  # noqa: S311  the same each time is the point
    most = min(MOST_TOPICS, len(topics))
    wishes = [chance.sample(topics, chance.randint(1, most)) for _ in range(readers)]
    store_readers(wishes, now=now, next_due_at=due_at)
    Schedule.objects.update(hour=due_at.hour)
    while search.has_papers_to_index():
        search.index_papers()
    # The topics are older than the papers: only these are new today.
    file_topics(current_archive(now=now).weights, None)
    return Scene(readers, due_at, [paper.pk for paper in stored])


def begin_again(scene: Scene) -> None:
    """Nothing is matched, planned, rendered or sent, and all readers are due."""
    names = ", ".join(model._meta.db_table for model in _WRITTEN)  # noqa: SLF001
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {names} CASCADE")
        Schedule.objects.update(next_due_at=scene.due_at)
        cursor.execute("VACUUM ANALYZE")


def find_problems(readers: int) -> list[str]:
    """What is not so: so many have their one digest, accepted at the only attempt."""
    problems = []
    sent = Delivery.objects.filter(state=Delivery.State.ACCEPTED, attempt_count=1)
    if sent.count() != readers:
        problems.append(f"{readers} readers have {sent.count()} mails")
    others = Digest.objects.exclude(delivery__in=sent).count()
    if others:
        problems.append(f"{others} digests were not sent")
    return problems


def count_mailed() -> int:
    """How many papers stand in the mails of all readers."""
    return DigestItem.objects.filter(is_in_mail=True).count()
