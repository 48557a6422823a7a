"""The first page of a new reader: what would have come, and "send me this now"."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from digest.models import Delivery, Schedule, Topic
from tests.digest.views.steps import (
    all_rows,
    manage,
)
from tests.factories import make_match, make_paper

pytestmark = pytest.mark.usefixtures("daily", "robots")


@pytest.mark.usefixtures("picked")
def test_the_welcome_shows_the_last_days_with_reasons(
    client: Client, schedule: Schedule, robots: Topic
) -> None:
    make_match(robots, make_paper("Robots that learn"))
    manage(client, schedule)

    page = client.get("/welcome/").content.decode()

    assert "Grasping with robots" in page
    assert "A clear step forward." in page
    assert "<em>Robots</em> in the title" in page
    assert "a…a@e…e.org" in page
    assert "Saturday 21 November, 07:00 (Europe/Paris)" in page
    assert "Send me this now" in page


def test_the_welcome_says_honestly_that_there_is_nothing(
    client: Client, schedule: Schedule
) -> None:
    manage(client, schedule)

    page = client.get("/welcome/").content.decode()

    assert "Nothing in the last days" in page
    assert "Send me this now" not in page


@pytest.mark.usefixtures("picked")
def test_send_me_this_now_plans_once_and_counts_as_sent(
    client: Client, schedule: Schedule
) -> None:
    manage(client, schedule)

    for _again in range(2):
        assert client.post("/welcome/send/")["Location"] == "/welcome/"

    digest = Delivery.objects.get().digest
    page = client.get("/welcome/").content.decode()
    assert f"/digest/{digest.public_id}/" in page
    assert "Send me this now" not in page


@pytest.mark.usefixtures("picked")
def test_send_me_this_now_sends_a_mail(
    client: Client, schedule: Schedule, django_capture_on_commit_callbacks: Any
) -> None:
    manage(client, schedule)

    with django_capture_on_commit_callbacks(execute=True):
        client.post("/welcome/send/")

    assert [message.to for message in mail.outbox] == [["ada@example.org"]]
    assert "Grasping with robots" in mail.outbox[0].body


@pytest.mark.usefixtures("picked")
def test_looking_at_the_welcome_sends_nothing(
    client: Client, schedule: Schedule
) -> None:
    manage(client, schedule)
    rows = all_rows()

    client.get("/welcome/")

    assert client.get("/welcome/send/").status_code == 405
    assert all_rows() == rows


def test_the_welcome_asks_strangers_to_sign_in(client: Client) -> None:
    response = client.get("/welcome/")

    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/")
