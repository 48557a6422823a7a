"""At 0.3 % complaints sending holds itself, says so, and waits for a person."""

from datetime import timedelta

import pytest

from accounts.models import Notice, User
from digest.models import SendingHold
from digest.pipeline import gate, reconcile, states
from digest.pipeline.gate.complaints import LEAST
from tests.digest.health.mail.test_practice import report, send
from tests.digest.pipeline.sending import State, deliver_one, queue, state_of
from tests.factories import NOW

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def test_the_queue_stops_itself_and_tells_the_operators() -> None:
    User.objects.create_superuser("desk@example.org", "x")
    report("complained", send(1000)[:LEAST])
    delivery = queue()

    reconcile.find_work(now=NOW)

    assert deliver_one(delivery.pk, now=NOW) == ""
    assert state_of(delivery) == State.QUEUED
    hold = SendingHold.objects.get()
    assert "3 of 1000" in hold.reason
    assert "0.3 %" in hold.reason
    [note] = Notice.objects.values_list("value", flat=True)
    assert note.startswith("Sending is on hold\nReaders complained of 3 of 1000")


def test_it_holds_once_however_often_it_is_asked() -> None:
    report("complained", send(100)[:LEAST])

    assert gate.hold_if_complained(now=NOW)
    assert not gate.hold_if_complained(now=NOW)

    assert SendingHold.objects.count() == 1


@pytest.mark.parametrize(("complaints", "mails"), [(2, 100), (3, 1001), (0, 10)])
def test_below_the_line_it_goes_on(complaints: int, mails: int) -> None:
    report("complained", send(mails)[:complaints])

    assert not gate.hold_if_complained(now=NOW)
    assert not states.is_held()


def test_two_reports_on_one_mail_are_one_complaint() -> None:
    sent = send(100)
    report("complained", sent[:2])
    report("complained", sent[:1], event_key="again")

    assert not gate.hold_if_complained(now=NOW)


def test_complaints_about_mails_of_other_weeks_hold_nothing() -> None:
    report("complained", send(100)[:LEAST])

    assert not gate.hold_if_complained(now=NOW + timedelta(days=7))


def test_who_released_it_has_seen_what_was_counted() -> None:
    report("complained", send(100)[:LEAST])
    gate.hold_if_complained(now=NOW)
    SendingHold.objects.update(released_at=NOW)

    assert not gate.hold_if_complained(now=NOW + HOUR)

    after = {"next_attempt_at": NOW + HOUR}
    report("complained", send(50, **after)[:LEAST], received_at=NOW + HOUR)
    assert gate.hold_if_complained(now=NOW + 2 * HOUR)
