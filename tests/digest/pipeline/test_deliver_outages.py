"""The database is away just when the server has said yes."""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from digest.models import Delivery, Heartbeat
from tests.digest.pipeline.conftest import PointAt
from tests.digest.pipeline.sending import State, deliver_one, elsewhere, outcomes, queue
from tests.digest.transports.servers import scripted
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def cut_every_connection() -> None:
    """As a restart of PostgreSQL does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def hold_the_only_lock(is_over: Callable[[], bool]) -> None:
    """SQLite has one writer: take its place, in a thread, until `is_over`."""
    taken = threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Heartbeat.objects.create(name="another writer", beat_at=NOW)
            taken.set()
            deadline = time.monotonic() + 10
            while not is_over() and time.monotonic() < deadline:
                time.sleep(0.01)

    threading.Thread(target=elsewhere(hold)).start()
    assert taken.wait(10)


def test_a_yes_that_meets_an_outage_is_written_down_once_the_database_is_back(
    point_at: PointAt, caplog: pytest.LogCaptureFixture
) -> None:
    delivery = queue()

    def fail() -> None:
        if connection.vendor == "postgresql":
            cut_every_connection()
        else:
            hold_the_only_lock(lambda: "waits for the database" in caplog.text)

    with scripted(point_at, {"dot": elsewhere(fail)}) as server:
        assert deliver_one(delivery.pk, now=NOW) == State.ACCEPTED

    assert "waits for the database" in caplog.text, "there was an outage"
    assert len(server.contents) == 1
    assert outcomes(delivery) == ["accepted"]
    assert Delivery.objects.get().evidence == "250 2.0.0 queued as SCRIPT"
