"""The sweep finds everything from the rows: no message of the broker is needed."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import Signup
from digest import matching, tasks
from digest.models import (
    Delivery,
    Digest,
    Heartbeat,
    Paper,
    Schedule,
    SendingHold,
    Source,
)
from digest.pipeline import match, reconcile, states
from tests.digest.pipeline import sending
from tests.digest.pipeline.planning import plan_one
from tests.digest.pipeline.sending import (
    State,
    deliver_one,
    end_leases,
    is_every_digest_in_one_place,
    put_in,
    queue,
    render_one,
    state_of,
)
from tests.factories import (
    NOW,
    make_match,
    make_paper,
    make_reader,
    make_source,
    make_topic,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """What the tasks read as the time: it stands at the one entry."""
    hands = [NOW]
    monkeypatch.setattr(timezone, "now", lambda: hands[0])
    return hands


def make_due_reader(**fields: Any) -> Schedule:
    """A reader whose digest is due now and has one paper to bring."""
    topic = make_topic()
    make_match(topic, make_paper())
    reader = make_reader("", topic, hour=12, next_due_at=NOW, **fields)
    return Schedule.objects.get(user=reader)


def test_it_names_what_is_due_and_nothing_else() -> None:
    source = make_source(next_fetch_at=NOW)
    make_source(next_fetch_at=NOW + timedelta(seconds=1))
    make_source(next_fetch_at=NOW, is_active=False)
    schedule = make_due_reader()
    make_due_reader(ended_at=NOW)
    planned, queued = sending.plan(), queue()
    queue(next_attempt_at=NOW + timedelta(seconds=1))

    work = reconcile.find_work(now=NOW)

    assert work.source_ids == (source.pk,)
    assert work.schedule_ids == (schedule.pk,)
    assert set(work.delivery_ids) == {planned.pk, queued.pk}


def test_it_names_one_source_at_a_time_and_none_while_another_is_being_read() -> None:
    late = make_source(next_fetch_at=NOW - timedelta(hours=1))
    make_source(next_fetch_at=NOW - timedelta(minutes=1))
    assert reconcile.find_work(now=NOW).source_ids == (late.pk,)

    Source.objects.filter(pk=late.pk).update(
        last_tried_at=NOW, next_fetch_at=NOW + timedelta(minutes=15)
    )

    soon = NOW + timedelta(seconds=1)
    assert reconcile.find_work(now=soon).source_ids == ()


def test_it_names_a_topic_until_it_was_matched() -> None:
    topic = make_topic()
    assert reconcile.find_work(now=NOW).topic_ids == (topic.pk,)

    match.match_papers(now=NOW, topic_ids=[topic.pk])

    assert reconcile.find_work(now=NOW).topic_ids == ()


def test_it_names_a_paper_until_it_met_every_topic() -> None:
    topic = make_topic()
    paper, _old = make_paper(), make_paper(announced_on=NOW.date() - timedelta(days=15))
    match.match_papers(now=NOW, topic_ids=[topic.pk])
    assert reconcile.find_work(now=NOW).paper_ids == (paper.pk,)

    match.match_papers(now=NOW, paper_ids=[paper.pk])

    assert reconcile.find_work(now=NOW).paper_ids == ()


def test_it_names_a_paper_again_that_changed_while_it_was_matched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_topic()
    paper = make_paper()
    match.match_papers(now=NOW)  # what is known of the archive is read before
    prepare = matching.prepare_all

    def change_then_prepare(
        texts: Iterable[matching.PaperText],
    ) -> list[matching.PreparedPaper]:
        prepared = prepare(texts)
        Paper.objects.update(changed_at=NOW + timedelta(minutes=1), matched_at=None)
        return prepared

    monkeypatch.setattr(matching, "prepare_all", change_then_prepare)
    match.match_papers(now=NOW, paper_ids=[paper.pk])

    assert reconcile.find_work(now=NOW).paper_ids == (paper.pk,)


def test_it_names_what_waits_longest_first() -> None:
    rows = [queue(next_attempt_at=NOW - timedelta(minutes=m)) for m in (1, 9, 5)]

    ids = reconcile.find_work(now=NOW).delivery_ids

    assert ids == (rows[1].pk, rows[2].pk, rows[0].pk)


@pytest.mark.parametrize(
    "state", [s for s in State if s not in {State.PLANNED, State.QUEUED}]
)
def test_it_never_names_a_delivery_that_does_not_wait(state: State) -> None:
    put_in(state)
    assert reconcile.find_work(now=NOW).delivery_ids == ()


def test_it_brings_back_what_a_lost_worker_had_in_the_same_sweep() -> None:
    claimed, handed_off = put_in(State.CLAIMED), put_in(State.HANDOFF)
    end_leases()

    work = reconcile.find_work(now=NOW)

    assert work.delivery_ids == (claimed.pk,)
    assert state_of(handed_off) == State.UNCERTAIN


def test_it_fails_what_is_too_late_instead_of_naming_it() -> None:
    delivery = queue()

    assert reconcile.find_work(now=delivery.expires_at).delivery_ids == ()
    assert state_of(delivery) == State.FAILED


def test_it_leaves_a_sign_of_life() -> None:
    reconcile.find_work(now=NOW)
    reconcile.find_work(now=NOW + timedelta(minutes=1))

    beat = Heartbeat.objects.get(name="sweep")
    assert beat.beat_at == NOW + timedelta(minutes=1)


def test_a_second_sweep_finds_the_same_and_changes_nothing() -> None:
    make_due_reader()
    queue()
    put_in(State.CLAIMED)
    end_leases()

    first = reconcile.find_work(now=NOW)
    rows = list(Delivery.objects.order_by("pk").values())

    assert reconcile.find_work(now=NOW) == first
    assert list(Delivery.objects.order_by("pk").values()) == rows


def test_the_next_sweep_does_the_work_of_every_lost_message(
    clock: list[datetime],
) -> None:
    """Nobody ever calls `send_one` for the first three but the sweep."""
    unplanned = make_due_reader()
    plan_one(make_due_reader().pk, now=NOW)
    rendered = plan_one(make_due_reader().pk, now=NOW)
    assert rendered
    render_one(rendered, now=NOW)

    tasks.sweep()

    assert Digest.objects.filter(user=unplanned.user).exists()
    states_now = list(Delivery.objects.values_list("state", flat=True))
    assert states_now == ["accepted"] * 3
    assert len(mail.outbox) == 3


def test_sweeps_and_tasks_that_come_many_times_send_one_mail_each(
    clock: list[datetime],
) -> None:
    schedules = [make_due_reader() for _ in range(2)]

    for _ in range(3):
        tasks.sweep()
        for schedule in schedules:
            tasks.plan_some([schedule.pk])
        for delivery_id in Delivery.objects.values_list("pk", flat=True):
            tasks.send_one(delivery_id)

    assert len(mail.outbox) == 2
    assert Digest.objects.count() == 2


def test_of_sweeps_that_waited_in_the_queue_the_first_works_for_all(
    clock: list[datetime],
) -> None:
    """Behind a long queue they pile up, and each would name all that waits again."""
    tasks.sweep_in_turn()
    late = make_due_reader()

    for seconds in (0, 10, 20):
        clock[0] = NOW + timedelta(seconds=seconds)
        tasks.sweep_in_turn()
    assert not Digest.objects.filter(user=late.user).exists()

    clock[0] = NOW + timedelta(seconds=55)
    tasks.sweep_in_turn()
    assert Digest.objects.filter(user=late.user).exists()


def test_a_clock_that_was_ahead_does_not_keep_the_sweep_from_its_turn(
    clock: list[datetime],
) -> None:
    clock[0] = NOW + timedelta(days=1)
    tasks.sweep_in_turn()
    clock[0] = NOW
    schedule = make_due_reader()

    tasks.sweep_in_turn()

    assert Digest.objects.filter(user=schedule.user).exists()


def test_a_sweep_sends_the_confirmation_mail_whose_wake_up_was_lost(
    clock: list[datetime],
) -> None:
    Signup.objects.create(
        email="new@example.org",
        email_key="new@example.org",
        token="t" * 22,
        created_at=NOW,
        expires_at=NOW + timedelta(days=7),
        mail_wanted_at=NOW,
    )

    tasks.sweep()

    assert [message.to for message in mail.outbox] == [["new@example.org"]]


def test_what_was_planned_is_the_sum_of_the_places_after_every_step() -> None:
    for state in State:
        put_in(state)
        assert is_every_digest_in_one_place()
    end_leases()
    for step in (
        lambda: reconcile.find_work(now=NOW),
        lambda: SendingHold.objects.create(reason="by hand", held_at=NOW),
        lambda: [deliver_one(pk, now=NOW) for pk in _waiting()],
        lambda: SendingHold.objects.update(released_at=NOW),
        lambda: [deliver_one(pk, now=NOW) for pk in _waiting()],
        lambda: states.expire(NOW + timedelta(days=9)),
    ):
        step()
        assert is_every_digest_in_one_place()

    ends = set(Delivery.objects.values_list("state", flat=True))
    assert ends == {"accepted", "failed", "uncertain", "skipped"}


def _waiting() -> list[int]:
    return list(reconcile.find_work(now=NOW).delivery_ids)
