"""What a report brings about: addresses left alone, doubts settled, nothing else."""

from typing import Any

import pytest

from accounts import services as accounts
from accounts.models import Suppression
from digest.models import DeliveryEvent, Schedule
from digest.pipeline import reconcile
from digest.pipeline.deliver.verdicts import Told, record
from digest.reading import subscriptions
from digest.transports import Outcome, Verdict
from tests.digest.pipeline.postmark import (
    bounced,
    complained,
    delivered,
    post,
    unsubscribed,
)
from tests.digest.pipeline.sending import (
    State,
    addressed,
    claim_one,
    end_leases,
    hand_off_one,
    put_in,
    queue,
    state_of,
)
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("postmark")]


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


def test_a_bounce_for_an_address_that_never_signed_up_is_taken() -> None:
    assert post(bounced(Email="stranger@example.net")) == 200
    assert accounts.is_suppressed("stranger@example.net", "all")


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
    taken = claim_one(delivery.pk, "worker", NOW)
    assert taken
    assert hand_off_one(taken, NOW)

    assert post(delivered(delivery)) == 200
    assert state_of(delivery) == State.HANDOFF
    verdict = Verdict(Outcome.ACCEPTED, "queued pm-1", "pm-1")
    told = [Told(taken, addressed(delivery), verdict)]
    assert record(told, NOW) == {delivery.pk: State.ACCEPTED}


def test_a_report_that_came_during_the_hand_off_settles_the_doubt_that_follows() -> (
    None
):
    delivery = queue()
    taken = claim_one(delivery.pk, "worker", NOW)
    assert taken
    assert hand_off_one(taken, NOW)
    assert post(delivered(delivery)) == 200
    end_leases()

    reconcile.find_work(now=NOW)

    assert state_of(delivery) == State.ACCEPTED


def test_a_complaint_ends_the_mail_of_the_reader_who_made_it() -> None:
    delivery = queue()
    user = delivery.digest.user
    assert user
    event = {**complained(), "Email": user.email}

    assert post(event) == 200

    taken = claim_one(delivery.pk, "worker", NOW)
    assert taken
    assert not hand_off_one(taken, NOW)
    subscriptions.resume(Schedule.objects.get(user=user), now=NOW)
    assert not hand_off_one(taken, NOW), "resuming is not enough"
