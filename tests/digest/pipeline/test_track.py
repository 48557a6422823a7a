"""Stage 6, asked as the provider asks: HTTP requests to anymail's webhook address."""

import itertools
import logging
from collections.abc import Callable
from typing import Any

import pytest

from accounts import services as accounts
from accounts.models import Suppression
from digest.models import Delivery, DeliveryEvent
from tests.digest.pipeline.postmark import bounced, complained, delivered, post
from tests.digest.pipeline.sending import State, put_in, state_of
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("postmark")]


def stored() -> set[tuple[object, ...]]:
    """All that events leave behind, but for when it was received."""
    events = DeliveryEvent.objects.values_list(
        "provider",
        "event_key",
        "event_type",
        "reject_reason",
        "delivery",
        "happened_at",
    )
    return {
        *events,
        *Suppression.objects.values_list("email_hmac", "scope", "reason"),
        *Delivery.objects.values_list("pk", "state", "reason"),
    }


@pytest.mark.parametrize("secret", [None, "hook:wrong", ""])
def test_an_event_without_the_secret_is_refused_and_leaves_nothing(
    secret: str | None,
) -> None:
    delivery = put_in(State.UNCERTAIN)
    before = stored()

    for event in (delivered(delivery), bounced(delivery), complained(delivery)):
        assert 400 <= post(event, secret) < 500

    assert stored() == before


def test_an_event_is_stored_with_its_delivery() -> None:
    delivery = put_in(State.ACCEPTED)

    assert post(delivered(delivery)) == 200

    event = DeliveryEvent.objects.get()
    assert (event.provider, event.event_type) == ("Postmark", "delivered")
    assert event.delivery == delivery
    assert event.happened_at
    assert event.happened_at.isoformat() == "2026-11-20T12:01:00+00:00"


def test_an_event_without_our_id_is_found_by_the_providers() -> None:
    delivery = put_in(State.UNCERTAIN, provider_id="pm-1")

    assert post(delivered()) == 200

    assert DeliveryEvent.objects.get().delivery == delivery
    assert state_of(delivery) == State.ACCEPTED


def test_events_in_any_order_and_any_number_leave_the_same_rows() -> None:
    events: list[Callable[..., Any]] = [delivered, bounced, complained]
    results = []
    for order in itertools.permutations(events):
        delivery = put_in(State.UNCERTAIN)
        Delivery.objects.exclude(pk=delivery.pk).delete()
        DeliveryEvent.objects.all().delete()
        Suppression.objects.all().delete()
        for make in (*order, *reversed(order), order[0]):
            assert post(make(delivery)) == 200
        assert DeliveryEvent.objects.count() == 3
        results.append(
            (
                set(DeliveryEvent.objects.values_list("event_type", flat=True)),
                list(Suppression.objects.values_list("scope", "reason")),
                state_of(delivery),
            )
        )

    assert all(result == results[0] for result in results)
    assert results[0][1:] == ([("all", "complaint")], "accepted")


@pytest.mark.parametrize(
    "fields",
    [
        {"Metadata": {"delivery": "00000000-0000-4000-8000-000000000000"}},
        {"Metadata": {"delivery": "not an id at all"}},
        {"Metadata": {"delivery": 7}},
        {"Metadata": {}, "MessageID": "nobody knows"},
        {"Metadata": {}, "MessageID": None},
    ],
)
def test_an_event_for_a_mail_nobody_knows_is_taken_and_counted(
    fields: dict[str, Any],
) -> None:
    assert post(delivered(**fields)) == 200

    assert DeliveryEvent.objects.get().delivery is None


@pytest.mark.parametrize("email", ["", "not an address", "a@b", "ä@example.org", None])
@pytest.mark.parametrize("make", [bounced, complained])
def test_an_address_that_cannot_be_read_is_logged_and_not_asked_for_again(
    make: Any, email: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    """An error would make the provider send the event again, for days."""
    with caplog.at_level(logging.WARNING, "digest.pipeline.track"):
        assert post({**make(), "Email": email}) == 200

    assert DeliveryEvent.objects.count() == 1
    assert not Suppression.objects.exists()
    assert "Postmark" in caplog.text


def test_an_event_of_an_erased_reader_is_taken() -> None:
    delivery = put_in(State.ACCEPTED)
    user = delivery.digest.user
    assert user
    accounts.erase_user(user, NOW)

    assert post(delivered(delivery)) == 200
    assert post(bounced(delivery)) == 200
    assert DeliveryEvent.objects.filter(delivery=delivery).count() == 2
