"""How a delivery ends without an answer: lost workers, lateness, a reader who left."""

from datetime import timedelta

import pytest

from digest.models import DigestItem
from digest.pipeline import states
from digest.pipeline.states import State
from tests.digest.pipeline.sending import (
    claim_one,
    end_leases,
    hand_off_one,
    is_every_digest_in_one_place,
    outcomes,
    plan,
    put_in,
    queue,
    reserved_papers,
    state_of,
)
from tests.factories import NOW, make_digest, make_item, make_paper

pytestmark = pytest.mark.django_db

WAITING = (State.PLANNED, State.QUEUED)


def test_a_lease_that_still_runs_is_left_alone() -> None:
    claimed, handed_off = put_in(State.CLAIMED), put_in(State.HANDOFF)

    assert states.recover_lost(NOW + timedelta(days=30)) == 0, "the database's clock"
    assert [state_of(claimed), state_of(handed_off)] == ["claimed", "handoff"]


def test_a_claim_whose_worker_is_lost_is_queued_again() -> None:
    delivery = queue()
    assert claim_one(delivery.pk, "worker", NOW)
    end_leases()

    assert states.recover_lost(NOW) == 1

    delivery.refresh_from_db()
    assert delivery.state == State.QUEUED
    assert (delivery.claim_token, delivery.lease_until) == (None, None)
    assert outcomes(delivery) == ["lost"]
    assert reserved_papers(delivery) == 1
    assert claim_one(delivery.pk, "another", NOW), "it can go on at once"


def test_a_hand_off_whose_worker_is_lost_is_a_doubt() -> None:
    delivery = queue()
    taken = claim_one(delivery.pk, "worker", NOW)
    assert taken
    assert hand_off_one(taken, NOW)
    end_leases()

    assert states.recover_lost(NOW) == 1

    delivery.refresh_from_db()
    assert delivery.state == State.UNCERTAIN
    assert delivery.reason == "the worker was lost during the hand-off"
    assert delivery.settled_at is None
    assert outcomes(delivery) == ["lost"]
    assert reserved_papers(delivery) == 1


def test_a_delivery_that_kills_three_workers_fails_as_poison() -> None:
    delivery, neighbour = queue(), queue()
    ends = []
    for _ in range(states.MAX_LOST_WORKERS):
        assert claim_one(delivery.pk, "worker", NOW)
        end_leases()
        states.recover_lost(NOW)
        ends.append(state_of(delivery))

    assert ends == ["queued", "queued", "failed"]
    delivery.refresh_from_db()
    assert delivery.reason.startswith("poison")
    assert delivery.settled_at == NOW
    assert reserved_papers(delivery) == 0
    assert state_of(neighbour) == State.QUEUED


def test_a_worker_that_answers_in_between_does_not_count_as_lost() -> None:
    delivery = queue()
    for number in range(states.MAX_LOST_WORKERS + 1):
        taken = claim_one(delivery.pk, "worker", NOW)
        assert taken
        if number == 1:
            again = {"detail": "451", "phase": "rcpt", "now": NOW}
            assert states.finish([taken], State.QUEUED, **again)  # type: ignore[arg-type]
        else:
            end_leases()
            states.recover_lost(NOW)

    assert outcomes(delivery) == ["lost", "queued", "lost", "lost"]
    assert state_of(delivery) == State.FAILED


@pytest.mark.parametrize("state", WAITING)
def test_what_is_too_late_fails_and_its_papers_are_free_for_the_next_digest(
    state: State,
) -> None:
    paper = make_paper()
    delivery = plan(None, paper) if state == State.PLANNED else queue(None, paper)
    digest = delivery.digest

    assert states.expire(delivery.expires_at - timedelta(seconds=1)) == 0
    assert states.expire(delivery.expires_at) == 1
    assert states.expire(delivery.expires_at) == 0

    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("failed", "expired")
    assert delivery.settled_at == delivery.expires_at
    tomorrow = make_digest(digest.user, due_at=NOW + timedelta(days=1))
    assert make_item(tomorrow, paper), "the constraint lets the reader have it again"
    assert DigestItem.objects.count() == 2, "released, not deleted"


def test_eight_attempts_are_enough() -> None:
    delivery, fresh = queue(attempt_count=8), queue(attempt_count=7)

    assert states.expire(NOW) == 1

    assert [state_of(delivery), state_of(fresh)] == ["failed", "queued"]
    assert states.MAX_ATTEMPTS == 8


@pytest.mark.parametrize("state", [s for s in State if s not in WAITING])
def test_neither_lateness_nor_leaving_moves_what_does_not_wait(state: State) -> None:
    delivery = put_in(state, attempt_count=8)
    user_id = delivery.digest.user_id
    assert user_id

    assert states.expire(NOW + timedelta(days=30)) == 0
    assert states.cancel_waiting(user_id, "left", NOW) == 0

    assert state_of(delivery) == state
    assert reserved_papers(delivery) == 1


@pytest.mark.parametrize("state", WAITING)
def test_a_reader_who_leaves_cancels_what_waits_and_nobody_elses(state: State) -> None:
    make = plan if state == State.PLANNED else queue
    mine, anothers = make(), make()
    user_id = mine.digest.user_id
    assert user_id

    assert states.cancel_waiting(user_id, "the reader left", NOW) == 1
    assert states.cancel_waiting(user_id, "the reader left", NOW) == 0

    mine.refresh_from_db()
    assert (mine.state, mine.reason) == ("skipped", "the reader left")
    assert (reserved_papers(mine), reserved_papers(anothers)) == (0, 1)
    assert state_of(anothers) == state
    assert is_every_digest_in_one_place()


def test_a_mail_that_cannot_be_rendered_fails_and_frees_its_papers() -> None:
    delivery = plan()

    assert states.fail_rendering(delivery.pk, "TemplateError: no such block", NOW)

    delivery.refresh_from_db()
    assert delivery.reason == "render: TemplateError: no such block"
    assert reserved_papers(delivery) == 0
