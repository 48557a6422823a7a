"""Papers as the pages show them: plain values, TeX as Unicode, safe addresses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.safestring import SafeString

from digest import tex
from digest.models import Announcement, Match, Paper, Pick
from digest.pipeline.match.strictness import wanted
from digest.pipeline.render import highlight, reason
from digest.pipeline.render.paper import byline, shorten

ABSTRACT_LENGTH = 360
"""Two lines are shown; a little more stands in the page for wide screens."""


@dataclass(frozen=True, slots=True)
class Place:
    """Why a paper stands where it stands, and which stand beneath it."""

    is_pick: bool = False
    note: str = ""
    evidence: Sequence[Mapping[str, Any]] = ()
    also: Sequence[Paper] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A name and where it leads."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Card:
    """What the card template reads. All is text to be escaped but the safe strings.

    In title and abstract the words that matched are marked.
    """

    paper_id: int
    title: SafeString
    plain_title: str
    url: str
    vote_url: str
    byline: str
    author_count: int
    organisation: str
    category: str
    announced_on: date | None
    votes: int
    reader_votes: int
    comments: int
    origin: Link | None
    code_url: str
    code_stars: int
    sources: str
    abstract: SafeString
    is_withdrawn: bool
    is_pick: bool
    note: str
    reason: SafeString
    also: tuple[Link, ...]
    topics: tuple[Link, ...]


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
        _card(
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


def web_address(text: object) -> str:
    """The text if it is an http(s) address, else nothing: no script in a link."""
    address = str(text or "")
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in {"http", "https"} and parts.hostname else ""


def code_stars(paper: Paper) -> int:
    """How many stars its code has at the source; 0 if that is not known."""
    stars = paper.signals.get("code_stars")
    return stars if isinstance(stars, int) else 0


def origin_of(paper: Paper) -> Link | None:
    """The paper at its source, named by the site it is on."""
    address = web_address(paper.url)
    if not address:
        return None
    host = (urlsplit(address).hostname or "").removeprefix("www.")
    return Link(host, address)


def _card(paper: Paper, place: Place, topics: tuple[Link, ...], sources: str) -> Card:
    words = highlight.sought_words(place.evidence)
    abstract = shorten(tex.to_unicode(paper.abstract), ABSTRACT_LENGTH)
    title = tex.to_unicode(paper.title)
    return Card(
        paper_id=paper.pk,
        title=highlight.for_page(title, words),
        plain_title=title,
        url=paper.get_absolute_url(),
        vote_url=reverse("digest:vote", args=[paper.slug]),
        byline=byline(paper.author_names, paper.organisation, place.evidence),
        author_count=len(paper.authors),
        organisation=paper.organisation if paper.authors else "",
        category=paper.primary_category,
        announced_on=paper.announced_on,
        votes=paper.votes,
        reader_votes=paper.reader_votes,
        comments=paper.comment_count,
        origin=origin_of(paper),
        code_url=web_address(paper.signals.get("code_url")),
        code_stars=code_stars(paper),
        sources=sources,
        abstract=highlight.for_page(abstract, words),
        is_withdrawn=paper.is_withdrawn,
        is_pick=place.is_pick,
        note=place.note,
        reason=reason.as_html(place.evidence),
        also=tuple(
            Link(tex.to_unicode(other.title), other.get_absolute_url())
            for other in place.also
        ),
        topics=topics,
    )


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
