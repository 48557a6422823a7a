"""Staff look at next digests, and get a test of one; readers get and lose nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.test import Client
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from accounts.models import User
from digest.models import Delivery, Digest, DigestItem, Paper, Topic
from digest.sandbox import RAW_POLICY
from tests.browser.conftest import Clock
from tests.digest.admin.desk import sit_down, sit_down_with
from tests.factories import (
    make_match,
    make_paper,
    make_reader,
    make_topic,
)

pytestmark = pytest.mark.django_db

CHOOSE = "/admin/digest/digest/preview/"
READER = "reader.secret@example.org"
HOSTILE = "Paper <script>alert(1)</script>"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("django.utils.timezone.now", lambda: made.now)
    return made


@pytest.fixture
def topic() -> Topic:
    made = make_topic("robots")
    for title in ("Paper one", HOSTILE):
        make_match(made, make_paper(title))
    return made


@pytest.fixture
def reader(topic: Topic) -> User:
    return make_reader(READER, topic)


def page_of(whose: str, row: Any) -> str:
    return reverse("admin:digest_digest_preview_of", args=[whose, row.pk])


def nothing_written() -> bool:
    """Previews leave no row that a digest would."""
    return not (Digest.objects.exists() or DigestItem.objects.exists())


def test_a_reader_is_found_by_the_whole_address_in_any_way_of_writing(
    reader: User,
) -> None:
    client = sit_down()

    found = client.post(CHOOSE, {"reader": "Reader.Secret@EXAMPLE.org "})
    missed = client.post(CHOOSE, {"reader": "reader.secret"})

    assert found["Location"] == page_of("reader", reader)
    assert "Nobody with this address" in missed.content.decode()


def test_the_readers_next_digest_is_shown_in_a_frame_of_its_own(reader: User) -> None:
    client = sit_down("staff@example.org")

    page = client.get(page_of("reader", reader))
    framed = client.get(page.context["mail_address"])

    assert "secret" not in page.content.decode()
    assert "2 papers in the mail" in page.content.decode()
    assert framed["Content-Security-Policy"] == RAW_POLICY
    html = framed.content.decode()
    assert "Paper one" in html
    assert LexborHTMLParser(html).css("script") == []
    assert nothing_written()
    assert not LogEntry.objects.exists()


def test_no_link_in_it_acts_for_the_reader(reader: User) -> None:
    client = sit_down()
    page = client.get(page_of("reader", reader))

    html = client.get(page.context["mail_address"]).content.decode()

    schedule = reader.schedule
    tokens = [
        schedule.feedback_token,
        schedule.manage_token,
        schedule.unsubscribe_token,
        *reader.subscriptions.values_list("leave_token", flat=True),
    ]
    assert [token for token in tokens if token in html] == []


def test_a_topics_next_digest_is_what_a_new_reader_would_get(
    topic: Topic, reader: User
) -> None:
    client = sit_down()
    chosen = client.post(CHOOSE, {"topic": topic.pk})
    page = client.get(chosen["Location"])

    html = client.get(page.context["mail_address"]).content.decode()

    assert "The next digest of Robots" in page.content.decode()
    assert "Paper one" in html
    assert nothing_written()


def test_a_test_goes_to_oneself_alone_and_is_written_down(reader: User) -> None:
    client = sit_down("staff@example.org")

    client.post(page_of("reader", reader), {"to": READER}, follow=True)

    (message,) = mail.outbox
    assert message.to == ["staff@example.org"]
    assert message.subject.startswith("Test: ")
    assert "Paper one" in str(message.body)
    assert reader.schedule.feedback_token not in str(message.message())
    assert "test of the next digest" in LogEntry.objects.get().change_message
    assert nothing_written()
    assert not Delivery.objects.exists()


def test_where_nothing_would_go_nothing_is_shown_or_sent(
    reader: User, topic: Topic
) -> None:
    Paper.objects.all().delete()
    client = sit_down()

    page = client.get(page_of("reader", reader))
    client.post(page_of("reader", reader))

    assert "Nothing would go now." in page.content.decode()
    assert client.get(page.context["mail_address"]).status_code == 404
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("rights", "opens_reader", "opens_topic"),
    [
        ((), False, False),
        (("view_digest",), False, False),
        (("view_schedule",), True, False),
        (("view_topic",), False, True),
    ],
)
def test_it_opens_to_who_may_look(
    reader: User,
    topic: Topic,
    rights: tuple[str, ...],
    opens_reader: bool,  # noqa: FBT001  given by name below
    opens_topic: bool,  # noqa: FBT001
) -> None:
    client = sit_down_with(*rights)

    for whose, row, is_open in (
        ("reader", reader, opens_reader),
        ("topic", topic, opens_topic),
    ):
        for path in (page_of(whose, row), f"{page_of(whose, row)}mail/"):
            assert client.get(path).status_code == (200 if is_open else 403)
        assert client.post(page_of(whose, row)).status_code == 403
    assert mail.outbox == []


def test_what_is_not_there_is_not_found(reader: User) -> None:
    client = sit_down()
    personal = make_topic(owner=reader)

    for path in (
        reverse("admin:digest_digest_preview_of", args=["reader", 10**6]),
        reverse("admin:digest_digest_preview_of", args=["nobody", 1]),
        page_of("topic", personal),
        f"{page_of('topic', personal)}mail/",
    ):
        assert client.get(path).status_code == 404


def test_strangers_are_led_to_the_door(reader: User) -> None:
    assert Client().get(page_of("reader", reader)).status_code == 302
