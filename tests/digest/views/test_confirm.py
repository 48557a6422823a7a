"""The link of the confirmation mail: S2, S6, S8, S9 and S11 of the sign-up rules."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from accounts import services
from accounts.models import Consent, User
from digest import links
from digest.forms import FORM_VERSION, SignupForm, consent_hash
from digest.models import Schedule, Subscription
from tests.digest.views.steps import (
    all_rows,
    confirm_path,
    form_token,
    mailed_path,
    sign_up,
)
from tests.factories import NOW, make_topic

pytestmark = pytest.mark.usefixtures("daily", "robots")


@pytest.fixture
def mailed(client: Client, django_capture_on_commit_callbacks: Any) -> str:
    """Bob signed up; the path of the link in his mail."""
    with django_capture_on_commit_callbacks(execute=True):
        sign_up(client, "bob@example.org", topics=["daily-papers", "robots"])
    return mailed_path(r"/confirm/[^\s/]+/")


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_s2_looking_at_the_confirm_link_confirms_nothing(
    client: Client, mailed: str, method: str
) -> None:
    rows = all_rows()

    for _again in range(10):
        getattr(client, method)(mailed)

    assert all_rows() == rows
    page = client.get(mailed).content.decode()
    assert '<form method="post">' in page
    assert "Every day at 07:00, Europe/Paris time." in page


def test_s2_the_button_confirms_and_leads_to_the_welcome(
    client: Client, mailed: str
) -> None:
    response = Client(enforce_csrf_checks=True).post(mailed, headers={"origin": "null"})

    assert (response.status_code, response["Location"]) == (302, "/welcome/")
    schedule = Schedule.objects.get(user__email="bob@example.org")
    assert schedule.zone == "Europe/Paris"
    assert schedule.next_due_at > NOW
    topics = Subscription.objects.active().values_list("topic__slug", flat=True)
    assert sorted(topics) == ["daily-papers", "robots"]


def test_s8_a_confirm_link_is_over_after_seven_days(
    client: Client, mailed: str, clock: list[datetime]
) -> None:
    clock[0] = NOW + timedelta(days=7, seconds=1)
    unknown = client.get(f"/confirm/{links.new_token()}/")

    for method in (client.get, client.post):
        response = method(mailed)
        assert response.status_code == 410
        assert response.content == unknown.content
        assert 'href="/subscribe/"' in response.content.decode()
    assert not User.objects.exists()


def test_s9_the_consent_says_when_where_and_to_what(client: Client) -> None:
    sign_up(client, "bob@example.org")
    client.post(confirm_path("bob@example.org"))

    consent = Consent.objects.get()
    assert consent.ip_prefix == "127.0.0.0/24"
    assert consent.form_version == FORM_VERSION
    assert consent.text_hash == consent_hash()
    assert consent.confirmed_at == NOW
    assert str(SignupForm.consent) in client.get("/subscribe/").content.decode()


def test_s11_a_bounced_address_gets_papers_again_after_a_new_confirmation(
    client: Client, ada: User, clock: list[datetime]
) -> None:
    services.suppress("ada@example.org", "hard_bounce", "all", NOW)
    clock[0] = NOW + timedelta(days=31)
    client.post(
        "/subscribe/",
        {"email": "ada@example.org", "shown": form_token(10 - 31 * 86400)},
    )
    assert services.is_suppressed("ada@example.org", scope="digests")

    client.post(confirm_path("ada@example.org"))

    assert not services.is_suppressed("ada@example.org", scope="digests")


@pytest.mark.parametrize(
    "token", ["short", "x" * 10_000, "naïve-token-with-umlaut", "null%00" * 5]
)
def test_b46_a_wrong_token_is_a_page_with_a_way_forward(
    client: Client, token: str
) -> None:
    for method in (client.get, client.post):
        response = method(f"/confirm/{token}/")

        assert response.status_code == 410
        assert 'href="/subscribe/"' in response.content.decode()


def test_the_confirm_link_stays_out_of_referers_and_caches(
    client: Client, mailed: str
) -> None:
    for response in (client.get(mailed), client.post(mailed)):
        assert response["Referrer-Policy"] == "no-referrer"
        assert "no-store" in response["Cache-Control"]
        assert response["X-Robots-Tag"] == "noindex"


def test_a_second_press_leads_to_the_same_place_and_changes_nothing(
    client: Client, mailed: str
) -> None:
    first = client.post(mailed)
    Subscription.objects.filter(topic__slug="robots").update(status="ended")
    rows = all_rows()

    second = client.post(mailed)

    assert second["Location"] == first["Location"]
    assert all_rows() == rows


def test_a_known_reader_confirms_new_topics_only(client: Client, ada: User) -> None:
    make_topic("plants")
    sign_up(client, "ada@example.org", topics=["plants"], zone="Asia/Tokyo")
    assert (
        "gets papers already"
        in client.get(confirm_path("ada@example.org")).content.decode()
    )

    client.post(confirm_path("ada@example.org"))

    slugs = Subscription.objects.active().values_list("topic__slug", flat=True)
    assert sorted(slugs) == ["daily-papers", "plants", "robots"]
    assert Schedule.objects.get().zone == "Europe/Paris"


def test_s6_the_confirmation_mail_holds_nothing_that_was_typed(
    client: Client, mailed: str
) -> None:
    assert "Paris" not in mail.outbox[-1].body
    message = mail.outbox[-1]
    assert isinstance(message, EmailMultiAlternatives)
    assert "<img" not in str(message.alternatives[0][0])
