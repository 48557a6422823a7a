"""Stage 6, asked as the provider asks: HTTP requests to anymail's webhook address."""

import base64
import itertools
import logging
from typing import Any

import pytest
from django.test import Client

from accounts import services as accounts
from accounts.models import Suppression
from digest import subscriptions
from digest.models import Delivery, DeliveryEvent, Schedule
from digest.pipeline import reconcile, states
from digest.pipeline.deliver.verdicts import record
from digest.transports import Outcome, Verdict
from tests.digest.pipeline.sending import State, end_leases, put_in, queue, state_of
from tests.factories import NOW

pytestmark = pytest.mark.django_db

ADDRESS = "/anymail/postmark/tracking/"
SECRET = "hook:long-and-random"


@pytest.fixture(autouse=True)
def _postmark(settings: Any) -> None:
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "secret", "WEBHOOK_SECRET": SECRET}


def post(event: dict[str, object], secret: str | None = SECRET) -> int:
    """Send one event as Postmark does; return the status of our answer."""
    headers = {}
    if secret is not None:
        coded = base64.b64encode(secret.encode()).decode()
        headers["Authorization"] = f"Basic {coded}"
    client = Client(raise_request_exception=False)
    response = client.post(
        ADDRESS, event, content_type="application/json", headers=headers
    )
    return int(response.status_code)


def delivered(delivery: Delivery | None = None, **fields: object) -> dict[str, object]:
    return {
        "RecordType": "Delivery",
        "MessageID": "pm-1",
        "Recipient": "ada@example.org",
        "DeliveredAt": "2026-11-20T12:01:00Z",
        "Metadata": {"delivery": str(delivery.public_id)} if delivery else {},
        **fields,
    }


def bounced(
    delivery: Delivery | None = None, kind: str = "HardBounce", **fields: object
) -> dict[str, object]:
    return {
        "RecordType": "Bounce",
        "ID": 4323372036854775807,
        "Type": kind,
        "MessageID": "pm-1",
        "Email": "ada@example.org",
        "BouncedAt": "2026-11-20T12:02:00Z",
        "Metadata": {"delivery": str(delivery.public_id)} if delivery else {},
        **fields,
    }


def complained(delivery: Delivery | None = None) -> dict[str, object]:
    event = bounced(delivery, "SpamComplaint", ID=77)
    return {**event, "RecordType": "SpamComplaint"}


def unsubscribed() -> dict[str, object]:
    return {
        "RecordType": "SubscriptionChange",
        "MessageID": "pm-1",
        "Recipient": "ada@example.org",
        "ChangedAt": "2026-11-20T12:03:00Z",
        "SuppressSending": True,
        "SuppressionReason": "ManualSuppression",
        "Metadata": {},
    }


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
    events = [delivered, bounced, complained]
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


def test_a_replayed_event_does_not_undo_what_the_person_did_since() -> None:
    assert post(bounced()) == 200
    accounts.lift("ada@example.org")

    assert post(bounced()) == 200

    assert not accounts.is_suppressed("ada@example.org", "all")


@pytest.mark.parametrize(
    ("event", "reason"),
    [(bounced(), "hard_bounce"), (complained(), "complaint")],
)
def test_a_hard_bounce_and_a_complaint_stop_all_mail(
    event: dict[str, object], reason: str
) -> None:
    assert post(event) == 200

    row = Suppression.objects.get()
    assert (row.scope, row.reason) == ("all", reason)
    assert accounts.is_suppressed("Ada@Example.org", "all")


@pytest.mark.parametrize(
    "kind", ["SoftBounce", "Transient", "DnsError", "AutoResponder", "Blocked"]
)
def test_a_bounce_that_may_pass_stops_nothing(kind: str) -> None:
    """Postmark's SoftBounce is "bounced" for anymail, just as a hard one."""
    assert post(bounced(kind=kind)) == 200

    assert DeliveryEvent.objects.count() == 1
    assert not Suppression.objects.exists()


