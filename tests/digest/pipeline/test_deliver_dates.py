"""R5: a mail's Date is that of its first hand-off, and every retry keeps it."""

import email
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest

from digest.models import Delivery
from tests.digest.pipeline.conftest import PointAt
from tests.digest.pipeline.sending import State, deliver_one, queue
from tests.digest.transports.servers import scripted
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOW + timedelta(hours=3)


def date_of(raw: bytes) -> datetime:
    return parsedate_to_datetime(email.message_from_bytes(raw)["Date"])


def test_r5_a_mail_that_waited_is_dated_when_it_is_first_handed_over(
    point_at: PointAt,
) -> None:
    delivery = queue()
    first_id = delivery.message_id

    with scripted(point_at, RCPT=[b"451 greylisted", b"250 ok"]) as server:
        assert deliver_one(delivery.pk, now=NOW) == State.QUEUED
        assert deliver_one(delivery.pk, now=LATER) == State.ACCEPTED

    (raw,) = server.contents
    assert date_of(raw) == LATER
    assert email.message_from_bytes(raw)["Message-ID"] == first_id


def test_r5_a_retry_after_a_hand_off_keeps_date_and_bytes(point_at: PointAt) -> None:
    delivery = queue()

    with scripted(
        point_at, RCPT=[b"451 greylisted", b"250 ok"], dot=[b"451 later", b"250 taken"]
    ) as server:
        for hours in (0, 3, 6):
            deliver_one(delivery.pk, now=NOW + timedelta(hours=hours))

    first, second = server.contents
    assert first == second
    assert date_of(first) == LATER
    assert Delivery.objects.get().handed_off_at == LATER
