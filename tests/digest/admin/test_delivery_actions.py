"""What an operator says of deliveries: asked for words, done once, written down."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.test import Client
from django.utils import timezone

from digest.models import Delivery, Digest
from digest.pipeline import states
from digest.pipeline.states import State
from tests.digest.admin.desk import address, answer, press, sit_down, sit_down_with
from tests.digest.pipeline.sending import put_in, queue, reserved_papers, state_of
from tests.factories import NOW

pytestmark = pytest.mark.django_db

OPERATOR = "operator@example.org"
WORDS = "The relay's log says so."


@pytest.fixture
def client() -> Client:
    return sit_down(OPERATOR)


@pytest.fixture
def failed() -> Delivery:
    delivery = queue()
    states.expire(NOW + timedelta(days=1))
    return delivery


def said() -> list[str]:
    """What the log says, the last first."""
    return list(LogEntry.objects.values_list("change_message", flat=True))


@pytest.mark.django_db(transaction=True)
def test_what_failed_goes_as_a_new_delivery(client: Client, failed: Delivery) -> None:
    asked = press(client, "retry", failed)
    assert "as new deliveries" in asked.content.decode()
    assert Delivery.objects.count() == 1

    answer(client, "retry", failed, words=WORDS)

    made = Delivery.objects.exclude(pk=failed.pk).get()
    assert made.state == State.ACCEPTED
    assert made.digest.again_why == f"{OPERATOR}: {WORDS}"
    assert len(mail.outbox) == 1
    assert [WORDS in line for line in said()] == [True]
    assert str(LogEntry.objects.get().user) == OPERATOR


@pytest.mark.django_db(transaction=True)
def test_pressing_twice_sends_one_mail(client: Client) -> None:
    accepted = put_in(State.ACCEPTED)

    answer(client, "resend", accepted, words=WORDS)
    states.hold(accepted.pk, NOW)

    assert len(mail.outbox) == 1
    assert Digest.objects.filter(again_of=accepted.digest).count() == 1


def test_a_word_that_no_longer_holds_is_told_and_not_logged(client: Client) -> None:
    accepted = put_in(State.ACCEPTED)
    Digest.objects.update(user=None)

    response = answer(client, "resend", accepted, words=WORDS)

    assert "Its reader is gone." in response.content.decode()
    assert said() == []


@pytest.mark.django_db(transaction=True)
def test_a_doubt_is_settled_either_way(client: Client) -> None:
    went, lost = put_in(State.UNCERTAIN), put_in(State.UNCERTAIN)
    Delivery.objects.filter(pk=lost.pk).update(attempt_count=1)

    answer(client, "settle", went, words=WORDS)
    answer(client, "requeue", lost, words=WORDS)

    assert state_of(went) == State.ACCEPTED
    assert state_of(lost) == State.ACCEPTED
    assert [message.to for message in mail.outbox] == [[lost.digest.reader.email]]
    assert len(said()) == 2


def test_a_waiting_one_is_held_let_go_and_cancelled(client: Client) -> None:
    delivery = queue()

    press(client, "hold_back", delivery)
    delivery.refresh_from_db()
    assert delivery.held_at
    answer(client, "cancel", delivery, words=WORDS)

    assert state_of(delivery) == State.SKIPPED
    assert reserved_papers(delivery) == 0
    assert [line.partition(" ")[0] for line in said()] == ["Cancel", "Held"]


def test_what_is_let_go_is_written_down(client: Client) -> None:
    delivery = queue()
    press(client, "hold_back", delivery)

    press(client, "let_go", delivery)

    delivery.refresh_from_db()
    assert delivery.held_at is None
    assert said() == ["Let go.", "Held back."]


@pytest.mark.parametrize(
    "name", ["settle", "requeue", "retry", "resend", "cancel", "hold_back", "let_go"]
)
def test_who_may_only_look_changes_nothing(name: str) -> None:
    client = sit_down_with("view_delivery")
    rows = [put_in(state) for state in State]
    Delivery.objects.filter(state=State.QUEUED).update(held_at=NOW)
    before = list(Delivery.objects.order_by("pk").values())

    answer(client, name, *rows, words=WORDS)

    assert list(Delivery.objects.order_by("pk").values()) == before
    assert said() == []


def test_the_page_of_one_has_the_buttons_that_its_state_allows(client: Client) -> None:
    shown = {}
    for state in (State.QUEUED, State.UNCERTAIN, State.FAILED, State.ACCEPTED):
        delivery = put_in(state)
        page = client.get(address(Delivery, "change", delivery.pk))
        shown[state] = [name for name, _words in page.context["buttons"]]
    assert shown == {
        State.QUEUED: ["hold_back", "cancel"],
        State.UNCERTAIN: ["settle", "requeue"],
        State.FAILED: ["retry"],
        State.ACCEPTED: ["resend"],
    }


def test_a_looker_sees_no_buttons() -> None:
    delivery = put_in(State.FAILED)
    page = sit_down_with("view_delivery").get(address(Delivery, "change", delivery.pk))

    assert page.context["buttons"] == []


def test_reading_pages_writes_nothing_down(client: Client) -> None:
    delivery = put_in(State.UNCERTAIN)
    client.get(address(Delivery))
    client.get(address(Delivery, "change", delivery.pk))
    client.get(address(Delivery, "run"), {"day": timezone.localdate().isoformat()})

    assert said() == []
