"""The form that proposes a paper, and the list of what became of proposals."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from digest.models import Submission
from tests import factories as make
from tests.digest.views.pages import read
from tests.factories import NOW

pytestmark = pytest.mark.django_db

SENT = {
    "reference": "https://example.org/p?a=1&b=<i>",
    "why": "<script>alert(1)</script>",
}


@pytest.fixture
def browser(client: Client, ada: User, clock: list[datetime]) -> Client:
    """Ada is signed in, and has been here for some days."""
    clock[0] = NOW + timedelta(days=3)
    client.force_login(ada)
    return client


def send(client: Client, **sent: str) -> str:
    return client.post("/submit/", sent, follow=True).content.decode()


def test_a_stranger_is_led_to_sign_in_and_back(client: Client) -> None:
    assert client.get("/submit/")["Location"] == "/account/login/?next=/submit/"
    assert client.post("/submit/", SENT)["Location"].startswith("/account/login/")
    assert 'href="/submit/"' in read(client, "/")


def test_it_lists_what_was_sent_as_text(browser: Client, daily: Any) -> None:
    paper = make.make_paper("Robots <i>at</i> work")

    page = send(browser, reference=paper.arxiv_id, why="<script>alert(1)</script>")

    assert "Thank you." in page
    assert "Robots &lt;i&gt;at&lt;/i&gt; work" in page
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert "waiting for a curator" in page


def test_a_failure_and_a_reply_are_shown(browser: Client, ada: User) -> None:
    fields = {"user": ada, "url": "https://example.org/a", "sent_at": NOW, "why": "W"}
    Submission.objects.create(
        key="a", state="unknown", problem="Its archive knows no such paper.", **fields
    )
    Submission.objects.create(
        key="b", state="declined", reply="We had <it>.", decided_at=NOW, **fields
    )

    page = read(browser, "/submit/")

    assert "could not be looked up" in page
    assert "Its archive knows no such paper." in page
    assert "We had &lt;it&gt;." in page


def test_what_cannot_be_taken_is_said_beside_the_form(
    browser: Client, clock: list[datetime], settings: Any
) -> None:
    page = send(browser, reference="a title alone", why="W")
    assert "This is no arXiv id, DOI or web address." in page

    page = send(browser, reference="2604.00001", why="W" * 301)
    assert "at most 300 characters" in page

    settings.DIGEST_SUBMISSIONS_PER_DAY = 0
    page = send(browser, reference="2604.00001", why="W")
    assert "The limit is 0 papers a day." in page
    settings.DIGEST_SUBMISSIONS_PER_DAY = 5
    clock[0] = NOW
    page = send(browser, reference="2604.00001", why="W")
    assert "Your account is new." in page
    assert not Submission.objects.exists()


def test_nobody_sees_the_proposals_of_another(browser: Client) -> None:
    Submission.objects.create(
        user=make.make_reader(),
        key="a",
        url="https://example.org/secret",
        why="W",
        sent_at=NOW,
    )

    assert "example.org/secret" not in read(browser, "/submit/")
