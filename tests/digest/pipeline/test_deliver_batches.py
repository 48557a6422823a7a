"""One hand-off for many deliveries: each still ends in its own place."""

from typing import Any

import pytest
from django.db import connection

from accounts import services as accounts
from digest.models import Delivery
from digest.pipeline import states
from digest.pipeline.deliver import deliver
from tests.digest.pipeline.conftest import PointAt
from tests.digest.pipeline.sending import (
    Rival,
    State,
    elsewhere,
    end_leases,
    is_every_digest_in_one_place,
    outcomes,
    queue,
    reserved_papers,
    state_of,
)
from tests.digest.transports.servers import DROP, Reply, scripted
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)

PIPELINING = b"250-script.example.org\r\n250 PIPELINING"


def send(deliveries: list[Delivery]) -> list[str]:
    """Deliver them together; what became of each."""
    found = deliver([delivery.pk for delivery in deliveries], now=NOW)
    return [found.get(delivery.pk, "") for delivery in deliveries]


def test_each_delivery_of_a_batch_has_its_own_end(point_at: PointAt) -> None:
    deliveries = [queue() for _ in range(6)]
    left, poison = deliveries[2], deliveries[4]
    accounts.suppress(
        left.digest.reader.email, reason="complaint", scope="all", now=NOW
    )
    Delivery.objects.filter(pk=poison.pk).update(message_id="<two\nlines@example.org>")
    dots: list[Reply] = [b"250 as 0", b"451 later", b"554 spam", b"250 as 5"]

    with scripted(point_at, None, EHLO=PIPELINING, dot=dots) as server:
        ends = send(deliveries)

    assert ends == ["accepted", "queued", "skipped", "failed", "failed", "accepted"]
    assert len(server.contents) == 4
    assert server.connection_count == 1
    rows = {row.pk: row for row in Delivery.objects.all()}
    assert [rows[d.pk].evidence for d in deliveries] == [
        *["250 as 0", "", "", "", "", "250 as 5"]
    ]
    assert [rows[d.pk].reason[:3] for d in deliveries] == [
        *["", "451", "sup", "554", "Bad", ""]
    ]
    assert [reserved_papers(d) for d in deliveries] == [1, 1, 0, 0, 0, 1]
    assert [outcomes(d) for d in deliveries] == [[end] for end in ends]
    assert {row.claim_token for row in rows.values()} == {None}
    assert is_every_digest_in_one_place()


def test_the_whole_batch_is_handed_off_before_the_first_byte(
    point_at: PointAt,
) -> None:
    deliveries = [queue() for _ in range(3)]
    seen: list[list[str]] = []

    def look() -> None:
        seen.append(sorted(Delivery.objects.values_list("state", flat=True)))

    with scripted(point_at, {"DATA": elsewhere(look)}, EHLO=PIPELINING):
        send(deliveries)

    assert seen[0] == ["handoff"] * 3


def test_a_worker_that_dies_within_a_batch_leaves_doubts_and_no_second_mail(
    point_at: PointAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was answered and written down stays; of the rest nobody knows."""
    deliveries = [queue() for _ in range(3)]

    def die(*_arguments: object, **_named: object) -> Any:
        raise SystemExit

    with scripted(point_at, EHLO=PIPELINING, dot=[b"250 ok", b"250 ok", DROP]):
        monkeypatch.setattr("digest.pipeline.deliver.verdicts.record", die)
        with pytest.raises(SystemExit):
            send(deliveries)
        monkeypatch.undo()
    assert {state_of(delivery) for delivery in deliveries} == {"handoff"}

    end_leases()
    assert states.recover_lost(NOW) == 3

    with scripted(point_at) as later:
        assert send(deliveries) == ["", "", ""]
    assert later.connection_count == 0
    assert {state_of(delivery) for delivery in deliveries} == {"uncertain"}
    assert [reserved_papers(delivery) for delivery in deliveries] == [1, 1, 1]


def test_two_workers_with_the_same_batch_send_each_mail_once(
    point_at: PointAt,
) -> None:
    deliveries = [queue() for _ in range(8)]
    ids = [delivery.pk for delivery in deliveries]

    with scripted(point_at, EHLO=PIPELINING) as server:
        rivals = [
            Rival(lambda: deliver(ids, now=NOW)),
            Rival(lambda: deliver(ids[::-1], now=NOW)),
        ]
        for rival in rivals:
            rival.start()
        for rival in rivals:
            rival.join()
        # SQLite may answer "locked" to one that has claimed and not handed over yet.
        end_leases()
        lost = states.recover_lost(NOW)
        deliver(ids, now=NOW)

    assert len(server.contents) == len(set(server.contents)) == 8
    assert {state_of(delivery) for delivery in deliveries} == {State.ACCEPTED}
    told = [outcomes(delivery) for delivery in deliveries]
    assert sum(each.count("lost") for each in told) == lost
    assert not lost or connection.vendor == "sqlite"
    assert [[one for one in each if one != "lost"] for each in told] == [
        ["accepted"]
    ] * 8


def test_what_is_no_longer_queued_is_left_out(point_at: PointAt) -> None:
    mine, taken = queue(), queue()
    assert states.claim([taken.pk], "another", NOW)

    with scripted(point_at) as server:
        assert send([mine, taken]) == [State.ACCEPTED, ""]

    assert len(server.contents) == 1
    assert state_of(taken) == State.CLAIMED
