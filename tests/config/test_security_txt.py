"""security.txt has what RFC 9116 asks for, and never runs out."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.test import Client
from django.utils import timezone
from pytest_django import Settings

PAGE = "/.well-known/security.txt"


def fields(client: Client) -> dict[str, str]:
    """What it says, by name; each name once."""
    response = client.get(PAGE)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    lines = response.content.decode().splitlines()
    said = dict(line.split(": ", 1) for line in lines)
    assert len(said) == len(lines)
    return said


def test_it_names_contact_and_its_own_address(client: Client) -> None:
    said = fields(client)

    assert said["Contact"] == "mailto:papers@papers.example.org"
    assert said["Canonical"] == f"https://papers.example.org{PAGE}"


def test_it_expires_in_the_future_and_within_a_year(client: Client) -> None:
    ahead = datetime.fromisoformat(fields(client)["Expires"]) - timezone.now()

    assert timedelta(days=30) < ahead < timedelta(days=365)


def test_the_operator_says_who_reads_reports(
    client: Client, settings: Settings
) -> None:
    settings.DIGEST_REPLY_TO = "desk@example.org"
    assert fields(client)["Contact"] == "mailto:desk@example.org"
    settings.DIGEST_SECURITY_CONTACT = "https://example.org/security"

    assert fields(client)["Contact"] == "https://example.org/security"


def test_strangers_read_it_where_pages_are_for_members(
    client: Client, settings: Settings
) -> None:
    settings.DIGEST_PAGES = "members"

    assert fields(client)["Contact"]
