"""Guards that no address may lack: the admin's second factor, and the CSRF check."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import User

BY_TOKEN = {
    "feedback_link",
    "feedback_link_act",
    "manage",
    "unsubscribe",
    "unsubscribe_slash",
    "leave",
    "confirm",
    "confirm_address",
}
"""Links that are their own permission: who can forge the request knows the token."""

OPEN = {"login", "logout"}
"""What the admin shows to whoever has not shown a factor."""


def every_address(patterns: Any = None) -> Iterator[URLPattern]:
    for each in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(each, URLResolver):
            yield from every_address(each.url_patterns)
        else:
            yield each


def path_of(pattern: URLPattern) -> str:
    """An address that the pattern matches, below /admin/."""
    parts = {"int": "1", "path": "1", "str": "reader", "slug": "x"}
    text = str(pattern.pattern)
    for kind, value in parts.items():
        while f"<{kind}:" in text:
            start = text.index(f"<{kind}:")
            text = text[:start] + value + text[text.index(">", start) + 1 :]
    return text


def test_only_links_with_tokens_and_reports_go_without_the_csrf_check() -> None:
    exempt = {
        each.name
        for each in every_address()
        if getattr(each.callback, "csrf_exempt", False)
        and not (each.name or "").endswith("_webhook")
    }

    assert exempt <= BY_TOKEN, exempt - BY_TOKEN


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_page_of_the_admin_opens_before_a_factor_is_shown(
    method: str, settings: Any
) -> None:
    settings.DIGEST_STAFF_SECOND_FACTOR = True
    client = Client()
    client.force_login(User.objects.create_superuser("root@example.org"))
    asked = []
    for resolver in admin.site.urls[0]:
        below = getattr(resolver, "url_patterns", [resolver])
        base = str(resolver.pattern) if isinstance(resolver, URLResolver) else ""
        for each in below:
            if each.name in OPEN or "(?P" in base + str(each.pattern):
                continue
            path = f"/admin/{base}{path_of(each)}"
            answer = getattr(client, method)(path)
            if not each.name and answer.get("Location", "").endswith("/change/"):
                continue  # Django's old address of a row, which tells nothing
            asked.append(path)
            assert answer.status_code == 302, path
            assert answer["Location"].startswith("/admin/login/?next="), path
    assert len(asked) > 50
