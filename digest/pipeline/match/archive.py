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
from digest.pipeline.match.words import keep_words, paper_text, read_bags

LEARNED_FROM = 10_000
"""How many of the newest papers the background is learned from."""

LASTS = timedelta(hours=20)
"""So old it is learned anew: once a day, whenever the day's papers come."""

SETTLES = timedelta(minutes=10)
"""So long nothing is learned anew: a first day comes source by source."""

WORDS = "words"
"""The engine that needs no model."""

EMBEDDED_SHARE = 0.9
"""Of the papers learned from, what share a model must have seen to be used."""

GROWTH = 1.5
"""So many times the papers that it was learned from, and it is learned anew."""


@dataclass(frozen=True, eq=False)
class Archive:
    """The background, and which papers its recent ones are, in their order."""

    background: matching.Background
    recent_ids: tuple[int, ...]

    @cached_property
    def weights(self) -> matching.TermWeights:
        """How rare words are among the recent papers: a second or three, once."""
        papers = Paper.objects.filter(pk__in=self.recent_ids).order_by("pk")
        return matching.TermWeights.from_papers(
            matching.prepare_all(map(paper_text, papers))
        )


def shelve(papers: Sequence[Paper], background: matching.Background) -> matching.Shelf:
    """The papers side by side, as the background sees them."""
    vectors = None
    if background.recent.meaning is not None:
        vectors = embed.read_vectors([paper.pk for paper in papers])
    return background.shelve(read_bags(papers), vectors)


def shelve_kept(
    papers: Sequence[Paper], background: matching.Background
) -> matching.Shelf:
    """The same, for papers that come again and again: their words are kept."""
    vectors = None
    if background.recent.meaning is not None:
        vectors = embed.read_vectors([paper.pk for paper in papers])
    return background.shelve([words.bag for words in keep_words(papers)], vectors)


def encode(
    wordings: Sequence[str], background: matching.Background
) -> matching.Floats | None:
    """The wordings' vectors, if the background has some to compare them with."""
    has_meaning = background.recent.meaning is not None
    return embed.encode_texts(wordings) if has_meaning else None


def current_archive(*, now: datetime) -> Archive:
    """What is in force; learned now if there is nothing, or it is out of date."""
    newest = Background.objects.defer("data", "recent_ids").order_by("fitted_at", "pk")
    row = newest.last()
    if row is None or _is_outgrown(row, now):
        return fit_archive(now=now)
    try:
        return _load(row.token)
    except matching.BackgroundError:  # of an older version
        return fit_archive(now=now)


def newest_archive() -> Archive | None:
    """What was learned last, however old; None before matching has learned anything.

    For those who must not wait for learning, or write.
    """
    token = Background.objects.order_by("fitted_at", "pk").values_list("token").last()
    try:
        return _load(token[0]) if token else None
    except matching.BackgroundError:
        return None


def fit_archive(*, now: datetime) -> Archive:
    """Learn from the newest papers, and store it."""
    papers = list(
        Paper.objects.works().order_by(F("announced_on").desc(nulls_last=True), "-pk")[
            :LEARNED_FROM
        ]
    )
    papers.reverse()
    vectors = embed.read_vectors([paper.pk for paper in papers])
    if vectors is not None and vectors.any(axis=1).mean() < EMBEDDED_SHARE:
        vectors = None  # too many are still to be embedded: until then, by words
    background = matching.Background.build(read_bags(papers), vectors)
    row = Background.objects.create(
        fitted_at=now,
        papers=Paper.objects.works().count(),
        engine=WORDS if vectors is None else engine(),
        recent_ids=[p.pk for p in papers[-background.recent.size :]],
        data=background.to_bytes(),
    )
    # Others may be reading the one before.
    kept = Background.objects.order_by("-fitted_at", "-pk").values_list("pk")[:2]
    Background.objects.exclude(pk__in=[pk for (pk,) in kept]).delete()
    return _load(row.token)


def engine() -> str:
    """What a background is made with: the model of meaning, if there is one."""
    encoder = embed.find_encoder()
    return embed.model_key(encoder) if encoder else WORDS


def _is_outgrown(row: Background, now: datetime) -> bool:
    if row.engine not in (WORDS, engine()):
        return True  # of another model: nothing of it can be compared
    if now - row.fitted_at < SETTLES:
        return False
    if now - row.fitted_at >= LASTS or row.engine != engine():
        return True
    is_full = row.papers >= LEARNED_FROM
    return not is_full and Paper.objects.works().count() >= GROWTH * row.papers


@lru_cache(maxsize=1)
def _load(token: UUID) -> Archive:
    row = Background.objects.get(token=token)
    return Archive(
        matching.Background.from_bytes(bytes(row.data)), tuple(row.recent_ids)
    )
