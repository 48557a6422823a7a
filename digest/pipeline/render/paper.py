"""One paper as a digest shows it: plain values, TeX turned into Unicode."""

import json
import textwrap
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from digest import links, tex
from digest.models import Paper
from digest.pipeline.render import highlight, reason
from digest.pipeline.render.holes import FEEDBACK, hole
from digest.pipeline.render.piece import PaperFacts, Shown, read_paper
from digest.sources.text import one_line

AUTHORS_SHOWN = 3
LINE_WIDTH = 72
NOTE_LENGTH, ALSO_IN_LENGTH = 500, 200
SHORT_TITLE_LENGTH, SHORT_TITLE_END = 36, 14


_COLUMNS = (
    "title",
    "abstract",
    "url",
    "slug",
    "organisation",
    "announced_on",
    "upvotes",
    "reader_votes",
    "comment_count",
    "is_withdrawn",
)
_JSON_COLUMNS = ("authors", "categories", "signals")
PaperRow = tuple[Any, ...]
"""A paper's id, these columns, and those as JSON."""


@dataclass(frozen=True, slots=True)
class AlsoView:
    """A paper that says nearly the same as the one above it."""

    title: str
    link: str


@dataclass(frozen=True, slots=True)
class SayView:
    """A link to the page whose one button says this of the paper."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class PaperView:
    """What the templates read. All is text to be escaped but what says it is HTML."""

    title: str
    title_html: SafeString
    link: str
    feedback: str
    says: tuple[SayView, ...]
    short_title: str
    byline: str
    facts: tuple[str, ...]
    abstract: str
    abstract_html: SafeString
    note: str
    is_pick: bool
    reason_html: SafeString
    reason_text: str
    also_in: str
    also: tuple[AlsoView, ...]


def read_papers(paper_ids: Collection[int]) -> dict[int, PaperRow]:
    """Read what digests say of papers, by id: raw, so that equal rows are known."""
    rows = (
        Paper.objects.filter(pk__in=paper_ids)
        .annotate(**{f"{n}_json": Cast(n, TextField()) for n in _JSON_COLUMNS})
        .values_list("pk", *_COLUMNS, *(f"{name}_json" for name in _JSON_COLUMNS))
    )
    return {row[0]: row for row in rows}


@lru_cache(maxsize=4096)
def facts_in(language: str, site_url: str, row: PaperRow) -> PaperFacts:  # noqa: ARG001
    """What a digest says of a paper, in the language that is active, on this site."""
    paper_id, *values = row
    texts = [json.loads(value) for value in values[len(_COLUMNS) :]]
    read = zip(
        (*_COLUMNS, *_JSON_COLUMNS), (*values[: len(_COLUMNS)], *texts), strict=True
    )
    paper = Paper(pk=paper_id, **dict(read))
    return read_paper(paper, paper_link(paper), facts(paper))


def view(shown: Shown, abstract_length: int) -> PaperView:
    """Put a paper of a digest into words."""
    paper, evidence = shown.paper, shown.pieces_of_evidence
    abstract = shorten(tex.to_unicode(paper.abstract), abstract_length)
    words = highlight.sought_words(evidence)
    feedback = links.feedback_url(hole(FEEDBACK), paper.id)
    return PaperView(
        title=paper.title,
        title_html=highlight.for_mail(paper.title, words),
        link=paper.link,
        feedback=feedback,
        says=_says(feedback),
        short_title=both_ends(paper.title),
        byline=byline(paper.authors, paper.organisation, evidence),
        facts=paper.facts,
        abstract=abstract,
        abstract_html=highlight.for_mail(abstract, words),
        note=one_line(shown.note, NOTE_LENGTH),
        is_pick=shown.is_pick,
        reason_html=reason.as_html(evidence),
        reason_text=reason.as_text(evidence),
        also_in=one_line(", ".join(shown.other_topics), ALSO_IN_LENGTH),
        also=tuple(AlsoView(other.title, other.link) for other in shown.also),
    )


def _says(feedback: str) -> tuple[SayView, ...]:
    """One link for each thing to say: they differ in the last word of the address."""
    return (
        SayView(_("Save"), f"{feedback}/save"),
        SayView(_("More like this"), f"{feedback}/more"),
        SayView(_("Not for me"), f"{feedback}/less"),
        SayView(_("Mute"), f"{feedback}/mute"),
    )


def paper_link(paper: Paper) -> str:
    """The paper at its source; its page here when the source gave no web address."""
    if urlsplit(paper.url).scheme in {"http", "https"}:
        return paper.url
    return links.absolute(paper.get_absolute_url())


def byline(
    authors: Sequence[str], organisation: str, evidence: Iterable[Mapping[str, Any]]
) -> str:
    """The first authors and how many more; an author that matched is always named."""
    names = [tex.to_unicode(name) for name in authors]
    if len(names) <= AUTHORS_SHOWN + 1:
        return ", ".join(names) or organisation
    matched = {piece["text"] for piece in evidence if piece["field"] == "author"}
    shown = names[:AUTHORS_SHOWN]
    shown += [
        tex.to_unicode(name) for name in authors[AUTHORS_SHOWN:] if name in matched
    ]
    left = len(names) - len(shown)
    more = ngettext("and {count} more", "and {count} more", left).format(count=left)
    return f"{', '.join(shown)} {more}" if left else ", ".join(shown)


def facts(paper: Paper) -> list[str]:
    """Short facts beside the authors: organisation, category, day, votes, code."""
    found = []
    if paper.organisation and paper.author_names:
        found.append(paper.organisation)
    if paper.primary_category:
        found.append(paper.primary_category)
    if paper.announced_on:
        found.append(date_format(paper.announced_on, "j F Y"))
    if paper.votes:
        text = ngettext("{count} vote", "{count} votes", paper.votes)
        found.append(text.format(count=paper.votes))
    if paper.comment_count:
        text = ngettext("{count} comment", "{count} comments", paper.comment_count)
        found.append(text.format(count=paper.comment_count))
    if paper.signals.get("code_url"):
        found.append(_("with code"))
    if paper.is_withdrawn:
        found.append(_("withdrawn"))
    return found


def shorten(text: str, length: int) -> str:
    """Cut at a word, with an ellipsis; nothing for a length of 0."""
    if len(text) <= length:
        return text
    if length == 0:
        return ""
    return text[:length].rsplit(" ", 1)[0].rstrip(" ,;:.") + " …"


def both_ends(title: str) -> str:
    """A title in a link's name, like no other's: parts I and II differ at the end."""
    if len(title) <= SHORT_TITLE_LENGTH:
        return title
    end = title[-SHORT_TITLE_END:].partition(" ")[2]
    return f"{shorten(title, SHORT_TITLE_LENGTH - SHORT_TITLE_END)} {end}".rstrip()


def wrap(text: str) -> str:
    """Lines of at most 72 characters; long words, such as addresses, stay whole."""
    if len(text) <= LINE_WIDTH and text.isprintable():
        return text.rstrip()
    return textwrap.fill(
        text, LINE_WIDTH, break_long_words=False, break_on_hyphens=False
    )
