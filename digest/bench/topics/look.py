"""The starter topics matched by the product's own path, and what to look at of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from digest.models import Match, Paper, Strictness, Topic
from digest.pipeline.match import match_papers
from digest.pipeline.match.strictness import cut
from digest.starter.load import load_topics

SHOWN, SHOWN_BELOW = 15, 5


@dataclass(frozen=True, slots=True)
class Look:
    """One topic: the best of what it sends, and what it only just leaves out.

    `volumes`: how many papers at each strictness, of `papers` new ones; empty where
    the query alone decides.
    """

    topic: Topic
    papers: int
    count: int
    volumes: dict[Strictness, int]
    sent: tuple[Match, ...]
    below: tuple[Match, ...]


def look_at_topics(*, now: datetime, days: int) -> Iterator[Look]:
    """Load the starter topics, match them, and yield each but the curators' own."""
    load_topics()
    match_papers(now=now)
    first = now.date() - timedelta(days=days - 1)
    papers = Paper.objects.shown().announced_between(first, now.date()).count()
    for topic in Topic.objects.searching().order_by("position"):
        yield _look(topic, first, papers)


def _look(topic: Topic, first: date, papers: int) -> Look:
    found = (
        topic.matches.filter(paper__announced_on__gte=first)
        .select_related("paper")
        .best_first()
    )
    least = cut(topic.strictness)
    sent = found.exclude(margin__lt=least)
    volumes = {
        level: found.filter(margin__gte=cut(level)).count() for level in Strictness
    }
    return Look(
        topic=topic,
        papers=papers,
        count=sent.count(),
        volumes=volumes if topic.wish else {},
        sent=tuple(sent[:SHOWN]),
        below=tuple(found.filter(margin__lt=least)[:SHOWN_BELOW]),
    )
