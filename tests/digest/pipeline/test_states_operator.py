"""An operator moves a delivery where the table has the move, and nowhere else."""

from datetime import timedelta

import pytest
from django.core import mail

from digest.models import Delivery
from digest.pipeline import reconcile, states
from digest.pipeline.deliver import deliver
from digest.pipeline.states import State
from digest.pipeline.states.operator import DOUBT_LATENESS
from tests.digest.pipeline.sending import (
    claim_one,
    deliver_one,
    hand_off_one,
    put_in,
    queue,
    reserved_papers,
    state_of,
)
from tests.factories import NOW

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=2)


def test_a_doubt_that_is_cleared_up_sends_the_same_mail_even_when_it_was_late() -> None:
    delivery = put_in(State.UNCERTAIN, attempt_count=1)

    assert states.requeue(delivery.pk, "ann: not in the server's log", LATER)
    states.expire(LATER)

    delivery.refresh_from_db()
    assert delivery.state == State.QUEUED
    assert delivery.expires_at == LATER + DOUBT_LATENESS
    assert deliver_one(delivery.pk, now=LATER) == State.ACCEPTED
    assert mail.outbox[0].extra_headers["Message-ID"] == delivery.message_id


def test_a_doubt_is_cleared_up_once() -> None:
    delivery = put_in(State.UNCERTAIN)

    assert states.requeue(delivery.pk, "ann: no", NOW)
    assert not states.requeue(delivery.pk, "ben: no", NOW)
    assert not states.settle(delivery.pk, "ben: yes", NOW)


def test_a_doubt_that_was_tried_as_often_as_may_be_stays() -> None:
    delivery = put_in(State.UNCERTAIN, attempt_count=states.MAX_ATTEMPTS)

    assert not states.requeue(delivery.pk, "ann: no", NOW)

    assert state_of(delivery) == State.UNCERTAIN


@pytest.mark.parametrize("state", [each for each in State if each != State.UNCERTAIN])
def test_of_nothing_else_can_it_be_said(state: State) -> None:
    delivery = put_in(state)

    assert not states.requeue(delivery.pk, "ann: no", NOW)

    assert state_of(delivery) == state


@pytest.mark.parametrize("state", [State.PLANNED, State.QUEUED])
def test_what_is_cancelled_gives_its_papers_back(state: State) -> None:
    delivery = put_in(state)

    assert states.cancel(delivery.pk, "ann: wrong template", NOW)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("skipped", "ann: wrong template")
    assert reserved_papers(delivery) == 0
    assert deliver([delivery.pk], now=NOW) == {}


@pytest.mark.parametrize(
    "state", [each for each in State if each not in {State.PLANNED, State.QUEUED}]
)
def test_what_left_the_queue_is_not_cancelled(state: State) -> None:
    delivery = put_in(state)

    assert not states.cancel(delivery.pk, "ann: wrong", NOW)
    assert not states.hold(delivery.pk, NOW)

    assert state_of(delivery) == state
    assert reserved_papers(delivery) == 1


def test_what_is_held_back_is_claimed_by_nobody_until_it_is_let_go() -> None:
    held, other = queue(), queue()

    assert states.hold(held.pk, NOW)
    assert not states.hold(held.pk, NOW)
    assert set(deliver([held.pk, other.pk], now=NOW)) == {other.pk}
    work = reconcile.find_work(now=NOW)
    assert held.pk not in work.delivery_ids

    assert states.release([held.pk, other.pk]) == 1
    assert deliver_one(held.pk, now=NOW) == State.ACCEPTED


def test_a_hold_that_comes_after_the_claim_stops_the_hand_off() -> None:
    delivery = queue()
    taken = claim_one(delivery.pk, "worker", NOW)
    assert taken

    Delivery.objects.filter(pk=delivery.pk).update(held_at=NOW)

    assert not hand_off_one(taken, NOW)


def test_what_is_held_too_long_fails_and_its_papers_are_free() -> None:
    delivery = queue()
    states.hold(delivery.pk, NOW)

    states.expire(LATER)

    assert state_of(delivery) == State.FAILED
    assert reserved_papers(delivery) == 0
