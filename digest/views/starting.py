"""What fills the form of a topic: an address with words, papers or a topic; a file."""

from typing import Any

from django.http import Http404, HttpRequest, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.emails import one_line
from digest import tex
from digest.forms.asking import wish_of
from digest.forms.library import LibraryForm, problem_sentences
from digest.models import Paper, Topic
from digest.pipeline.render.paper import shorten
from digest.reading.importing import join_wishes
from digest.reading.subscriptions import MOST_EXAMPLES

NAME_LENGTH = 60


def fill_in(asked: QueryDict) -> dict[str, Any]:
    """Initial values: `like` names papers, `topic` a curated one, the rest are fields.

    Raises:
        Http404: a paper or topic that is not there.
    """
    fields: dict[str, Any] = {
        name: asked.get(name, "") for name in ("name", "wish", "query")
    }
    if slugs := list(dict.fromkeys(asked.getlist("like")))[:MOST_EXAMPLES]:
        return fields | _from_papers(slugs)
    if slug := asked.get("topic"):
        return fields | _from_topic(slug)
    return fields


def read_library(request: HttpRequest) -> LibraryForm | None:
    """The file that was sent, if there is one."""
    if "library" not in request.FILES:
        return None
    return LibraryForm(request.POST, request.FILES)


def add_library(typed: QueryDict, library: LibraryForm) -> None:
    """Put what a file teaches beside what was typed."""
    taught = library.taught
    if taught is None:
        return
    typed["wish"] = join_wishes(typed.get("wish", ""), taught.wish)
    slugs = [*typed.getlist("examples"), *(paper.slug for paper in taught.examples)]
    typed.setlist("examples", list(dict.fromkeys(slugs))[:MOST_EXAMPLES])


def show_problems(library: LibraryForm | None) -> list[str]:
    """What could not be read of a file, in words; the last line counts the rest."""
    if library is None or library.taught is None:
        return []
    problems = library.taught.problems
    shown = problem_sentences(problems)
    more = len(problems) - len(shown)
    if more:
        shown.append(ngettext("And {n} more.", "And {n} more.", more).format(n=more))
    return shown


def _from_papers(slugs: list[str]) -> dict[str, Any]:
    """The papers are examples; their titles are the words to begin with."""
    rows = {paper.slug: paper for paper in Paper.objects.shown().filter(slug__in=slugs)}
    if len(rows) < len(slugs):
        raise Http404
    papers = [rows[slug] for slug in slugs]
    title = one_line(tex.to_unicode(papers[0].title))
    return {
        "name": shorten(title, NAME_LENGTH),
        "wish": wish_of(papers),
        "examples": papers,
    }


def _from_topic(slug: str) -> dict[str, Any]:
    """What a curated topic asks, to be refined."""
    topics = Topic.objects.public().filter(kind=Topic.Kind.QUERY)
    topic = get_object_or_404(topics, slug=slug)
    return {
        "name": _("{topic} (mine)").format(topic=shorten(topic.name, NAME_LENGTH)),
        "wish": topic.wish,
        "query": topic.query,
        "strictness": topic.strictness,
    }
