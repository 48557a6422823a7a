"""The status page: how each source is, in the same words as in mails."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from digest.models import Batch, Source
from tests import factories as make
from tests.digest.views.pages import read
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db

YESTERDAY = TODAY - timedelta(days=1)
AN_HOUR_AGO = NOW - timedelta(hours=1)


def a_source(name: str, **fields: Any) -> Source:
    return make.make_source(
        name=name,
        **{"last_succeeded_at": AN_HOUR_AGO, "last_tried_at": AN_HOUR_AGO, **fields},
    )


def test_it_tells_all_states_apart(client: Client) -> None:
    make.make_batch(a_source("Well"), entry_count=412, completed_at=NOW)
    for name, status in {
        "Quiet": Batch.Status.EMPTY,
        "Again": Batch.Status.REPEATED,
        "Awaited": Batch.Status.WAITING,
        "Closed": Batch.Status.HOLIDAY,
    }.items():
        make.make_batch(a_source(name), status=status)
    make.make_batch(a_source("Cut"), status=Batch.Status.PARTIAL, entry_count=113)
    failing = a_source("Bad", error="No answer <b>.", failure_count=3)
    make.make_batch(failing, YESTERDAY, entry_count=7)
    make.make_batch(failing, status=Batch.Status.FAILED)
    long_ago = NOW - timedelta(days=3)
    old = a_source("Old", kind="feed", last_succeeded_at=long_ago)
    make.make_batch(old, received_at=long_ago)
    a_source("New", last_succeeded_at=None)
    a_source("Off", is_active=False)

    text = read(client, "/status/")

    for words in (
        "Well brought 412 papers of 20 November.",
        "Quiet announced no papers on 20 November.",
        "Again still showed an earlier list on 20 November;",
        "Awaited had not announced its papers of 20 November yet;",
        "Closed announced nothing on 20 November, because of a holiday.",
        "Cut had listed only 113 papers of 20 November so far;",
        "Bad did not answer; its papers come in a later digest.",
        "No answer &lt;b&gt;. (3 tries)",
        "7 papers of Thursday 19 November",
        "Old was not read yet;",
        "New was not read yet;",
    ):
        assert words in text
    assert "Off" not in text


@pytest.mark.parametrize(
    ("fields", "status", "mood"),
    [
        ({}, Batch.Status.RECEIVED, "well"),
        ({}, Batch.Status.HOLIDAY, "well"),
        ({"late_after_hours": 9}, Batch.Status.PARTIAL, "awaited"),
        ({"late_after_hours": 9}, Batch.Status.WAITING, "awaited"),
        ({"late_after_hours": 1}, Batch.Status.WAITING, "bad"),
        ({"error": "No answer."}, Batch.Status.RECEIVED, "bad"),
    ],
)
def test_its_colour_says_whether_something_is_wrong(
    client: Client, fields: dict[str, Any], status: str, mood: str
) -> None:
    completed = {"received", "holiday"}
    source = a_source("arXiv", **fields)
    a_day_ago = NOW - timedelta(days=1)
    make.make_batch(source, YESTERDAY, received_at=a_day_ago, completed_at=a_day_ago)
    make.make_batch(
        source,
        status=status,
        completed_at=NOW if status in completed else None,
    )

    assert f'class="source source--{mood}"' in read(client, "/status/")


def test_it_shows_size_and_time_beside_what_is_usual_on_that_weekday(
    client: Client,
) -> None:
    source = a_source("arXiv", kind="arxiv_rss")
    for weeks, size in enumerate((412, 400, 440, 9), start=0):
        day = TODAY - timedelta(days=7 * weeks)
        status = Batch.Status.PARTIAL if size == 9 else Batch.Status.RECEIVED
        batch = make.make_batch(source, day, status=status, entry_count=size)
        batch.grown_at = NOW - timedelta(hours=6)
        batch.save()
    make.make_batch(source, YESTERDAY, entry_count=9999, refilled_at=NOW)

    text = read(client, "/status/")

    assert "412 papers of Friday 20 November, here 20 November, 06:00" in text
    assert "usual for a Friday: about 420" in text
    assert "Filled in later</dt><dd>19 November</dd>" in text
    assert "Next list</dt><dd>Monday 23 November, 05:00</dd>" in text


def test_it_shows_when_another_source_is_asked_next_and_what_was_left_out(
    client: Client,
) -> None:
    source = a_source("Journal", kind="feed", next_fetch_at=NOW + timedelta(hours=1))
    make.make_batch(source, entry_count=3, problems=["No title: <i>x</i>."])

    text = read(client, "/status/")

    assert "Next look</dt><dd>Friday 20 November, 13:00</dd>" in text
    assert "1 remark on what was left out" in text
    assert "No title: &lt;i&gt;x&lt;/i&gt;." in text
    assert "usual for" not in text


def test_it_draws_the_last_14_days_for_eyes_and_ears(client: Client) -> None:
    source = a_source("arXiv")
    make.make_batch(source, entry_count=100)
    make.make_batch(source, YESTERDAY, status=Batch.Status.PARTIAL, entry_count=50)
    make.make_batch(source, TODAY - timedelta(days=2), status=Batch.Status.FAILED)
    make.make_batch(source, TODAY - timedelta(days=14), entry_count=900)

    text = read(client, "/status/")

    bars = re.findall(r'<rect class="sizes__(\w+)" [^>]*height="(\d+)"/>', text)
    assert bars[-3:] == [("missing", "3"), ("partial", "24"), ("whole", "48")]
    assert bars[:-3] == [("none", "3")] * 11
    assert '<svg role="img" ' in text
    assert (
        "18 November: missing, 19 November: 50 (incomplete), 20 November: 100.</title>"
        in text
    )
    assert "style=" not in text


def test_it_asks_the_database_as_often_for_many_sources_as_for_one(
    client: Client,
) -> None:
    def count_queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            read(client, "/status/")
        return len(asked)

    make.make_batch(a_source("First"), entry_count=3)
    few = count_queries()
    for number in range(20):
        source = a_source(f"Source {number}")
        for age in range(5):
            make.make_batch(source, TODAY - timedelta(days=age), entry_count=age)

    assert count_queries() == few <= 8
