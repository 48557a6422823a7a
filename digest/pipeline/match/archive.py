"""What matching knows before it looks at a paper: the archive in numbers.

It is learned from the words of the newest papers about once a day, and read once a
process.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from uuid import UUID

from django.db.models import F

from digest import matching
from digest.models import Background, Paper
from digest.pipeline import embed
from digest.pipeline.match.words import paper_text, read_bags

LEARNED_FROM = 10_000
"""How many of the newest papers the background is learned from."""

LASTS = timedelta(hours=20)
"""So old it is learned anew: once a day, whenever the day's papers come."""

GROWTH = 1.5
"""So many times the papers that it was learned from, and it is learned anew."""


@dataclass(frozen=True)
class Archive:
    """The background, and which papers its recent ones are, in their order."""

    background: matching.Background
    recent_ids: tuple[int, ...]

    @cached_property
    def weights(self) -> matching.TermWeights:
        """How rare words are among the recent papers: a second or three, once."""
        papers = Paper.objects.filter(pk__in=self.recent_ids).order_by("pk")
        texts = (matching.prepare(paper_text(paper)) for paper in papers.iterator())
        return matching.TermWeights.from_papers(texts)


def shelve(papers: Sequence[Paper], background: matching.Background) -> matching.Shelf:
    """The papers side by side, as the background sees them."""
    ids = [paper.pk for paper in papers]
    return background.shelve(read_bags(papers), embed.read_vectors(ids))


def current_archive(*, now: datetime) -> Archive:
    """What is in force; learned now if there is nothing, or it is out of date."""
    newest = Background.objects.defer("data", "recent_ids").order_by("fitted_at", "pk")
    row = newest.last()
    if row is None or row.engine != engine() or _is_outgrown(row, now):
        return fit_archive(now=now)
    return _load(row.pk)


def fit_archive(*, now: datetime) -> Archive:
    """Learn from the newest papers, and store it."""
    papers = list(
        Paper.objects.works().order_by(F("announced_on").desc(nulls_last=True), "-pk")[
            :LEARNED_FROM
        ]
    )
    papers.reverse()
    vectors = embed.read_vectors([paper.pk for paper in papers])
    background = matching.Background.build(read_bags(papers), vectors)
    row = Background.objects.create(
        fitted_at=now,
        papers=Paper.objects.works().count(),
        engine=engine(),
        recent_ids=[p.pk for p in papers[-background.recent.size :]],
        data=background.to_bytes(),
    )
    # Others may be reading the one before.
    kept = Background.objects.order_by("-fitted_at", "-pk").values_list("pk")[:2]
    Background.objects.exclude(pk__in=[pk for (pk,) in kept]).delete()
    return _load(row.pk)


def engine() -> str:
    """What a background is made with: the model of meaning, if there is one."""
    encoder = embed.find_encoder()
    return embed.model_key(encoder) if encoder else "words"


def _is_outgrown(row: Background, now: datetime) -> bool:
    if now - row.fitted_at < timedelta(minutes=10):
        return False  # a first day comes source by source
    if now - row.fitted_at >= LASTS:
        return True
    is_full = row.papers >= LEARNED_FROM
    return not is_full and Paper.objects.works().count() >= GROWTH * row.papers


@lru_cache(maxsize=1)
def _load(pk: UUID) -> Archive:
    row = Background.objects.get(pk=pk)
    return Archive(
        matching.Background.from_bytes(bytes(row.data)), tuple(row.recent_ids)
    )
