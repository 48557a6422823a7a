"""Readers at the desk: found, looked at, and nothing of theirs changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import services as accounts
from accounts.models import Consent, User
from digest.models import DeliveryEvent, Reader
from digest.reading import subscriptions
from tests.digest.admin.desk import address, make_delivery, sit_down, sit_down_with
from tests.factories import (
    NOW,
    make_digest,
    make_item,
    make_paper,
    make_reader,
    make_topic,
)

pytestmark = pytest.mark.django_db

EMAIL = "mallory.secret@example.org"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def reader() -> User:
    return make_reader(EMAIL, make_topic("robots"))


def history(client: Client, reader: User) -> str:
    """The page of one reader, its white space folded."""
    response = client.get(address(Reader, "change", reader.pk))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_no_page_of_a_reader_tells_the_address_to_who_may_not_see_people(
    reader: User,
) -> None:
    observer = sit_down_with("view_reader")

    for page in ("change", "history"):
        shown = observer.get(address(Reader, page, reader.pk))
        assert shown.status_code == 200
        assert EMAIL not in shown.content.decode(), page
    assert EMAIL not in observer.get(address(Reader)).content.decode()


def found(client: Client, words: str) -> int:
    return int(client.get(address(Reader), {"q": words}).context["cl"].result_count)


def test_a_reader_is_found_by_the_whole_address_alone(reader: User) -> None:
    client = sit_down()
    make_reader()

    assert found(client, "Mallory.Secret@Example.org") == 1
    assert found(client, "mallory") == 0
    assert found(client, "nobody@example.org") == 0
    assert found(client, "") == 2


def test_addresses_are_masked_but_to_those_who_may_look_at_people(
    reader: User,
) -> None:
    observer = sit_down_with("view_reader")

    for page in (
        observer.get(address(Reader)).content.decode(),
        history(observer, reader),
    ):
        assert "m…t@e…e.org" in page
        assert "secret" not in page
    assert EMAIL in history(sit_down(), reader)


def test_staff_without_a_schedule_are_no_readers() -> None:
    boss = accounts.make_staff("boss@example.org", None, NOW)

    assert sit_down().get(address(Reader, "change", boss.pk)).status_code == 302


def test_the_history_tells_what_was_sent_held_back_and_skipped_and_why(
    reader: User,
) -> None:
    sent = make_digest(reader)
    for position in range(3):
        make_item(sent, make_paper(), is_in_mail=position < 2)
    delivery = make_delivery("accepted", digest=sent)
    make_delivery("failed", digest=make_digest(reader), reason=HOSTILE)
    make_digest(reader, status="skipped", reason="paused")
    DeliveryEvent.objects.create(
        provider="stub",
        event_key="1",
        event_type="bounced",
        reject_reason="bounced",
        delivery=delivery,
        address_hmac=reader.email_hmac,
        received_at=NOW,
    )

    page = history(sit_down(), reader)

    assert "<td>2</td><td>1</td><td>bounced</td>" in page
    assert "paused by the reader" in page
    assert "What came back" in page
    assert "Robots (active)" in page
    assert HOSTILE not in page
    assert "&lt;script&gt;" in page


def test_the_history_shows_the_proof_of_consent_and_what_forbids_mail(
    reader: User,
) -> None:
    Consent.objects.create(
        user=reader,
        at=NOW,
        confirmed_at=NOW + timedelta(minutes=4),
        ip_prefix="192.0.2.0/24",
        form_version="7",
        text_hash="ab" * 32,
        method="form",
    )
    accounts.suppress(EMAIL, "hard_bounce", "all", NOW, evidence="550 5.1.1")
    subscriptions.end_all(reader.schedule, now=NOW)

    page = history(sit_down(), reader)

    for words in (
        "sign-up form, confirmed by mail",
        "confirmed on 20 November 2026, 12:04 UTC",
        "192.0.2.0/24",
        "ab" * 32,
        "hard bounce",
        "550 5.1.1",
        "left on 20 November 2026",
    ):
        assert words in page


def test_a_topic_of_the_readers_own_is_not_named(reader: User) -> None:
    subscriptions.add_personal_topic(reader, name="My secret", query="x", now=NOW)

    page = history(sit_down(), reader)

    assert "1 of their own" in page
    assert "My secret" not in page


def test_its_queries_do_not_grow(reader: User) -> None:
    client = sit_down()
    make_delivery("accepted", digest=make_digest(reader))
    with CaptureQueriesContext(connection) as few:
        history(client, reader)
    for _ in range(8):
        make_delivery("accepted", digest=make_digest(reader))
    with CaptureQueriesContext(connection) as many:
        history(client, reader)

    assert len(many) == len(few) <= 25


def test_nothing_of_a_reader_is_added_changed_or_deleted_here(reader: User) -> None:
    client = sit_down()

    assert client.get(address(Reader, "add")).status_code == 403
    changed = client.post(address(Reader, "change", reader.pk), {"email": "x@y.org"})
    deleted = client.post(address(Reader, "delete", reader.pk), {"post": "yes"})

    assert (changed.status_code, deleted.status_code) == (403, 403)
    assert User.objects.get(pk=reader.pk).email == EMAIL


def test_it_is_shut_to_staff_without_the_right(reader: User) -> None:
    client = sit_down_with("view_digest")

    assert client.get(address(Reader)).status_code == 403
    assert client.get(address(Reader, "change", reader.pk)).status_code == 403
