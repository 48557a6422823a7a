"""Addresses that stand in mails: absolute, short, and each good for one purpose.

Every token is random, of 128 bits, stored with its row: it survives a change of
SECRET_KEY, cannot be guessed, and opens one thing only.
"""

import secrets
import uuid
from functools import cache

from django.conf import settings
from django.urls import reverse

_SAMPLE = "a-token-of-22-letters-"
_SAMPLE_ID = "00000000-0000-4000-8000-000000000000"


def new_token() -> str:
    """A fresh token: 22 URL-safe characters, 128 bits."""
    return secrets.token_urlsafe(16)


def absolute(path: str) -> str:
    """The full address of a path of this site. Never taken from a request."""
    return f"{settings.SITE_URL}{path}"


def unsubscribe_url(token: str) -> str:
    """Address of the RFC 8058 one-click POST that ends all digests."""
    return _page(settings.SITE_URL, "digest:unsubscribe").replace(_SAMPLE, token)


def leave_url(token: str) -> str:
    """Address of the page that ends one topic."""
    return _page(settings.SITE_URL, "digest:leave").replace(_SAMPLE, token)


def manage_url(token: str) -> str:
    """Address of the page for topics, schedule and pause."""
    return _page(settings.SITE_URL, "digest:manage").replace(_SAMPLE, token)


def shared_list_url(token: str) -> str:
    """Address of a reading list that its reader shares."""
    return absolute(reverse("digest:shared_list", args=[token]))


def feedback_url(token: str, paper_id: int) -> str:
    """Address of a reader's page about a paper.

    After it may follow what is to be said: "/save", "/more", "/less" or "/mute".
    """
    page = _page(settings.SITE_URL, "digest:feedback_link", 0)
    return f"{page.removesuffix('0').replace(_SAMPLE, token)}{paper_id}"


def digest_url(public_id: uuid.UUID) -> str:
    """Address of a digest on the web."""
    page = _page(settings.SITE_URL, "digest:digest", sample=_SAMPLE_ID)
    return page.replace(_SAMPLE_ID, str(public_id))


@cache
def _page(site_url: str, route: str, *more: int, sample: str = _SAMPLE) -> str:
    """The address with a sample for its token: a mail has many, reversing is slow."""
    return f"{site_url}{reverse(route, args=[sample, *more])}"
