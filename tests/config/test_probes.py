"""What machines ask is answered plainly, and tells strangers no more than names."""

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from digest.models import Heartbeat
from digest.pipeline.watch import heartbeats
from tests.factories import NOW, make_source

pytestmark = pytest.mark.django_db


def test_live_asks_nobody(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        response = client.get("/healthz/live")

    assert response.status_code == 200
    assert response.content == b"ok\n"


def test_a_probe_may_call_the_process_by_any_name(client: Client) -> None:
    assert client.get("/healthz/live", headers={"Host": "10.0.0.7"}).status_code == 200
    assert client.get("/", headers={"Host": "10.0.0.7"}).status_code == 400


def test_a_probe_changes_nothing_and_is_never_kept(client: Client) -> None:
    response = client.get("/healthz/ready")

    assert response["Cache-Control"] == "no-store"
    assert not Heartbeat.objects.exists()
    assert client.post("/healthz/ready").status_code == 405


def test_ready_names_checks_and_nothing_else(client: Client) -> None:
    make_source(
        name="Secret intranet",
        kind="feed",
        error="token=hunter2 was refused",
        next_fetch_at="2026-01-01T00:00:00Z",
        last_tried_at="2026-01-02T00:00:00Z",
    )
    response = client.get("/healthz/ready")

    assert response.status_code == 503
    found = response.json()
    assert set(found) == {"ready", "failing"}
    assert "sources" in found["failing"]
    assert b"intranet" not in response.content
    assert b"hunter2" not in response.content


@pytest.mark.django_db(transaction=True)
def test_a_database_that_takes_no_writes_is_named_and_beat_is_not_blamed(
    client: Client,
) -> None:
    heartbeats.leave(heartbeats.BEAT, now=NOW)
    setting = {
        "sqlite": "PRAGMA query_only",
        "postgresql": "SET default_transaction_read_only",
    }
    with connection.cursor() as cursor:
        cursor.execute(f"{setting[connection.vendor]} = on")
    try:
        failing = client.get("/healthz/ready").json()["failing"]
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"{setting[connection.vendor]} = off")

    assert "database" in failing
    assert "beat" not in failing
