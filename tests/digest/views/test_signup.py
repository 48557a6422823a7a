"""The sign-up form. S1 to S11, with those of the confirmation beside it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from accounts import services
from accounts.models import Signup, User
from digest.models import Digest, Schedule
from tests.digest.views.steps import (
    form_token,
    sign_up,
)
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("daily", "robots")


def test_an_address_alone_suffices(client: Client) -> None:
    client.post("/subscribe/", {"email": "bob@example.org", "shown": form_token()})

    wishes = Signup.objects.get().wishes
    assert wishes == {"topics": ["daily-papers"], "zone": "UTC"}


def test_the_form_has_daily_papers_ticked_and_asks_for_the_zone(client: Client) -> None:
    page = client.get("/subscribe/").content.decode()

    assert re.search(r'value="daily-papers"[^>]*checked', page)
    assert not re.search(r'value="robots"[^>]*checked', page)
    assert "data-guess-zone" in page
    assert '<option value="Europe/Paris">' in page
    assert "All about robots." in page


def test_the_link_of_a_topic_page_ticks_that_topic_too(client: Client) -> None:
    page = client.get("/subscribe/?topic=robots").content.decode()

    assert re.search(r'value="daily-papers"[^>]*checked', page)
    assert re.search(r'value="robots"[^>]*checked', page)


def test_s1_a_sign_up_makes_no_reader(client: Client) -> None:
    response = sign_up(client, "bob@example.org")

    assert response.status_code == 200
    assert Signup.objects.get().confirmed_at is None
    assert not User.objects.exists()
    assert not Schedule.objects.exists()
    assert not Digest.objects.exists()


def test_s3_a_hundred_sign_ups_are_one_mail(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    for _again in range(100):
        with django_capture_on_commit_callbacks(execute=True):
            sign_up(client, "bob@example.org")

    assert len(mail.outbox) == 1


def test_s4_one_network_causes_ten_mails_an_hour(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    for number in range(15):
        with django_capture_on_commit_callbacks(execute=True):
            sign_up(client, f"reader{number}@example.org")

    assert len(mail.outbox) == 10


@override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1)
def test_s4_the_network_is_seen_through_a_trusted_proxy(client: Client) -> None:
    client.post(
        "/subscribe/",
        {"email": "bob@example.org", "shown": form_token()},
        headers={"x-forwarded-for": "203.0.113.9"},
    )

    assert Signup.objects.get().ip_prefix == "203.0.113.0/24"


def test_s5_the_answer_is_the_same_for_every_address(client: Client, ada: User) -> None:
    sign_up(client, "pending@example.org")
    services.suppress("bounced@example.org", "hard_bounce", "all", NOW)
    services.suppress("complained@example.org", "complaint", "all", NOW)
    answers, costs = set(), set()

    for name in ("new", "pending", "ada", "bounced", "complained"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = sign_up(client, f"{name}@example.org")
        answers.add((response.status_code, response.content, str(response.headers)))
        costs.add(len(queries) if name != "pending" else None)

    assert len(answers) == 1
    # A pending address has its row; the others get one, and cost the same.
    assert len(costs - {None}) == 1


@pytest.mark.parametrize(
    "program",
    [
        {"website": "https://spam.example"},
        {"shown": ""},
        {"shown": "forged"},
        {"shown": "too fast"},
        {"shown": "too late"},
    ],
)
def test_s7_b44_a_program_gets_the_same_page_and_no_mail(
    client: Client, program: dict[str, str]
) -> None:
    ages = {"too fast": 1.0, "too late": 90_000.0}
    fields = {
        name: form_token(ages[value]) if value in ages else value
        for name, value in program.items()
    }
    neutral = sign_up(client, "person@example.org").content

    response = sign_up(client, "bob@example.org", **fields)

    assert (response.status_code, response.content) == (200, neutral)
    assert not Signup.objects.filter(email="bob@example.org").exists()


@pytest.mark.parametrize(
    "spelling", ["Bob@Example.ORG", "bob@example.org", " bob@example.org "]
)
def test_s10_one_mailbox_is_one_sign_up(client: Client, spelling: str) -> None:
    sign_up(client, "bob@example.org")
    sign_up(client, spelling)

    assert Signup.objects.count() == 1


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "a@b",
        "a" * 320,
        "x" * 300 + "@example.org",
        "bob@example.org\r\nBcc: eve@example.org",
        "bob@example.org, eve@example.org",
        '"<script>"@example.org',
        "postmaster@example.org",
        "papers@papers.example.org",
    ],
)
def test_b41_a_wrong_address_is_told_beside_the_field(
    client: Client, typed: str
) -> None:
    response = sign_up(client, typed)

    assert response.status_code == 200
    page = response.content.decode()
    assert 'class="error"' in page
    assert "<script>" not in page.replace("<script src", "")
    assert not Signup.objects.exists()


@pytest.mark.parametrize("zone", ["Mars/X", "../../etc/passwd", "x" * 100])
def test_b49_an_unknown_zone_is_told_beside_the_field(
    client: Client, zone: str
) -> None:
    response = sign_up(client, "bob@example.org", zone=zone)

    assert 'class="error"' in response.content.decode()
    assert not Signup.objects.exists()


@override_settings(DIGEST_SIGNUP="invitation")
def test_by_invitation_a_code_is_asked_for_and_checked(client: Client) -> None:
    assert 'name="invitation"' in client.get("/subscribe/").content.decode()

    response = sign_up(client, "bob@example.org", invitation="wrong")

    assert "not valid" in response.content.decode()
    assert not Signup.objects.exists()
