"""The page that shows what would have been sent."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse
from pytest_django import Settings

from digest.transports.catcher import catch

# Imported now: digest.urls looks for the setting once, and no test may have set it.
from tests.digest.views import catcher_urls

pytestmark = [
    pytest.mark.urls(catcher_urls.__name__),
    pytest.mark.django_db,
]

LINK = "https://papers.example.org/confirm/abc/"


@pytest.fixture
def directory(tmp_path: Path, settings: Settings) -> Path:
    """Where mails are caught."""
    settings.MAIL_CATCHER_DIR = tmp_path / "mail"
    return tmp_path / "mail"


@pytest.fixture
def name(directory: Path) -> str:
    """The file name of one caught mail, with a text and an HTML part."""
    message = EmailMessage()
    message["From"] = "Paperboy <papers@papers.example.org>"
    message["To"] = "bob@example.org"
    message["Subject"] = "Papers <b>& more</b>"
    message.set_content(f"Confirm:\n{LINK}\n<script>alert(1)</script>\n")
    message.add_alternative(
        f'<html><head lang="en"><title>x</title></head>'
        f'<body><a href="{LINK}">Confirm</a></body></html>',
        subtype="html",
    )
    return catch(directory, message.as_bytes())


def test_it_lists_what_was_caught(client: Client, name: str) -> None:
    page = client.get("/mail/").content.decode()

    assert f'href="/mail/{name}/"' in page
    assert "Papers &lt;b&gt;&amp; more&lt;/b&gt;" in page
    assert "bob@example.org" in page


def test_it_says_when_nothing_was_caught(client: Client, directory: Path) -> None:
    assert "Nothing yet" in client.get("/mail/").content.decode()


def test_a_mail_shows_its_headers_and_its_text_with_links(
    client: Client, name: str
) -> None:
    page = client.get(f"/mail/{name}/").content.decode()

    assert "papers@papers.example.org" in page
    assert f'<a href="{LINK}"' in page
    assert "<script>alert" not in page
    assert f'src="/mail/{name}/raw/"' in page
    assert 'sandbox="allow-top-navigation-by-user-activation"' in page


def test_the_html_is_served_in_a_sandbox_that_links_can_leave(
    client: Client, name: str
) -> None:
    response = client.get(f"/mail/{name}/raw/")

    policy = response["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-top-navigation-by-user-activation;")
    assert "default-src 'none'" in policy
    assert "allow-scripts" not in policy
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert '<head lang="en"><base target="_top">' in response.content.decode()


def test_only_that_response_allows_styles_in_the_page(
    client: Client, name: str
) -> None:
    for path in ("/mail/", f"/mail/{name}/"):
        assert "unsafe-inline" not in client.get(path)["Content-Security-Policy"]


@pytest.mark.parametrize(
    "name", ["20260101T000000000000Z-00000000.eml", "..%2f..%2fetc%2fpasswd", "x.eml"]
)
def test_another_name_is_no_page(client: Client, directory: Path, name: str) -> None:
    assert client.get(f"/mail/{name}/").status_code == 404
    assert client.get(f"/mail/{name}/raw/").status_code == 404


def test_a_mail_without_html_has_no_frame(client: Client, directory: Path) -> None:
    message = EmailMessage()
    message["Subject"] = "Plain"
    message.set_content("Only words.")
    name = catch(directory, message.as_bytes())

    assert "<iframe" not in client.get(f"/mail/{name}/").content.decode()
    assert client.get(f"/mail/{name}/raw/").status_code == 404


@pytest.mark.urls("config.urls")
def test_without_a_catcher_there_is_no_such_page(client: Client) -> None:
    assert client.get("/mail/").status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse("digest:catcher")
