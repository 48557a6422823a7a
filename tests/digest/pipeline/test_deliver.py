"""Stage 5 over real SMTP: each answer, and each silence, ends in its own state."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage

from digest.models import Attempt, Delivery, Digest, SendingHold
from digest.pipeline import reconcile
from digest.pipeline.deliver.verdicts import Told, record
from digest.pipeline.render import build_message
from digest.transports import Outcome, Verdict
from tests.digest.pipeline.conftest import PointAt
from tests.digest.pipeline.sending import (
    State,
    addressed,
    claim_one,
    deliver_one,
    elsewhere,
    is_every_digest_in_one_place,
    outcomes,
    queue,
    reserved_papers,
    state_of,
)
from tests.digest.transports.servers import DROP, Reply, scripted
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_accepted_mail_keeps_the_servers_reply_as_evidence(
    point_at: PointAt,
) -> None:
    delivery = queue()

    with scripted(point_at, dot=b"250 2.0.0 queued as 4WxY") as server:
        assert deliver_one(delivery.pk, now=NOW) == State.ACCEPTED

    delivery.refresh_from_db()
    assert delivery.evidence == "250 2.0.0 queued as 4WxY"
    assert (delivery.settled_at, delivery.claim_token) == (NOW, None)
    attempt = Attempt.objects.get()
    assert (attempt.outcome, attempt.phase) == ("accepted", "done")
    assert attempt.detail == "250 2.0.0 queued as 4WxY"
    assert len(server.contents) == 1
    assert reserved_papers(delivery) == 1


def test_a_mail_that_was_accepted_is_never_sent_again(point_at: PointAt) -> None:
    delivery = queue()

    with scripted(point_at) as server:
        for _ in range(3):
            deliver_one(delivery.pk, now=NOW)
            assert delivery.pk not in reconcile.find_work(now=NOW).delivery_ids

    assert len(server.contents) == 1


LATER = [
    ("banner", b"421 busy"),
    ("MAIL", b"421 closing"),
    ("RCPT", b"451 greylisted"),
    ("RCPT", b"452 mailbox full"),
    ("DATA", DROP),
    ("DATA", b"451 no room"),
    ("dot", b"451 later"),
]


@pytest.mark.parametrize(("command", "reply"), LATER)
def test_what_surely_did_not_go_is_tried_again_later(
    point_at: PointAt, command: str, reply: Reply
) -> None:
    delivery = queue()

    with scripted(point_at, None, **{command: reply}):
        assert deliver_one(delivery.pk, now=NOW) == State.QUEUED
        assert deliver_one(delivery.pk, now=NOW) == "", "not before the backoff is over"

    delivery.refresh_from_db()
    wait = delivery.next_attempt_at - NOW
    assert timedelta(seconds=48) <= wait <= timedelta(seconds=72)
    assert delivery.reason
    assert reserved_papers(delivery) == 1

    with scripted(point_at) as server:
        assert (
            deliver_one(delivery.pk, now=NOW + timedelta(seconds=73)) == State.ACCEPTED
        )
    assert len(server.contents) == 1
    assert outcomes(delivery) == ["queued", "accepted"]


@pytest.mark.parametrize(
    ("command", "reply"), [("RCPT", b"550 no such person"), ("dot", b"554 spam")]
)
def test_a_lasting_refusal_fails_the_delivery_and_frees_its_papers(
    point_at: PointAt, command: str, reply: bytes
) -> None:
    delivery = queue()

    with scripted(point_at, None, **{command: reply}) as server:
        assert deliver_one(delivery.pk, now=NOW) == State.FAILED

    delivery.refresh_from_db()
    assert delivery.reason == reply.decode()
    assert delivery.settled_at == NOW
    assert reserved_papers(delivery) == 0
    assert ("DATA" in server.commands) == (command == "dot")


def test_a_line_that_drops_after_the_dot_is_a_doubt_that_no_sweep_sends_again(
    point_at: PointAt,
) -> None:
    delivery = queue()
    with scripted(point_at, dot=DROP) as first:
        assert deliver_one(delivery.pk, now=NOW) == State.UNCERTAIN
    assert len(first.contents) == 1

    with scripted(point_at) as later:
        for hours in (0, 1, 17, 19, 400):
            now = NOW + timedelta(hours=hours)
            assert delivery.pk not in reconcile.find_work(now=now).delivery_ids
            assert deliver_one(delivery.pk, now=now) == ""

    assert later.connection_count == 0
    assert state_of(delivery) == State.UNCERTAIN
    assert reserved_papers(delivery) == 1, "its papers may have arrived"


def test_a_refused_sign_in_stops_sending_and_marks_nobody(
    point_at: PointAt, settings: Any
) -> None:
    deliveries = [queue() for _ in range(2)]
    replies: dict[str, Reply] = {
        "EHLO": b"250-script.example.org\r\n250 AUTH PLAIN",
        "AUTH": b"535 5.7.8 who are you",
    }

    with scripted(point_at, None, **replies) as server:
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "ada", "wrong"
        for delivery in deliveries:
            deliver_one(delivery.pk, now=NOW)

    hold = SendingHold.objects.get(released_at=None)
    assert "535 5.7.8 who are you" in hold.reason
    assert server.connection_count == 1, "the second did not even knock"
    assert [state_of(delivery) for delivery in deliveries] == ["queued", "queued"]
    assert [reserved_papers(delivery) for delivery in deliveries] == [1, 1]


def test_a_server_that_refuses_us_in_ever_new_words_makes_one_hold() -> None:
    """A reply may name the session; one release must let mail go again."""
    claims = [(claim_one(row.pk, "worker", NOW), row) for row in (queue(), queue())]

    for number, (taken, delivery) in enumerate(claims):
        assert taken
        verdict = Verdict(Outcome.QUEUE_PROBLEM, f"535 no (session {number})")
        told = [Told(taken, addressed(delivery), verdict)]
        assert record(told, NOW) == {delivery.pk: State.QUEUED}

    assert SendingHold.objects.filter(released_at=None).count() == 1


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_poison_message_fails_alone_among_three(
    point_at: PointAt, place: int
) -> None:
    """A header that no mail can have, found only when the bytes are made."""
    deliveries = [queue() for _ in range(3)]
    poison = deliveries[place]
    Delivery.objects.filter(pk=poison.pk).update(message_id="<two\nlines@example.org>")

    with scripted(point_at) as server:
        ends = [deliver_one(delivery.pk, now=NOW) for delivery in deliveries]

    expected = [State.ACCEPTED] * 3
    expected[place] = State.FAILED
    assert ends == expected
    assert len(server.contents) == 2
    poison.refresh_from_db()
    assert "BadHeaderError" in poison.reason
    assert reserved_papers(poison) == 0
    assert is_every_digest_in_one_place()


def test_an_address_that_no_server_can_be_told_fails_alone(point_at: PointAt) -> None:
    poison, other = queue(), queue()
    user = poison.digest.user
    assert user
    user.email = "two@lines.example.org\nBcc: all@example.org"
    user.save(update_fields=["email"])

    with scripted(point_at) as server:
        assert deliver_one(poison.pk, now=NOW) == State.FAILED
        assert deliver_one(other.pk, now=NOW) == State.ACCEPTED

    assert len(server.contents) == 1


def test_the_hand_off_is_committed_before_a_byte_and_the_answer_before_the_goodbye(
    point_at: PointAt,
) -> None:
    delivery = queue()
    seen: dict[str, tuple[str, str]] = {}

    def look(command: str) -> Any:
        def read() -> None:
            row = Delivery.objects.get(pk=delivery.pk)
            seen[command] = row.state, row.message_id

        return elsewhere(read)

    before = {command: look(command) for command in ("RCPT", "DATA", "dot", "QUIT")}
    with scripted(point_at, before):
        deliver_one(delivery.pk, now=NOW)

    assert {command: state for command, (state, _id) in seen.items()} == {
        "RCPT": "claimed",
        "DATA": "handoff",
        "dot": "handoff",
        "QUIT": "accepted",
    }
    assert seen["DATA"][1] == delivery.message_id


def test_a_reader_who_is_erased_during_the_hand_off_stays_in_the_counts(
    point_at: PointAt,
) -> None:
    delivery = queue()
    user = delivery.digest.user
    assert user

    with scripted(point_at, {"dot": elsewhere(user.delete)}):
        assert deliver_one(delivery.pk, now=NOW) == State.ACCEPTED

    assert Digest.objects.get().user is None
    assert is_every_digest_in_one_place()


def test_a_retry_sends_the_bytes_that_were_queued(point_at: PointAt) -> None:
    delivery = queue()
    queued = build_message(delivery.pk, NOW)

    with scripted(point_at, dot=[b"451 later", b"250 taken"]) as server:
        deliver_one(delivery.pk, now=NOW)
        assert deliver_one(delivery.pk, now=NOW + timedelta(hours=3)) == State.ACCEPTED

    assert server.contents == [queued.raw, queued.raw]
    delivery.refresh_from_db()
    assert queued.content_hash == delivery.content_hash
    assert delivery.message_id.encode() in queued.raw


def test_a_retry_that_would_send_other_bytes_is_refused(
    point_at: PointAt, settings: Any
) -> None:
    changed_content, changed_sender = queue(), queue()
    later = NOW + timedelta(hours=3)
    with scripted(point_at, dot=b"451 later"):
        for delivery in (changed_content, changed_sender):
            assert deliver_one(delivery.pk, now=NOW) == State.QUEUED
    edition = changed_content.edition
    assert edition
    edition.parts = edition.parts[:-1]
    edition.save(update_fields=["parts"])

    with scripted(point_at) as server:
        assert deliver_one(changed_content.pk, now=later) == State.FAILED
        settings.DIGEST_FROM = "Another <other@papers.example.org>"
        assert deliver_one(changed_sender.pk, now=later) == State.FAILED

    assert server.contents == []
    changed_content.refresh_from_db()
    assert (
        changed_content.reason == "the mail is not the one that was handed over before"
    )
    assert reserved_papers(changed_content) == 0


def test_a_template_that_changes_after_queueing_changes_nothing(
    point_at: PointAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was queued is stored; sending reads no template."""
    delivery = queue()
    before = build_message(delivery.pk, NOW).raw
    monkeypatch.setattr("digest.pipeline.render.fragments.get_template", _no_template)

    with scripted(point_at) as server:
        assert deliver_one(delivery.pk, now=NOW) == State.ACCEPTED

    assert server.contents == [before]


def _no_template(*_arguments: object, **_named: object) -> EmailMessage:
    raise AssertionError("a template was read")
