"""Cards for the papers of a page: what hangs on them is read for all at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.urls import reverse

from digest.models import Announcement, Match, Paper, Pick
from digest.pipeline.match.strictness import wanted
from digest.views.card import Card, Link, Place

__all__ = ["Card", "Link", "Place", "make_cards", "pick_places"]


def make_cards(
    papers: Sequence[Paper], places: Mapping[int, Place] | None = None
) -> list[Card]:
    """A card for each paper, in order, with two queries for all of them together.

    `places` says by paper id what is known about a paper in this very list.
    """
    paper_ids = [paper.pk for paper in papers]
    topics = _topics(paper_ids)
    sources = _sources(paper_ids)
    known = places or {}
    return [
        Card(
            paper,
            known.get(paper.pk, Place()),
            tuple(topics[paper.pk]),
            ", ".join(sources[paper.pk]),
        )
        for paper in papers
    ]


def pick_places(picks: Sequence[Pick]) -> dict[int, Place]:
    """The place of each picked paper, by paper id."""
    return {pick.paper_id: Place(is_pick=True, note=pick.note) for pick in picks}


def _topics(paper_ids: Sequence[int]) -> dict[int, list[Link]]:
    """The curated topics that each paper matched, best first."""
    found: dict[int, list[Link]] = defaultdict(list)
    matches = Match.objects.filter(
        wanted(),
        paper_id__in=paper_ids,
        topic__owner__isnull=True,
        topic__is_retired=False,
    ).order_by("-score", "topic__position", "pk")
    links: dict[str, Link] = {}
    rows = matches.values_list("paper_id", "topic__name", "topic__slug")
    for paper_id, name, slug in rows:
        if slug not in links:
            links[slug] = Link(name, reverse("digest:topic", args=[slug]))
        found[paper_id].append(links[slug])
    return found


def _sources(paper_ids: Sequence[int]) -> dict[int, list[str]]:
    """The publishers that listed each paper ("arXiv" for any list of arXiv's)."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = (
        Announcement.objects.filter(paper_id__in=paper_ids)
        .order_by("batch__source__name")
        .values_list("paper_id", "batch__source__name")
        .distinct()
    )
    for paper_id, name in rows:
        publisher = name.partition(":")[0]
        if publisher not in found[paper_id]:
            found[paper_id].append(publisher)
    return found
