"""What was kept long enough goes, in batches, and no promise goes with it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import transaction

from accounts.models import User
from digest.models import (
    Attempt,
    Delivery,
    DeliveryEvent,
    Digest,
    DigestItem,
    Edition,
    Fragment,
    OutcomeCount,
    Topic,
)
from digest.pipeline import forget, render, states
from digest.pipeline.forget import BODIES_KEPT, DETAIL_KEPT, LOG_KEPT, PIECES_KEPT
from digest.pipeline.render.mails import build_message
from tests.digest.pipeline.planning import due_reader, papers_for, plan_for, titles
from tests.digest.pipeline.sending import Rival, State, deliver_one, queue
from tests.factories import (
    NOW,
    make_delivery,
    make_digest,
    make_item,
    make_paper,
    make_pick,
    make_reader,
    make_topic,
)

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def make_ended(user: User | None, due_at: datetime, **fields: Any) -> Delivery:
    """An accepted delivery of a digest due then, with one paper, attempt and report."""
    digest = make_digest(user, due_at=due_at, coverage=[{"name": "arXiv"}])
    make_item(digest, make_paper(), evidence=[{"kind": "word"}], note="Read it.")
    values = {"state": "accepted", "evidence": "250 ok", "settled_at": due_at}
    delivery = make_delivery(digest, **{**values, **fields})
    Attempt.objects.create(delivery=delivery, number=1, started_at=due_at, worker="w")
    DeliveryEvent.objects.create(
        provider="postmark",
        event_key=str(delivery.pk),
        event_type="delivered",
        delivery=delivery,
        received_at=due_at,
    )
    return delivery


def test_a_body_goes_after_30_days_and_its_delivery_stays() -> None:
    delivery = queue()
    deliver_one(delivery.pk, now=NOW)
    sent = Delivery.objects.get(pk=delivery.pk)
    assert sent.state == State.ACCEPTED
    Edition.objects.update(created_at=NOW)

    assert forget.forget(now=NOW + BODIES_KEPT - DAY).counts == {}
    forget.forget(now=NOW + BODIES_KEPT)

    assert not Edition.objects.exists()
    kept = Delivery.objects.get(pk=delivery.pk)
    assert (kept.state, kept.content_hash) == (State.ACCEPTED, sent.content_hash)


def test_no_body_goes_while_its_mail_is_on_its_way() -> None:
    delivery = queue()

    forget.forget(now=NOW + PIECES_KEPT - DAY)

    assert build_message(delivery.pk, NOW).raw


def test_pieces_go_when_no_mail_has_used_them_for_40_days() -> None:
    deliver_one(queue().pk, now=NOW)
    Fragment.objects.update(created_at=NOW)
    Edition.objects.update(created_at=NOW)

    forget.forget(now=NOW + PIECES_KEPT - DAY)
    assert Fragment.objects.exists()
    forget.forget(now=NOW + PIECES_KEPT)

    assert not Fragment.objects.exists()


def test_a_piece_that_is_used_again_is_kept_as_long_again(due: Topic) -> None:
    first = plan_for(due_reader(due))
    assert first
    render.render_deliveries([first.pk], now=NOW)
    old = set(Fragment.objects.values_list("key", flat=True))
    Fragment.objects.update(created_at=NOW - PIECES_KEPT)
    Delivery.objects.update(edition=None)
    Edition.objects.all().delete()
    second = plan_for(due_reader(due))
    assert second
    render.render_deliveries([second.pk], now=NOW)

    forget.forget(now=NOW)

    assert set(Fragment.objects.values_list("key", flat=True)) == old
    assert build_message(second.pk, NOW).raw


@pytest.mark.django_db(transaction=True)
def test_a_piece_that_is_wanted_while_it_goes_is_written_anew(due: Topic) -> None:
    first = plan_for(due_reader(due))
    assert first
    render.render_deliveries([first.pk], now=NOW)
    Fragment.objects.update(created_at=NOW - PIECES_KEPT)
    Delivery.objects.update(edition=None)
    Edition.objects.all().delete()
    second = plan_for(due_reader(due))
    assert second
    rival = Rival(lambda: render.render_deliveries([second.pk], now=NOW))

    with transaction.atomic():
        assert forget.forget(now=NOW).counts["fragments"]
        rival.start()
        rival.wait_until_blocked()
    rival.join()

    assert rival.outcome == {second.pk}
    assert build_message(second.pk, NOW).raw


@pytest.fixture
def due() -> Topic:
    topic = make_topic()
    papers_for(topic, "Paper of today")
    return topic


def test_a_delivery_goes_after_a_year_and_is_counted() -> None:
    ada = make_reader()
    for state in ("accepted", "accepted", "failed"):
        make_ended(ada, NOW - DETAIL_KEPT, state=state, reason="no such mailbox")
    young = make_ended(ada, NOW - DETAIL_KEPT + DAY)

    done = forget.forget(now=NOW)

    assert done.counts == {"deliveries": 3}
    assert list(Delivery.objects.all()) == [young]
    assert (Attempt.objects.count(), DeliveryEvent.objects.count()) == (1, 1)
    counts = OutcomeCount.objects.values_list("day", "cadence", "outcome", "count")
    day = (NOW - DETAIL_KEPT).date()
    assert set(counts) == {
        (day, "daily", "accepted", 2),
        (day, "daily", "failed", 1),
    }


def test_the_paper_comes_no_second_time_though_its_delivery_is_gone() -> None:
    daily = make_topic(kind=Topic.Kind.DAILY)
    ada = due_reader(daily)
    delivery = make_ended(ada, NOW - DETAIL_KEPT)
    item = DigestItem.objects.get(digest=delivery.digest)
    make_pick(item.paper)
    make_pick(make_paper("A new one"), position=2)

    forget.forget(now=NOW)
    plan_for(ada)

    bare = DigestItem.objects.get(pk=item.pk)
    assert (bare.evidence, bare.also_in, bare.note, bare.score) == ([], [], "", 0)
    assert bare.digest.coverage == []
    assert titles(ada)[1:] == ["A new one"]


def test_papers_that_were_never_sent_reserve_nothing_and_go() -> None:
    delivery = make_ended(
        make_reader(), NOW - DETAIL_KEPT, state="failed", reason="expired"
    )
    states.table.release_papers([delivery.pk], NOW)

    forget.forget(now=NOW)

    assert not DigestItem.objects.exists()


def test_digests_that_brought_nothing_are_counted_and_those_of_nobody_go() -> None:
    ada = make_reader()
    make_digest(ada, due_at=NOW - DETAIL_KEPT, status="skipped", reason="empty")
    make_ended(None, NOW - DETAIL_KEPT)
    kept = make_ended(ada, NOW - DETAIL_KEPT).digest

    forget.forget(now=NOW)

    assert list(Digest.objects.all()) == [kept]
    rows = OutcomeCount.objects.values_list("outcome", "reason", "count")
    assert set(rows) == {("skipped", "empty", 1), ("accepted", "", 2)}


def test_it_goes_on_where_it_was_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forget, "BATCH", 2)
    ada = make_reader()
    for _ in range(5):
        make_ended(ada, NOW - DETAIL_KEPT)

    first = forget.forget(now=NOW, batches=1)
    assert (first.counts, first.is_done) == ({"deliveries": 2}, False)
    assert OutcomeCount.objects.get().count == 2
    rest = forget.forget(now=NOW)

    assert (rest.counts, rest.is_done) == ({"deliveries": 3}, True)
    assert OutcomeCount.objects.get().count == 5
    assert forget.forget(now=NOW).counts == {}


def test_reports_on_unknown_mails_and_the_admins_log_go(admin_user: User) -> None:
    for ago in (DETAIL_KEPT, DETAIL_KEPT - DAY):
        DeliveryEvent.objects.create(
            provider="postmark",
            event_key=str(ago),
            event_type="bounced",
            received_at=NOW - ago,
        )
    person = ContentType.objects.get_for_model(User)
    for ago in (LOG_KEPT, LOG_KEPT - DAY):
        LogEntry.objects.create(
            user=admin_user,
            content_type=person,
            object_repr="x",
            action_flag=2,
            action_time=NOW - ago,
        )

    forget.forget(now=NOW)

    assert DeliveryEvent.objects.get().received_at == NOW - DETAIL_KEPT + DAY
    assert LogEntry.objects.get().action_time == NOW - LOG_KEPT + DAY


def test_one_worker_forgets_at_a_time() -> None:
    assert forget.take_turn(now=NOW)
    assert not forget.take_turn(now=NOW + timedelta(minutes=59))
    assert forget.take_turn(now=NOW + timedelta(minutes=60))


def test_the_command_goes_on_to_the_end(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forget, "BATCH", 1)
    ada = make_reader()
    for _ in range(3):
        make_ended(ada, NOW - 2 * DETAIL_KEPT)

    call_command("forget")

    assert capsys.readouterr().out == "Forgotten: deliveries 3.\n"
