"""The button that votes for a paper, or the way to it for whoever is not signed in."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest

from digest.models import Vote

register = template.Library()

MOST_KNOWN = 2_000
"""How far back a button knows of votes: those for papers that lists still show."""


@register.inclusion_tag("digest/_vote.html", takes_context=True)
def vote_button(
    context: dict[str, Any], paper_id: int, url: str, title: str
) -> dict[str, Any]:
    """The button for one paper. One query, for all the buttons of a page together.

    A page that sends no Referer cannot post safely (`votes_by_link` in its context):
    it gets the link, as strangers do.
    """
    request: HttpRequest = context["request"]
    posts = request.user.is_authenticated and not context.get("votes_by_link")
    return {
        "paper_id": paper_id,
        "url": url,
        "title": title,
        "posts": posts,
        "has_voted": posts and paper_id in _voted(request),
        "csrf_token": context.get("csrf_token"),
        "here": f"{request.get_full_path()}#paper-{paper_id}",
    }


def _voted(request: HttpRequest) -> set[int]:
    """Papers that the person voted for, read once a request."""
    known: set[int] | None = getattr(request, "voted_paper_ids", None)
    if known is None:
        votes = Vote.objects.filter(user=request.user.pk)
        known = set(votes.values_list("paper_id", flat=True)[:MOST_KNOWN])
        request.voted_paper_ids = known  # type: ignore[attr-defined]
    return known
