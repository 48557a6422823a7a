"""The rows that are measured, made before any clock runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.core.management import call_command
from django.utils import timezone

from digest.bench.delivery.outcome import Wanted
from digest.bench.delivery.sample import Sample, take_sample
from digest.bench.ingest import BenchPaper, make_papers, read_corpus
from digest.bench.rows import (
    PaperList,
    PlannedSet,
    make_lists,
    store_digests,
    store_papers,
    store_readers,
    store_topics,
)

PAPERS, TOPICS = 1_000, 50
READERS_OF_SHARED = 1_000
_SAMPLE = 50


@dataclass(frozen=True, slots=True)
class Scene:
    """Two sets of deliveries: one as asked for, one with 1,000 readers an edition.

    The second is missing where the first shares its editions already.
    """

    planned: PlannedSet
    shared: PlannedSet | None
    lists: Sequence[PaperList]
    sample: Sample


def read_papers(corpus: Path | None) -> Sequence[BenchPaper]:
    """Real papers, or made-up ones of the same size."""
    return read_corpus(corpus, PAPERS) if corpus else list(make_papers(PAPERS))


def set_scene(wanted: Wanted, papers: Sequence[BenchPaper], folder: Path) -> Scene:
    """Make the tables, and all rows."""
    call_command("migrate", verbosity=0, interactive=False)
    now = timezone.now()
    stored = store_papers(papers, now=now)
    topics = store_topics(stored, TOPICS)
    shared_lists = 0
    if wanted.editions == wanted.digests:
        shared_lists = max(1, wanted.digests // READERS_OF_SHARED)
    lists = make_lists(
        stored, topics, wanted.editions + shared_lists, size=wanted.papers
    )
    sets = [lists[: wanted.editions]]
    if shared_lists:
        sets.append(lists[wanted.editions :])
    readers = store_readers(
        [
            of_set[number % len(of_set)].topics
            for of_set in sets
            for number in range(wanted.digests)
        ],
        now=now,
        next_due_at=now + timedelta(days=1),
    )
    size = wanted.digests
    planned = [
        store_digests(readers[at * size : (at + 1) * size], of_set, now=now)
        for at, of_set in enumerate(sets)
    ]
    sample = take_sample(planned[0].ids[:_SAMPLE], folder)
    shared = planned[1] if len(planned) > 1 else None
    return Scene(planned[0], shared, lists, sample)
