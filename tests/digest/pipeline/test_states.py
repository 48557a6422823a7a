"""The state machine: one table of moves, claims that exclude, tokens that fence."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from digest.models import Attempt, Delivery
from digest.pipeline import states
from digest.pipeline.states import Claim, State
from digest.pipeline.states.table import move
from tests.digest.pipeline.sending import (
    claim_one,
    end_leases,
    hand_off_one,
    outcomes,
    plan,
    put_in,
    queue,
    queue_one,
    reserved_papers,
    state_of,
)
from tests.factories import NOW

pytestmark = pytest.mark.django_db

UNLISTED = [
    (start, end)
    for start, end in product(State, State)
    if end not in states.TRANSITIONS[start]
]


def take(delivery: Delivery, now: datetime = NOW) -> Claim:
    """Claim a delivery that nobody else has."""
    taken = claim_one(delivery.pk, "worker", now)
    assert taken
    return taken


def give(taken: Claim, end: State, **values: object) -> bool:
    """Finish a claim, with what each end asks for."""
    if end == State.ACCEPTED:
        return bool(states.accept([states.Accepted(taken, "told", "")], now=NOW))
    ids = states.finish(
        [taken], end, detail="told", phase="done", now=NOW, reason="told", **values
    )
    return bool(ids)


@pytest.mark.parametrize(("start", "end"), UNLISTED)
def test_it_refuses_each_move_that_the_table_does_not_list(
    start: State, end: State
) -> None:
    delivery = put_in(start)

    with pytest.raises(ValueError, match="never goes from"):
        move(Delivery.objects.all(), start, end)

    assert state_of(delivery) == start


def test_it_has_three_ends_that_nothing_leaves() -> None:
    ends = {start for start, after in states.TRANSITIONS.items() if not after}
    assert ends == {State.ACCEPTED, State.FAILED, State.SKIPPED}


def test_only_an_operator_may_queue_a_doubtful_delivery_again() -> None:
    """No function of the machine leads from UNCERTAIN back to the queue."""
    delivery = put_in(State.UNCERTAIN)

    states.recover_lost(NOW + timedelta(days=9))
    states.expire(NOW + timedelta(days=9))
    states.cancel_waiting(delivery.digest.reader.pk, "left", NOW)
    delivery.edition = delivery.edition
    queue_one(delivery)

    assert claim_one(delivery.pk, "worker", NOW) is None
    assert state_of(delivery) == State.UNCERTAIN
    assert reserved_papers(delivery) == 1


@pytest.mark.parametrize("state", [s for s in State if s != State.QUEUED])
def test_it_claims_nothing_that_is_not_queued(state: State) -> None:
    delivery = put_in(state)

    assert claim_one(delivery.pk, "worker", NOW) is None
    assert state_of(delivery) == state
    assert Attempt.objects.count() == 0


@pytest.mark.parametrize("state", [s for s in State if s != State.PLANNED])
def test_it_queues_nothing_that_is_not_planned(state: State) -> None:
    delivery = put_in(state)

    assert not queue_one(delivery)
    assert not states.fail_rendering(delivery.pk, "TemplateError", NOW)
    assert state_of(delivery) == state


@pytest.mark.parametrize("state", [s for s in State if s != State.UNCERTAIN])
def test_it_settles_nothing_that_is_not_in_doubt(state: State) -> None:
    delivery = put_in(state)

    assert not states.settle(delivery.pk, "the provider has it", NOW)
    assert state_of(delivery) == state


def test_it_settles_a_doubt_with_the_evidence() -> None:
    delivery = put_in(State.UNCERTAIN)

    assert states.settle(delivery.pk, "the provider has it", NOW)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.evidence) == ("accepted", "the provider has it")
    assert delivery.settled_at == NOW


def test_a_second_claim_gets_nothing() -> None:
    delivery = queue()
    first = take(delivery)

    assert claim_one(delivery.pk, "another", NOW) is None

    delivery.refresh_from_db()
    assert delivery.claim_token == first.token
    assert [attempt.worker for attempt in delivery.attempts.all()] == ["worker"]


def test_a_claim_counts_an_attempt_and_starts_a_lease_on_the_databases_clock() -> None:
    delivery = queue()
    take(delivery)

    delivery.refresh_from_db()
    assert delivery.lease_until
    left = (delivery.lease_until or NOW) - datetime.now(UTC)
    assert delivery.attempt_count == 1
    assert timedelta(0) < left <= timedelta(seconds=settings.DIGEST_CLAIM_LEASE_SECONDS)


def test_it_claims_nothing_before_its_time_after_it_or_for_a_ninth_time() -> None:
    early = queue(next_attempt_at=NOW + timedelta(seconds=1))
    late = queue(expires_at=NOW)
    worn_out = queue(attempt_count=states.MAX_ATTEMPTS)

    for delivery in (early, late, worn_out):
        assert claim_one(delivery.pk, "worker", NOW) is None
    assert claim_one(early.pk, "worker", NOW + timedelta(seconds=1))


def test_a_hand_off_needs_the_claim_that_holds_now() -> None:
    delivery = queue()
    old = take(delivery)
    end_leases()
    states.recover_lost(NOW)
    new = take(delivery)

    assert not hand_off_one(old, NOW)
    assert state_of(delivery) == State.CLAIMED
    assert hand_off_one(new, NOW)
    assert not hand_off_one(new, NOW), "one claim, one hand-off"


def test_a_hand_off_is_refused_once_the_lease_is_over() -> None:
    delivery = queue()
    taken = take(delivery)
    end_leases()

    assert not hand_off_one(taken, NOW)
    assert state_of(delivery) == State.CLAIMED


def test_a_hand_off_lasts_longer_than_a_worker_may_take() -> None:
    delivery = queue()
    assert hand_off_one(take(delivery), NOW)

    delivery.refresh_from_db()
    assert delivery.lease_until
    left = (delivery.lease_until or NOW) - datetime.now(UTC)
    assert left.total_seconds() > settings.CELERY_TASK_TIME_LIMIT
    assert settings.CELERY_TASK_TIME_LIMIT > settings.DIGEST_AFTER_DOT_TIMEOUT_SECONDS


@pytest.mark.parametrize("end", [State.ACCEPTED, State.QUEUED, State.FAILED])
def test_an_old_token_cannot_finish_what_was_taken_from_it(end: State) -> None:
    delivery = queue()
    old = take(delivery)
    end_leases()
    states.recover_lost(NOW)

    assert not give(old, end)

    assert state_of(delivery) == State.QUEUED
    assert reserved_papers(delivery) == 1
    assert outcomes(delivery) == ["fenced"]


def test_an_old_token_cannot_finish_anothers_hand_off() -> None:
    delivery = queue()
    old = take(delivery)
    end_leases()
    states.recover_lost(NOW)
    new = take(delivery)
    assert hand_off_one(new, NOW)

    assert not give(old, State.FAILED)

    assert state_of(delivery) == State.HANDOFF
    assert give(new, State.ACCEPTED)
    assert outcomes(delivery) == ["fenced", "accepted"]


@pytest.mark.parametrize("end", [State.UNCERTAIN, State.ACCEPTED, State.QUEUED])
def test_a_late_answer_changes_nothing_of_a_doubt(end: State) -> None:
    delivery = queue()
    taken = take(delivery)
    assert hand_off_one(taken, NOW)
    end_leases()
    states.recover_lost(NOW)

    assert not give(taken, end)
    assert state_of(delivery) == State.UNCERTAIN
    assert Attempt.objects.get().detail == "told"


def test_backoff_grows_and_its_jitter_stays_within_a_fifth() -> None:
    minutes = [1, 5, 15, 60, 120, 240, 240, 240]
    for attempt, middle in enumerate(minutes, start=1):
        waits = {
            (states.next_attempt(attempt, NOW, None) - NOW) / timedelta(minutes=1)
            for _ in range(200)
        }
        assert len(waits) > 100
        assert middle * 0.8 <= min(waits) < middle * 0.95
        assert middle * 1.05 < max(waits) <= middle * 1.2


def test_a_server_that_says_how_long_to_wait_is_obeyed() -> None:
    assert states.next_attempt(1, NOW, 7200) == NOW + timedelta(hours=2)
    assert states.next_attempt(8, NOW, 60) == NOW + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("state", "missing"),
    [
        (State.ACCEPTED, {"evidence": ""}),
        (State.FAILED, {"reason": ""}),
        (State.UNCERTAIN, {"reason": ""}),
        (State.SKIPPED, {"reason": ""}),
        (State.CLAIMED, {"claim_token": None}),
        (State.CLAIMED, {"lease_until": None}),
        (State.HANDOFF, {"claim_token": None}),
    ],
)
def test_the_database_refuses_a_state_without_its_proof(
    state: State, missing: dict[str, object]
) -> None:
    delivery = put_in(state)

    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(**missing)


def test_the_database_refuses_a_second_delivery_of_a_digest() -> None:
    delivery = plan()

    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(
            digest=delivery.digest,
            message_id="<another@papers.example.org>",
            next_attempt_at=NOW,
            expires_at=NOW,
        )
