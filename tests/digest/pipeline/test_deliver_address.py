"""C3: without a postal address no mail leaves, whenever it was rendered."""

from datetime import timedelta
from typing import Any

import pytest

from digest.models import Attempt
from digest.pipeline.deliver import ask_again, deliver
from tests.digest.pipeline.conftest import PointAt
from tests.digest.pipeline.sending import State, deliver_one, queue, state_of
from tests.digest.transports.providers import answer, hang_up, in_turn, provider
from tests.digest.transports.servers import scripted
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOW + timedelta(minutes=2)


def test_c3_a_queued_mail_waits_until_the_address_is_set_again(
    point_at: PointAt, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    delivery = queue()
    address = settings.DIGEST_POSTAL_ADDRESS

    with scripted(point_at) as server:
        settings.DIGEST_POSTAL_ADDRESS = ""
        assert deliver([delivery.pk], now=NOW) == {}
        assert state_of(delivery) == State.QUEUED
        assert not Attempt.objects.exists(), "waiting uses up no attempt"
        assert server.contents == []

        settings.DIGEST_POSTAL_ADDRESS = address
        assert deliver_one(delivery.pk, now=LATER) == State.ACCEPTED

    assert "DIGEST_POSTAL_ADDRESS is empty" in caplog.text


def test_c3_a_mail_in_doubt_is_not_handed_over_again_without_the_address(
    use: Any, settings: Any
) -> None:
    delivery = queue()
    with provider(in_turn(hang_up, answer(200, {"id": "re-1"}))) as stub:
        use(stub.url, "resend")
        assert deliver([delivery.pk], now=NOW) == {delivery.pk: State.UNCERTAIN}
        settings.DIGEST_POSTAL_ADDRESS = ""

        assert ask_again([delivery.pk], now=LATER) == {}

    assert len(stub.bodies) == 1
    assert state_of(delivery) == State.UNCERTAIN
