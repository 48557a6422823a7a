"""Promises of docs/delivery.md that no single stage keeps."""

from datetime import timedelta

import pytest
from django.db import connection

from digest.models import DigestItem
from tests.digest.pipeline.planning import due_reader, outcomes, papers_for, plan_for
from tests.factories import NOW, make_topic

pytestmark = pytest.mark.django_db


def test_a_commit_is_on_the_disk_before_it_is_answered() -> None:
    """I5: a hand-off that a power failure took back would be a second mail."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SHOW synchronous_commit")
            assert cursor.fetchone() == ("on",)
        else:
            cursor.execute("PRAGMA synchronous")
            assert cursor.fetchone() == (2,), "FULL"
            assert connection.settings_dict["OPTIONS"]["transaction_mode"] == (
                "IMMEDIATE"
            )


def test_a_clock_that_jumps_ahead_and_back_plans_no_period_twice() -> None:
    """I14."""
    topic = make_topic()
    papers_for(topic, "One", "Two")
    reader = due_reader(topic)

    for days in (0, 1, 0, -1, 1, 0, 2, 1, 0):
        plan_for(reader, NOW + timedelta(days=days))

    periods = [period for period, _reason in outcomes(reader)]
    assert periods == ["2026-11-20", "2026-11-21", "2026-11-22"]
    papers = list(DigestItem.objects.values_list("paper", flat=True))
    assert len(papers) == len(set(papers)) == 2
