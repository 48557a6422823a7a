"""A digest as a plain Django project writes it: two templates, one message."""

from collections.abc import Sequence
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from digest.models import Paper, Topic

SENDER = "papers@papers.example.org"
_SITE_URL = "https://papers.example.org"
_TOKEN = "3Jx0T4c0wq2q8mR1yLrX5g"  # noqa: S105  it opens nothing


def compose(
    entries: Sequence[tuple[Paper, Topic]],
    topics: Sequence[Topic],
    recipient: str,
    connection: Any = None,
) -> EmailMultiAlternatives:
    """Render both parts for this reader alone: papers, each under its topic."""
    context = {
        "papers": [{"paper": paper, "topic": topic} for paper, topic in entries],
        "topics": topics,
        "site_url": _SITE_URL,
        "token": _TOKEN,
    }
    message = EmailMultiAlternatives(
        subject=f"{len(entries)} papers on {topics[0].name}",
        body=render_to_string("digest/bench/email/_plain.txt", context, using="text"),
        from_email=SENDER,
        to=[recipient],
        connection=connection,
    )
    html = render_to_string("digest/bench/email/_plain.html", context, using="html")
    message.attach_alternative(html, "text/html")
    return message
