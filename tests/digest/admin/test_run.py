"""A day's run on one page: places that sum up, reasons, and the buttons for both."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from digest.models import Delivery, Digest, SendingHold
from tests.digest.admin.desk import (
    address,
    make_delivery,
    sit_down,
    sit_down_with,
)
from tests.factories import NOW, TODAY, make_digest, make_reader

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>"


def shown(client: Client, day: str = TODAY.isoformat()) -> str:
    """The page of a day, its white space folded."""
    response = client.get(address(Delivery, "run"), {"day": day})
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_planned_is_the_sum_of_the_places_and_every_reason_is_told() -> None:
    for state in ("accepted", "accepted", "failed", "uncertain", "skipped", "queued"):
        make_delivery(state)
    make_delivery(
        "failed", digest=make_digest(make_reader(), due_at=NOW - timedelta(1))
    )
    make_digest(make_reader(), status="skipped", reason="paused")

    page = shown(sit_down())

    assert "6 digests planned" in page
    for place in ("2 accepted", "1 failed", "1 uncertain", "1 skipped", "1 queued"):
        assert f">{place}</a>" in page
    assert "1: paused by the reader" in page
    assert "</a>: expired" in page
    assert "the worker was lost during the hand-off" in page


def test_its_buttons_act_on_the_whole_group() -> None:
    client = sit_down("operator@example.org")
    rows = [make_delivery("uncertain") for _ in range(3)]
    other = make_delivery("uncertain", reason="no answer")
    page = client.get(address(Delivery, "run"), {"day": TODAY.isoformat()})
    (group,) = [
        group
        for trouble in page.context["troubles"]
        for group in trouble["groups"]
        if group.count == 3
    ]

    asked = client.post(
        group.address,
        {"action": "settle", "select_across": "1", "_selected_action": "0"},
    )
    chosen = [row.pk for row in asked.context["chosen"]]
    assert sorted(chosen) == [row.pk for row in rows]
    client.post(
        group.address,
        {
            "action": "settle",
            "answered": "yes",
            "words": "In the log.",
            "_selected_action": chosen,
        },
    )

    assert Delivery.objects.filter(state="accepted").count() == 3
    other.refresh_from_db()
    assert other.state == "uncertain"


def test_it_shows_no_buttons_to_who_may_only_look() -> None:
    make_delivery("failed")

    page = shown(sit_down_with("view_delivery"))

    assert 'name="action"' not in page


def test_it_is_shut_to_staff_without_the_right() -> None:
    assert sit_down_with().get(address(Delivery, "run")).status_code == 403


def test_it_leads_to_what_holds_sending() -> None:
    hold = SendingHold.objects.create(reason="A restored copy?", held_at=NOW)

    page = shown(sit_down())

    assert "Sending is on hold: A restored copy?" in page
    assert f'href="{address(SendingHold, "change", hold.pk)}"' in page


def test_it_says_that_the_postal_address_is_missing(settings: Any) -> None:
    settings.DIGEST_POSTAL_ADDRESS = ""

    assert "DIGEST_POSTAL_ADDRESS is empty" in shown(sit_down())


def test_its_queries_do_not_grow_and_text_from_outside_is_escaped() -> None:
    client = sit_down()
    make_delivery("failed", reason=HOSTILE)
    with CaptureQueriesContext(connection) as few:
        shown(client)
    for _ in range(8):
        make_delivery("failed", reason=HOSTILE)
    with CaptureQueriesContext(connection) as many:
        page = shown(client)

    assert len(many) == len(few)
    assert HOSTILE not in page


def test_a_day_that_is_none_is_today() -> None:
    Digest.objects.all().delete()

    assert "0 digests planned" in shown(sit_down(), "2026-02-31")