def test_leaving_by_the_providers_own_link_stops_digests_and_nothing_else() -> None:
    assert post(unsubscribed()) == 200

    assert accounts.is_suppressed("ada@example.org", "digests")
    assert not accounts.is_suppressed("ada@example.org", "all")


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
    fields: dict[str, object],
) -> None:
    assert post(delivered(**fields)) == 200

    assert DeliveryEvent.objects.get().delivery is None


def test_a_bounce_for_an_address_that_never_signed_up_is_taken() -> None:
    assert post(bounced(Email="stranger@example.net")) == 200
    assert accounts.is_suppressed("stranger@example.net", "all")


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


@pytest.mark.parametrize(
    "event",
    [
        delivered,
        bounced,
        complained,
        lambda delivery: bounced(delivery, "Transient"),
    ],
)
def test_a_report_about_a_doubtful_mail_proves_that_it_was_taken(event: Any) -> None:
    delivery, other = put_in(State.UNCERTAIN), put_in(State.UNCERTAIN)

    assert post(event(delivery)) == 200

    delivery.refresh_from_db()
    assert delivery.state == State.ACCEPTED
    assert delivery.evidence.startswith("Postmark reported ")
    assert state_of(other) == State.UNCERTAIN


@pytest.mark.parametrize("kind", ["SMTPApiError", "TemplateRenderingFailed", "Blocked"])
def test_a_report_that_the_provider_refused_a_mail_settles_no_doubt(kind: str) -> None:
    delivery = put_in(State.UNCERTAIN)

    assert post(bounced(delivery, kind)) == 200

    assert state_of(delivery) == State.UNCERTAIN


@pytest.mark.parametrize("state", [s for s in State if s != State.UNCERTAIN])
def test_a_report_moves_no_delivery_that_is_not_in_doubt(state: State) -> None:
    delivery = put_in(state)

    assert post(delivered(delivery)) == 200

    assert state_of(delivery) == state
    assert DeliveryEvent.objects.get().delivery == delivery


def test_a_report_that_comes_before_the_providers_own_answer_is_kept() -> None:
    delivery = queue()
    taken = states.claim(delivery.pk, "worker", NOW)
    assert taken
    assert states.hand_off(taken, delivery, NOW)

    assert post(delivered(delivery)) == 200
    assert state_of(delivery) == State.HANDOFF
    verdict = Verdict(Outcome.ACCEPTED, "queued pm-1", "pm-1")
    assert record(taken, delivery, verdict, NOW) == State.ACCEPTED


def test_a_report_that_came_during_the_hand_off_settles_the_doubt_that_follows() -> (
    None
):
    delivery = queue()
    taken = states.claim(delivery.pk, "worker", NOW)
    assert taken
    assert states.hand_off(taken, delivery, NOW)
    assert post(delivered(delivery)) == 200
    end_leases()

    reconcile.find_work(now=NOW)

    assert state_of(delivery) == State.ACCEPTED


def test_an_event_of_an_erased_reader_is_taken() -> None:
    delivery = put_in(State.ACCEPTED)
    user = delivery.digest.user
    assert user
    accounts.erase_user(user, NOW)

    assert post(delivered(delivery)) == 200
    assert post(bounced(delivery)) == 200
    assert DeliveryEvent.objects.filter(delivery=delivery).count() == 2


def test_a_complaint_ends_the_mail_of_the_reader_who_made_it() -> None:
    delivery = queue()
    user = delivery.digest.user
    assert user
    event = {**complained(), "Email": user.email}

    assert post(event) == 200

    taken = states.claim(delivery.pk, "worker", NOW)
    assert taken
    assert not states.hand_off(taken, delivery, NOW)
    subscriptions.resume(Schedule.objects.get(user=user), now=NOW)
    assert not states.hand_off(taken, delivery, NOW), "resuming is not enough"
