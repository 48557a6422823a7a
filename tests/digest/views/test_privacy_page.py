"""The privacy page says what is in force, to everybody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from digest.views import privacy_page

pytestmark = pytest.mark.django_db


def read(client: Client) -> str:
    response = client.get("/privacy/")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_it_names_who_answers_what_is_kept_and_what_one_can_do(client: Client) -> None:
    page = read(client)

    for words in (
        "Example Institute, 1 Example Street, Example Town",
        "mailto:papers@papers.example.org",
        "What became of each mail, and what was reported of it: 365 days.",
        "A sign-up that nobody confirmed: 7 days.",
        "A mail server gets your address",
        "no picture that tells whether they were opened",
        'href="/account/export/"',
        'href="/account/erase/"',
    ):
        assert words in page


def test_it_follows_the_settings(client: Client, settings: Any) -> None:
    settings.DIGEST_REPLY_TO = "privacy@example.org"
    settings.DIGEST_POSTAL_ADDRESS = "Elsewhere <1>"
    settings.EMAIL_PROVIDER = "mailersend"
    settings.DIGEST_OIDC = {"name": "Example Institute"}
    settings.SESSION_COOKIE_AGE = 3 * 24 * 3600

    page = read(client)

    for words in (
        "mailto:privacy@example.org",
        "Elsewhere &lt;1&gt;",
        "Mailersend gets your address",
        "Example Institute tells your address to us",
        "for 3 days",
    ):
        assert words in page
    assert "A mail server" not in page


def test_it_follows_the_terms_by_which_rows_go(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(privacy_page, "DETAIL_KEPT", timedelta(days=99))

    assert "reported of it: 99 days." in read(client)


def test_it_is_open_where_pages_are_for_members(client: Client, settings: Any) -> None:
    settings.DIGEST_PAGES = "members"

    assert "Who answers for it" in read(client)


def test_every_page_leads_to_it(client: Client) -> None:
    assert 'href="/privacy/"' in client.get("/").content.decode()
