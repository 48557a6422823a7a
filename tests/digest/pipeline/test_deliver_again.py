"""Mails in doubt: a provider that remembers the key is asked again, no other."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts import services as accounts
from digest import tasks
from digest.models import Delivery, SendingHold
from digest.pipeline import reconcile, states
from digest.pipeline.deliver import ask_again, deliver
from digest.pipeline.deliver.letters import Mail, make_mails
from digest.transports import open_transport
from tests.digest.pipeline.sending import (
    end_leases,
    outcomes,
    queue,
    reserved_papers,
    state_of,
)
from tests.digest.transports.providers import (
    SENT,
    Answer,
    answer,
    hang_up,
    in_turn,
    provider,
)
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)

ACCEPT = answer(200, {"id": "re-1"})
LATER = NOW + timedelta(minutes=2)


def ask(delivery: Delivery, now: datetime = LATER) -> str:
    """Ask again for one; "" if that was not to be."""
    return ask_again([delivery.pk], now=now).get(delivery.pk, "")


def send_into_doubt(delivery: Delivery) -> None:
    """Hand one over to a provider that does not answer."""
    assert deliver([delivery.pk], now=NOW) == {delivery.pk: "uncertain"}


def test_a_mail_without_an_answer_is_handed_over_again_with_its_key(use: Any) -> None:
    delivery = queue()
    with provider(in_turn(hang_up, ACCEPT)) as stub:
        use(stub.url, "resend")
        send_into_doubt(delivery)
        assert reconcile.find_work(now=NOW).doubtful_ids == ()
        assert reconcile.find_work(now=LATER).doubtful_ids == (delivery.pk,)

        assert ask(delivery) == "accepted"
        assert ask(delivery) == ""

    assert len(stub.bodies) == 2
    assert stub.bodies[0] == stub.bodies[1]
    [first, second] = [headers["Idempotency-Key"] for headers in stub.headers]
    assert first == second
    delivery.refresh_from_db()
    assert (delivery.provider_id, delivery.attempt_count) == ("re-1", 2)
    assert delivery.claim_token is None
    assert outcomes(delivery) == ["uncertain", "accepted"]


def test_the_sweep_has_it_asked(use: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    delivery = queue()
    with provider(in_turn(hang_up, ACCEPT)) as stub:
        use(stub.url, "resend")
        send_into_doubt(delivery)
        monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)
        tasks.sweep()

    assert state_of(delivery) == "accepted"


def test_a_refusal_of_what_the_provider_has_is_a_yes(use: Any) -> None:
    has_it = {
        "code": "duplicate_parameter",
        "message": "Email for the idempotency key has already been processed",
    }
    delivery = queue()
    with provider(in_turn(hang_up, answer(400, has_it))) as stub:
        use(stub.url, "brevo")
        send_into_doubt(delivery)
        assert ask(delivery) == "accepted"

    keys = [json.loads(body)["headers"]["idempotencyKey"] for body in stub.bodies]
    assert len(keys) == 2
    assert len(set(keys)) == 1
    delivery.refresh_from_db()
    assert "duplicate_parameter" in delivery.evidence


@pytest.mark.parametrize(
    "give",
    [
        hang_up,
        answer(500, {}),
        answer(409, {"name": "concurrent_idempotent_requests"}),
        answer(422, {"name": "validation_error"}),
        answer(429, {"name": "rate_limit_exceeded"}),
        answer(401, {"message": "API key is invalid"}),
    ],
)
def test_anything_but_a_yes_leaves_the_doubt(use: Any, give: Answer) -> None:
    delivery = queue()
    with provider(in_turn(hang_up, give)) as stub:
        use(stub.url, "resend")
        send_into_doubt(delivery)
        assert ask(delivery) == "uncertain"

    assert len(stub.bodies) == 2
    assert reserved_papers(delivery) == 1
    delivery.refresh_from_db()
    assert delivery.next_attempt_at > LATER
    assert delivery.claim_token is None


def test_a_refusal_of_our_account_holds_all_sending(use: Any) -> None:
    delivery = queue()
    with provider(in_turn(hang_up, answer(401, {"message": "no"}))) as stub:
        use(stub.url, "resend")
        send_into_doubt(delivery)
        ask(delivery)

        assert SendingHold.objects.filter(released_at=None).count() == 1
        assert ask(delivery, NOW + timedelta(hours=1)) == ""

    assert len(stub.bodies) == 2


def test_a_lost_worker_leaves_a_doubt_that_is_asked_about(use: Any) -> None:
    delivery = queue()
    with provider(ACCEPT) as stub:
        use(stub.url, "resend")
        [taken] = states.claim([delivery.pk], "lost", NOW)
        with open_transport() as transport:
            memory = transport.idempotency
        [mail] = make_mails([taken], NOW)
        assert isinstance(mail, Mail)
        assert states.hand_off([mail.sealed], dated_at=NOW, now=NOW, remembered=memory)
        end_leases()
        assert reconcile.find_work(now=LATER).doubtful_ids == (delivery.pk,)
        assert ask(delivery) == "accepted"

    assert len(stub.bodies) == 1


@pytest.mark.parametrize("when", [timedelta(hours=24), timedelta(hours=23)])
def test_an_old_key_is_not_relied_on(use: Any, when: timedelta) -> None:
    delivery = queue(expires_at=NOW + timedelta(days=7))
    with provider(in_turn(hang_up, ACCEPT)) as stub:
        use(stub.url, "resend")
        send_into_doubt(delivery)
        assert reconcile.find_work(now=NOW + when).doubtful_ids == ()
        assert ask(delivery, NOW + when) == ""

    assert len(stub.bodies) == 1
    assert state_of(delivery) == "uncertain"


def test_the_shortest_memory_counts_after_a_change_of_provider(use: Any) -> None:
    delivery = queue(expires_at=NOW + timedelta(days=7))
    with provider(in_turn(answer(429, {}), hang_up, ACCEPT)) as stub:
        use(stub.url, "resend")
        assert deliver([delivery.pk], now=NOW) == {delivery.pk: "queued"}
        use(stub.url, "brevo")
        at = NOW + timedelta(hours=1)
        assert deliver([delivery.pk], now=at) == {delivery.pk: "uncertain"}
        assert ask(delivery, at + timedelta(minutes=26)) == ""

    assert len(stub.bodies) == 2


def test_a_provider_that_remembers_nothing_is_not_asked(use: Any) -> None:
    delivery = queue()
    with provider(in_turn(hang_up, answer(200, SENT))) as stub:
        use(stub.url)
        send_into_doubt(delivery)
        assert reconcile.find_work(now=LATER).doubtful_ids == ()
        assert ask(delivery) == ""
        use(stub.url, "resend")
        assert ask(delivery) == "", "Resend was never told this key"

    assert len(stub.bodies) == 1


def test_another_account_is_not_asked(use: Any, settings: Any) -> None:
    delivery = queue()
    with provider(in_turn(hang_up, ACCEPT)) as stub:
        use(stub.url, "resend")
        send_into_doubt(delivery)
        settings.ANYMAIL = {**settings.ANYMAIL, "RESEND_API_KEY": "another"}
        assert ask(delivery) == ""

    assert len(stub.bodies) == 1


def test_who_left_meanwhile_is_not_written_to(use: Any) -> None:
    delivery = queue()
    with provider(in_turn(hang_up, ACCEPT)) as stub:
        use(stub.url, "resend")
        send_into_doubt(delivery)
        email = delivery.digest.reader.email
        accounts.suppress(email, reason="complaint", scope="all", now=NOW)
        assert ask(delivery) == ""

    assert len(stub.bodies) == 1
    assert state_of(delivery) == "uncertain"


def test_other_bytes_are_never_sent_with_the_key(use: Any) -> None:
    delivery = queue()
    with provider(in_turn(hang_up, ACCEPT)) as stub:
        use(stub.url, "resend")
        send_into_doubt(delivery)
        delivery.refresh_from_db()
        assert delivery.edition
        delivery.edition.subject += " changed"
        delivery.edition.save(update_fields=["subject"])
        assert ask(delivery) == "uncertain"

    assert len(stub.bodies) == 1
