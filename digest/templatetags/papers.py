"""Papers in lists, and the button that votes for one, or the way to it for strangers.

What is the same for everybody comes ready; here what is one reader's own is put in.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Protocol

from django import template
from django.http import HttpRequest
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from digest.models import Paper, Vote

register = template.Library()

MOST_KNOWN = 2_000
"""How far back a button knows of votes: those for papers that lists still show."""

_BUTTONS = 5_000
"""How many buttons a process keeps."""

_TOKEN, _HERE = "<!--token-->", "<!--here-->"


class Pieces(Protocol):
    """A card's HTML in pieces, the reader's own between them."""

    before: str
    facts: str
    judge: str
    after: str


class Card(Protocol):
    """A paper as lists show it."""

    paper: Paper
    vote_url: str
    plain_title: str

    def pieces(self, level: int) -> Pieces:
        """Its HTML with a heading of that level."""


@register.simple_tag(takes_context=True)
def paper_card(context: dict[str, Any], card: Card, level: int = 2) -> SafeString:
    """One paper; readers get a way to save and judge it, too."""
    shared = card.pieces(level)
    button = vote_button(context, card.paper.pk, card.vote_url, card.plain_title)
    is_reader = context["request"].user.is_authenticated or context.get("reader")
    judge = shared.judge if is_reader else ""
    # Pieces of rendered templates.
    return SafeString(f"{shared.before}{button}{shared.facts}{judge}{shared.after}")


@register.simple_tag(takes_context=True)
def vote_button(
    context: dict[str, Any], paper_id: int, url: str, title: str
) -> SafeString:
    """The button for one paper. One query, for all the buttons of a page together.

    A page that sends no Referer cannot post safely (`votes_by_link` in its context):
    it gets the link, as strangers do.
    """
    request: HttpRequest = context["request"]
    posts = request.user.is_authenticated and not context.get("votes_by_link")
    has_voted = posts and paper_id in _voted(request)
    # The template itself is of the key, so that one that was edited is read again.
    form = template.Engine.get_default().get_template("digest/_vote.html")
    html = _button(form, get_language(), url, title, (posts, has_voted))
    if posts:
        here = f"{request.get_full_path()}#paper-{paper_id}"
        html = html.replace(_HERE, escape(here))
        html = html.replace(_TOKEN, str(context["csrf_token"]))
    return SafeString(html)  # a rendered template, with escaped values


@lru_cache(maxsize=_BUTTONS)
def _button(
    form: template.Template,
    _language: str | None,
    url: str,
    title: str,
    state: tuple[bool, bool],
) -> str:
    """The button with marks where the token and the page's address go."""
    posts, has_voted = state
    values = {"url": url, "title": title, "posts": posts, "has_voted": has_voted}
    return form.render(template.Context(values))


def _voted(request: HttpRequest) -> set[int]:
    """Papers that the person voted for, read once a request."""
    known: set[int] | None = getattr(request, "voted_paper_ids", None)
    if known is None:
        votes = Vote.objects.filter(user=request.user.pk)
        known = set(votes.values_list("paper_id", flat=True)[:MOST_KNOWN])
        request.voted_paper_ids = known  # type: ignore[attr-defined]
    return known
