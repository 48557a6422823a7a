"""The HTML of a mail as a response of its own, locked into a sandbox."""

import re

from django.http import HttpResponse

# The one place where styles stand in the page: a mail has no other way to carry them.
# A link that a person clicks may leave the frame; nothing else may happen in it.
RAW_POLICY = (
    "sandbox allow-top-navigation-by-user-activation; default-src 'none'; "
    "style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
)
_HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)


def sandboxed(html: str) -> HttpResponse:
    """Show the mail in a frame of our own pages, and nowhere else."""
    # A click on a link is to leave the frame, where our pages refuse to be shown.
    response = HttpResponse(
        _HEAD.sub(lambda head: f'{head[0]}<base target="_top">', html, count=1)
    )
    response["Content-Security-Policy"] = RAW_POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Referrer-Policy"] = "no-referrer"
    return response
