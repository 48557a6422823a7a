"""One paper in full, as its own page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from digest import tex
from digest.models import Announcement, Match, Paper, PaperEvent, Pick
from digest.pipeline.match.similar import similar_papers
from digest.pipeline.match.strictness import wanted
from digest.pipeline.render import reason
from digest.pipeline.render.paper import byline
from digest.views.card import Link, code_stars, origin_of, web_address


@dataclass(frozen=True, slots=True)
class Listing:
    """That a source listed the paper on a day, and as what."""

    source: str
    day: date
    kind: str


@dataclass(frozen=True, slots=True)
class TopicReason:
    """A curated topic that chose the paper, and why."""

    topic: Link
    reason: SafeString


@dataclass(frozen=True, slots=True)
class Similar:
    """Another paper that is like this one."""

    title: str
    url: str
    byline: str
    announced_on: date | None


@dataclass(frozen=True, slots=True)
class Details:
    """What the paper's page reads. Everything is text to be escaped."""

    title: str
    authors: tuple[tuple[str, str], ...]
    abstract: str
    links: tuple[Link, ...]
    keywords: tuple[str, ...]
    code_stars: int
    licence_url: str
    picks: tuple[Pick, ...]
    topics: tuple[TopicReason, ...]
    listings: tuple[Listing, ...]
    events: tuple[str, ...]
    similar: tuple[Similar, ...]


def describe_paper(paper: Paper, today: date) -> Details:
    """Everything about one paper, with six queries."""
    return Details(
        title=tex.to_unicode(paper.title),
        authors=tuple(
            (tex.to_unicode(author["name"]), author.get("affiliation", ""))
            for author in paper.authors
        ),
        abstract=tex.to_unicode(paper.abstract),
        links=tuple(_links(paper)),
        keywords=tuple(map(str, paper.signals.get("keywords") or ())),
        code_stars=code_stars(paper),
        licence_url=web_address(paper.license_url),
        picks=tuple(paper.picks.filter(picked_on__lte=today).order_by("-picked_on")),
        topics=tuple(_topics(paper)),
        listings=tuple(_listings(paper)),
        events=tuple(map(_event_words, paper.events.order_by("happened_on", "pk"))),
        similar=tuple(
            Similar(
                tex.to_unicode(other.title),
                other.get_absolute_url(),
                byline(other.author_names, other.organisation, []),
                other.announced_on,
            )
            for other in similar_papers(paper)
        ),
    )


def _links(paper: Paper) -> list[Link]:
    """Where to read on: the source, the PDF, the published version, the code."""
    origin = origin_of(paper)
    links = []
    if origin:
        name = _("Read at {site}").format(site=origin.name)
        links.append(Link(name, origin.url))
    if paper.arxiv_id:
        links += [
            Link(_("PDF"), f"https://arxiv.org/pdf/{quote(paper.arxiv_id)}"),
            Link(
                _("Web page (HTML)"), f"https://arxiv.org/html/{quote(paper.arxiv_id)}"
            ),
        ]
    if paper.doi:
        links.append(Link(_("DOI"), f"https://doi.org/{quote(paper.doi)}"))
    if code := web_address(paper.signals.get("code_url")):
        links.append(Link(_("Code"), code))
    if project := web_address(paper.signals.get("project_url")):
        links.append(Link(_("Project page"), project))
    return links


def _topics(paper: Paper) -> list[TopicReason]:
    matches = (
        Match.objects.filter(
            wanted(),
            paper=paper,
            topic__owner__isnull=True,
            topic__is_retired=False,
        )
        .select_related("topic")
        .order_by("-score", "topic__position")
    )
    return [
        TopicReason(
            Link(match.topic.name, match.topic.get_absolute_url()),
            reason.as_html(match.evidence),
        )
        for match in matches
    ]


def _listings(paper: Paper) -> list[Listing]:
    rows = (
        Announcement.objects.filter(paper=paper)
        .select_related("batch__source")
        .order_by("announced_on", "pk")
    )
    return [
        Listing(row.batch.source.name, row.announced_on, _listed_as(row))
        for row in rows
    ]


def _event_words(event: PaperEvent) -> str:
    """What happened and when, as one line."""
    day = date_format(event.happened_on, "j F Y")
    match event.kind:
        case PaperEvent.Kind.NEW_VERSION:
            return _("Version {number} on {day}").format(number=event.version, day=day)
        case PaperEvent.Kind.PUBLISHED:
            return _("Published in {place}, seen on {day}").format(
                place=tex.to_unicode(event.detail), day=day
            )
        case _:
            return _("Withdrawn on {day}").format(day=day)


def _listed_as(row: Announcement) -> str:
    """The announce type in words, with the version of a replacement."""
    kinds = {
        "new": _("new"),
        "cross": _("cross-listed"),
        "replace": _("new version"),
        "replace-cross": _("new version, cross-listed"),
    }
    words = kinds.get(row.announce_type, row.announce_type)
    if row.announce_type.startswith("replace") and row.version:
        return _("{kind} (v{number})").format(kind=words, number=row.version)
    return words
