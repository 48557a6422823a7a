"""One paper in a list: what its card says, as HTML that is made once for everybody.

Promise: the HTML is kept under all that it was made of, so that a new vote, a note, a
new version or another language shows at once, and nothing ever has to be thrown away.
What is one reader's own (their vote, the token of their forms) is never kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.core.cache import caches
from django.template import Context, Engine
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from digest import tex
from digest.models import Paper
from digest.pipeline.render import highlight, reason
from digest.pipeline.render.paper import byline, shorten

ABSTRACT_LENGTH = 360
"""Two lines are shown; a little more stands in the page for wide screens."""

_TEMPLATE = "digest/_paper_card.html"
_OWN = ("<!--vote-->", "<!--judge-->", "<!--judged-->")
"""Where the template parts; text from outside is escaped and holds none of these."""


@dataclass(frozen=True, slots=True)
class Place:
    """Why a paper stands where it stands, and which stand beneath it."""

    is_pick: bool = False
    note: str = ""
    evidence: Sequence[Mapping[str, Any]] = ()
    also: Sequence[Paper] = ()


class Link(NamedTuple):
    """A name and where it leads."""

    name: str
    url: str


class Pieces(NamedTuple):
    """A card's HTML: up to the vote, from there to the end of the facts, the rest.

    `judge` is the fact that only readers see, who can save and judge papers.
    """

    before: str
    facts: str
    judge: str
    after: str


@dataclass(frozen=True, slots=True)
class Card:
    """A paper in its place, its curated topics, and who listed it."""

    paper: Paper
    place: Place
    topics: tuple[Link, ...]
    sources: str

    @property
    def announced_on(self) -> date | None:
        """The day under which lists show it."""
        return self.paper.announced_on

    @property
    def plain_title(self) -> str:
        """The title as text to be escaped."""
        return tex.to_unicode(self.paper.title)

    @property
    def vote_url(self) -> str:
        """Where votes for it go."""
        return reverse("digest:vote", args=[self.paper.slug])

    def pieces(self, level: int) -> Pieces:
        """Its HTML with a heading of that level, in the language of now."""
        template = Engine.get_default().get_template(_TEMPLATE)
        made_of = (template.source, get_language(), level, *self._said())
        key = hashlib.blake2b(repr(made_of).encode(), digest_size=20).hexdigest()
        kept: Pieces | None = caches["cards"].get(key)
        if kept is None:
            html = template.render(Context({"card": _facts(self), "level": level}))
            before, rest = html.split(_OWN[0])
            facts, rest = rest.split(_OWN[1])
            kept = Pieces(before, facts, *rest.split(_OWN[2]))
            caches["cards"].set(key, kept)
        return kept

    def _said(self) -> tuple[object, ...]:
        """Everything that the HTML is made of."""
        paper, place = self.paper, self.place
        also = [(other.title, other.slug) for other in place.also]
        return (
            *(getattr(paper, name) for name in _FIELDS),
            *(place.is_pick, place.note, list(place.evidence), also),
            *(self.topics, self.sources),
        )


_FIELDS = (
    "pk",
    "slug",
    "title",
    "abstract",
    "authors",
    "categories",
    "url",
    "organisation",
    "upvotes",
    "reader_votes",
    "comment_count",
    "signals",
    "is_withdrawn",
    "announced_on",
)
"""What a card says of its paper comes from these alone."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the card's template reads. All is text to be escaped but the safe strings.

    In title and abstract the words that matched are marked.
    """

    paper_id: int
    title: SafeString
    plain_title: str
    url: str
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


def _facts(card: Card) -> Facts:
    paper, place = card.paper, card.place
    words = highlight.sought_words(place.evidence)
    abstract = shorten(tex.to_unicode(paper.abstract), ABSTRACT_LENGTH)
    return Facts(
        paper_id=paper.pk,
        title=highlight.for_page(card.plain_title, words),
        plain_title=card.plain_title,
        url=paper.get_absolute_url(),
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
        sources=card.sources,
        abstract=highlight.for_page(abstract, words),
        is_withdrawn=paper.is_withdrawn,
        is_pick=place.is_pick,
        note=place.note,
        reason=reason.as_html(place.evidence),
        also=tuple(
            Link(tex.to_unicode(other.title), other.get_absolute_url())
            for other in place.also
        ),
        topics=card.topics,
    )
