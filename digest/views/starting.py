"""What an address fills into the form of a topic: words, papers, a curated topic."""

from typing import Any

from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.emails import one_line
from digest import tex
from digest.forms.personal_topic import wish_of
from digest.models import Paper, Topic
from digest.pipeline.render.paper import shorten
from digest.subscriptions import MOST_EXAMPLES

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
