"""Deliveries are looked at, and settled only where nobody knew; sending can be held."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from digest.models import Delivery, DeliveryEvent, Digest, SendingHold
from digest.pipeline.deliver import deliver
from tests import factories
from tests.digest.admin.desk import (
    address,
    answer,
    make_delivery,
    press,
    sit_down,
    sit_down_with,
)
from tests.digest.pipeline.sending import queue

pytestmark = pytest.mark.django_db


def test_it_settles_an_uncertain_delivery_on_the_operators_word() -> None:
    client = sit_down("operator@example.org")
    delivery = make_delivery("uncertain")

    press(client, "settle", delivery)
    answer(client, "settle", delivery, words="")
    delivery.refresh_from_db()
    assert delivery.state == "uncertain"
    answer(client, "settle", delivery, words="The reader answered it.")

    delivery.refresh_from_db()
    assert delivery.state == "accepted"
    assert delivery.evidence == "operator@example.org: The reader answered it."
    assert delivery.settled_at is not None
    assert "The reader answered it." in LogEntry.objects.get().change_message


def test_it_settles_nothing_that_is_not_uncertain() -> None:
    client = sit_down()
    others = [
        make_delivery(state)
        for state in ("planned", "queued", "failed", "skipped", "accepted")
    ]
    before = list(Delivery.objects.order_by("pk").values())

    response = answer(client, "settle", *others, words="I think so.")

    assert "None of them is uncertain" in response.content.decode()
    assert list(Delivery.objects.order_by("pk").values()) == before
    assert not LogEntry.objects.exists()


def test_it_settles_only_the_uncertain_ones_among_others() -> None:
    client = sit_down()
    failed, uncertain = make_delivery("failed"), make_delivery("uncertain")

    answer(client, "settle", failed, uncertain, words="Seen at the provider.")

    states = dict(Delivery.objects.values_list("pk", "state"))
    assert states == {failed.pk: "failed", uncertain.pk: "accepted"}


def test_it_settles_nothing_for_staff_who_may_only_look() -> None:
    delivery = make_delivery("uncertain")

    answer(sit_down_with("view_delivery"), "settle", delivery, words="Surely.")

    delivery.refresh_from_db()
    assert delivery.state == "uncertain"


@pytest.mark.parametrize("model", [Delivery, Digest])
def test_it_masks_the_readers_address(model: type[Delivery | Digest]) -> None:
    client = sit_down()
    reader = factories.make_reader("mallory.secret@example.org")
    delivery = make_delivery(digest=factories.make_digest(reader))
    row = delivery if model is Delivery else delivery.digest

    for path in (address(model), address(model, "change", row.pk)):
        page = client.get(path).content.decode()
        assert "m…t@e…e.org" in page
        assert "secret" not in page


def test_it_shows_a_digest_whose_reader_is_erased() -> None:
    digest = factories.make_digest(None)

    response = sit_down().get(address(Digest, "change", digest.pk))

    assert response.status_code == 200


def test_it_links_to_the_digests_web_page() -> None:
    client = sit_down()
    delivery = make_delivery()
    link = f'href="{delivery.digest.get_absolute_url()}"'

    for row in (delivery, delivery.digest):
        assert link in client.get(address(type(row), "change", row.pk)).content.decode()


def test_it_names_a_curated_topic_but_not_a_readers_own() -> None:
    reader = factories.make_reader()
    digest = factories.make_digest(reader)
    curated = factories.make_topic("robotics")
    own = factories.make_topic("my-illness", owner=reader)
    for topic in (curated, own, None):
        factories.make_item(digest, factories.make_paper(), topic)

    page = sit_down().get(address(Digest, "change", digest.pk)).content.decode()

    assert "Robotics" in page
    assert "a personal topic" in page
    assert "My illness" not in page


def test_it_sums_the_places_of_the_last_days_to_what_was_planned() -> None:
    now = timezone.now()
    for state in ("accepted", "accepted", "failed"):
        make_delivery(state, digest=factories.make_digest(due_at=now))
    factories.make_digest(due_at=now)
    factories.make_digest(due_at=now, status="skipped", reason="paused")
    long_ago = factories.make_digest(due_at=now - timedelta(days=8))
    make_delivery("uncertain", digest=long_ago)

    response = sit_down().get(address(Delivery))

    summary = response.context["summary"]
    assert summary.planned == sum(place.count for place in summary.places) == 4
    page = " ".join(response.content.decode().split())
    assert "The last 7 days: 4 digests planned" in page
    assert '<a href="?state__exact=accepted">2 accepted</a>' in page
    assert "<strong>1 without a delivery</strong>" in page
    assert "1 paused by the reader" in page


def test_it_holds_sending_with_a_reason_and_releases_it() -> None:
    client = sit_down()

    client.post(address(SendingHold, "add"), {"reason": "Wrong template."})
    again = client.post(address(SendingHold, "add"), {"reason": "Wrong template."})
    hold = SendingHold.objects.get()
    assert "reason" in again.context["adminform"].form.errors
    assert hold.released_at is None
    assert "Sending is on hold: Wrong template." in (
        client.get(address(Delivery)).content.decode()
    )
    asked = press(client, "release", hold)
    assert "0 digests are due and go at once." in asked.content.decode()
    answer(client, "release", hold, words="")
    hold.refresh_from_db()
    assert hold.released_at is None
    answer(client, "release", hold, words="The template is right now.")

    hold.refresh_from_db()
    assert hold.released_at is not None
    assert "Sending is on hold" not in client.get(address(Delivery)).content.decode()
    assert LogEntry.objects.count() == 2
    assert "The template is right now." in LogEntry.objects.latest("pk").change_message


def test_it_neither_rewrites_nor_deletes_a_hold() -> None:
    client = sit_down()
    hold = SendingHold.objects.create(reason="Storm.", held_at=timezone.now())

    client.post(address(SendingHold, "change", hold.pk), {"reason": "Nothing."})
    deleted = client.post(address(SendingHold, "delete", hold.pk), {"post": "yes"})

    hold.refresh_from_db()
    assert (hold.reason, deleted.status_code) == ("Storm.", 403)


def test_it_shows_what_was_reported_of_accepted_mails_and_of_unknown_ones() -> None:
    now = timezone.now()
    delivery = make_delivery("accepted", digest=factories.make_digest(due_at=now))
    for number, (event_type, row) in enumerate(
        [("bounced", delivery), ("delivered", delivery), ("delivered", None)]
    ):
        DeliveryEvent.objects.create(
            provider="Esp",
            event_key=str(number),
            event_type=event_type,
            delivery=row,
            received_at=now,
        )
    client = sit_down()

    page = " ".join(client.get(address(Delivery)).content.decode().split())

    assert '<a href="?state__exact=accepted">1 accepted</a>' in page
    assert "Reported of accepted ones: 1 bounced." in page
    assert '<td class="field-reported">bounced</td>' in page
    assert "1 report about a mail that is not known here" in page
    unknown = client.get(address(DeliveryEvent) + "?delivery__isempty=1")
    assert unknown.context["cl"].result_count == 1


def test_the_page_of_a_hold_has_the_button_that_releases_it() -> None:
    hold = SendingHold.objects.create(reason="A copy?", held_at=timezone.now())
    page = address(SendingHold, "change", hold.pk)

    released = sit_down().get(page).context["buttons"]
    assert [name for name, _words in released] == ["release"]
    assert sit_down_with("view_sendinghold").get(page).context["buttons"] == []


def test_a_restored_copy_sends_nothing_until_it_is_released_at_the_desk() -> None:
    """I13, from the operator's chair."""
    now = timezone.now()
    delivery = queue(next_attempt_at=now, expires_at=now + timedelta(hours=9))
    hold = SendingHold.objects.create(reason="Restored from a backup.", held_at=now)
    client = sit_down("operator@example.org")
    assert deliver([delivery.pk], now=now) == {}

    asked = press(client, "release", hold)
    assert "1 digest is due and goes at once." in asked.content.decode()
    answer(client, "release", hold, words="Yesterday's did not go.")

    assert deliver([delivery.pk], now=now) == {delivery.pk: "accepted"}
    told = LogEntry.objects.get()
    assert str(told.user) == "operator@example.org"
    assert "Yesterday's did not go." in told.change_message


def test_the_list_says_that_the_postal_address_is_missing(settings: Any) -> None:
    settings.DIGEST_POSTAL_ADDRESS = ""

    page = sit_down().get(address(Delivery)).content.decode()

    assert "DIGEST_POSTAL_ADDRESS is empty" in page
