"""Between claim and hand-off: who left, paused or is held back gets no byte of DATA.

The server's own RCPT command is the moment in between: what happens there is
committed before the delivery asks whether it may hand the mail over.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from accounts import services as accounts
from accounts.models import User
from digest.models import Schedule, SendingHold
from digest.pipeline import deliver, reconcile, states
from digest.pipeline.deliver import SECONDS_UNWATCHED
from digest.reading import subscriptions
from tests.digest.pipeline.conftest import PointAt
from tests.digest.pipeline.sending import (
    Rival,
    State,
    claim_one,
    deliver_one,
    elsewhere,
    end_leases,
    hand_off_one,
    outcomes,
    put_in,
    queue,
    reserved_papers,
    state_of,
)
from tests.digest.transports.servers import DROP, Reply, scripted
from tests.factories import NOW, make_reader, make_topic

pytestmark = pytest.mark.django_db(transaction=True)

TOMORROW = date(2026, 11, 21)


def unsubscribe(user: User) -> None:
    subscriptions.end_all(Schedule.objects.get(user=user), now=NOW)


def leave_the_last_topic(user: User) -> None:
    subscriptions.leave(user.subscriptions.get(), now=NOW)


def retire_the_topic(user: User) -> None:
    subscriptions.remove_personal_topic(user.subscriptions.get().topic, now=NOW)


def pause(user: User) -> None:
    Schedule.objects.filter(user=user).update(paused_until=TOMORROW)


def complain(user: User) -> None:
    accounts.suppress(user.email, reason="complaint", scope="all", now=NOW)


def refuse_digests(user: User) -> None:
    accounts.suppress(user.email, reason="request", scope="digests", now=NOW)


def deactivate(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def erase(user: User) -> None:
    accounts.erase_user(user, NOW)


@pytest.mark.parametrize(
    "leave",
    [
        unsubscribe,
        leave_the_last_topic,
        retire_the_topic,
        pause,
        complain,
        refuse_digests,
        deactivate,
        erase,
    ],
)
def test_a_reader_who_leaves_after_the_claim_gets_no_byte(
    point_at: PointAt, leave: Callable[[User], None]
) -> None:
    delivery = queue()
    user = delivery.digest.user
    assert user

    with scripted(point_at, {"RCPT": elsewhere(lambda: leave(user))}) as server:
        assert deliver_one(delivery.pk, now=NOW) == State.SKIPPED

    assert "DATA" not in server.commands
    assert server.contents == []
    delivery.refresh_from_db()
    assert delivery.reason
    assert delivery.settled_at == NOW
    assert reserved_papers(delivery) == 0
    assert outcomes(delivery) == ["skipped"]


def test_it_says_that_the_address_is_suppressed(point_at: PointAt) -> None:
    delivery = queue()
    user = delivery.digest.user
    assert user
    complain(user)

    with scripted(point_at):
        deliver_one(delivery.pk, now=NOW)

    delivery.refresh_from_db()
    assert delivery.reason == "suppressed"


@pytest.mark.parametrize(
    ("place_left", "ends"), [(0, State.SKIPPED), (1, State.ACCEPTED)]
)
def test_a_mail_is_stopped_by_leaving_a_topic_that_it_has_papers_of(
    point_at: PointAt, place_left: int, ends: State
) -> None:
    topics = (make_topic(), make_topic())
    reader = make_reader("", *topics)
    delivery = queue(reader, topic=topics[0])
    subscription = reader.subscriptions.get(topic=topics[place_left])

    def leave() -> None:
        subscriptions.leave(subscription, now=NOW)

    with scripted(point_at, {"RCPT": elsewhere(leave)}) as server:
        assert deliver_one(delivery.pk, now=NOW) == ends

    assert len(server.contents) == (ends == State.ACCEPTED)


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "UTC", "America/Los_Angeles"])
@pytest.mark.parametrize("days", [0, 1])
def test_a_pause_ends_with_the_day_in_the_readers_own_zone(
    point_at: PointAt, zone: str, days: int
) -> None:
    """At 12:00 UTC it is tomorrow in Auckland, where a pause until then is over."""
    local_today = TOMORROW if zone == "Pacific/Auckland" else NOW.date()
    topic = make_topic()
    until = local_today + timedelta(days=days)
    delivery = queue(make_reader("", topic, zone=zone, paused_until=until))

    with scripted(point_at):
        state = deliver_one(delivery.pk, now=NOW.replace(hour=12))

    assert state == (State.SKIPPED if days else State.ACCEPTED)


def test_a_hold_stops_the_very_next_hand_off_and_loses_nothing(
    point_at: PointAt,
) -> None:
    first, second, third = queue(), queue(), queue()

    def hold() -> None:
        SendingHold.objects.get_or_create(reason="by hand", defaults={"held_at": NOW})

    with scripted(point_at) as before:
        assert deliver_one(first.pk, now=NOW) == State.ACCEPTED
    with scripted(point_at, {"RCPT": elsewhere(hold)}) as held:
        assert deliver_one(second.pk, now=NOW) == State.QUEUED
        for _ in range(10):
            assert deliver_one(third.pk, now=NOW) in {"", State.QUEUED}

    assert len(before.contents) == 1
    assert held.contents == []
    assert state_of(third) == State.QUEUED
    second.refresh_from_db()
    third.refresh_from_db()
    assert second.reason == "sending is on hold"
    assert third.attempt_count == 0, "a hold uses up no attempt"

    SendingHold.objects.update(released_at=NOW)
    later = NOW + timedelta(minutes=2)
    with scripted(point_at) as after:
        for delivery_id in reconcile.find_work(now=later).delivery_ids:
            assert deliver_one(delivery_id, now=later) == State.ACCEPTED
    assert len(after.contents) == 2


def test_a_hold_stops_the_rest_of_a_batch_that_is_under_way(
    point_at: PointAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """I18: a batch of slow mails goes on for no longer than was promised."""
    monkeypatch.setattr(deliver, "SECONDS_UNWATCHED", 0.0)
    batch = [queue() for _ in range(3)]

    def hold() -> None:
        SendingHold.objects.get_or_create(reason="by hand", defaults={"held_at": NOW})

    with scripted(point_at, {"dot": elsewhere(hold)}) as server:
        states_now = deliver.deliver([one.pk for one in batch], now=NOW)

    assert list(states_now.values()) == [State.ACCEPTED, State.QUEUED, State.QUEUED]
    assert len(server.contents) == 1
    assert deliver.SECONDS_TO_BEGIN > 10 > SECONDS_UNWATCHED


def test_what_was_not_begun_has_used_up_no_attempt(
    point_at: PointAt, settings: Any
) -> None:
    """A server that is slow for a day fails no mail that it never heard of."""
    settings.DIGEST_BEGIN_SECONDS = -1
    delivery = queue()
    with scripted(point_at, {}) as server:
        for _try in range(states.MAX_ATTEMPTS + 1):
            assert deliver.deliver([delivery.pk], now=NOW) == {
                delivery.pk: State.QUEUED
            }
        del settings.DIGEST_BEGIN_SECONDS
        assert deliver.deliver([delivery.pk], now=NOW) == {delivery.pk: State.ACCEPTED}

    delivery.refresh_from_db()
    assert delivery.attempt_count == 1
    outcomes = list(delivery.attempts.values_list("outcome", flat=True))
    assert outcomes == ["queued"] * (states.MAX_ATTEMPTS + 1) + ["accepted"]
    assert len(server.contents) == 1


def test_a_claim_that_ran_out_while_the_server_thought_is_tried_again(
    point_at: PointAt,
) -> None:
    """Nobody left: a slow server costs the reader time, not the digest."""
    delivery = queue()

    with scripted(point_at, {"RCPT": elsewhere(end_leases)}) as server:
        assert deliver_one(delivery.pk, now=NOW) == State.QUEUED

    assert server.contents == []
    assert reserved_papers(delivery) == 1
    delivery.refresh_from_db()
    assert delivery.next_attempt_at > NOW


@pytest.mark.parametrize(
    ("command", "reply", "state"),
    [
        ("RCPT", b"250 ok", State.QUEUED),
        ("RCPT", b"451 later", State.QUEUED),
        ("RCPT", b"550 never", State.QUEUED),
        ("dot", b"250 taken", State.UNCERTAIN),
        ("dot", b"451 later", State.UNCERTAIN),
        ("dot", DROP, State.UNCERTAIN),
    ],
)
def test_a_worker_whose_delivery_was_taken_over_leaves_its_answer_in_the_log_alone(
    point_at: PointAt, command: str, reply: Reply, state: State
) -> None:
    delivery = queue()

    def take_over() -> None:
        end_leases()
        assert states.recover_lost(NOW) == 1

    replies = {command: reply}
    with scripted(point_at, {command: elsewhere(take_over)}, **replies) as server:
        assert deliver_one(delivery.pk, now=NOW) == state

    attempt = delivery.attempts.get()
    assert attempt.outcome == "fenced"
    assert attempt.detail
    assert len(server.contents) == (command == "dot")
    assert reserved_papers(delivery) == 1


def test_a_worker_that_loses_to_a_recovery_under_way_sends_nothing() -> None:
    """The recovery holds the row; the hand-off waits, looks again, finds it gone."""
    delivery = queue()
    taken = claim_one(delivery.pk, "worker", NOW)
    assert taken
    rival = Rival(lambda: hand_off_one(taken, NOW))

    with transaction.atomic():
        end_leases()
        assert states.recover_lost(NOW) == 1
        rival.start()
        rival.wait_until_blocked()
    rival.join()

    assert rival.outcome is False
    assert state_of(delivery) == State.QUEUED


def test_every_state_but_queued_is_left_alone_by_deliver(point_at: PointAt) -> None:
    with scripted(point_at) as server:
        for state in set(State) - {State.QUEUED}:
            delivery = put_in(state)
            assert deliver_one(delivery.pk, now=NOW) == ""
            assert state_of(delivery) == state

    assert server.connection_count == 0
