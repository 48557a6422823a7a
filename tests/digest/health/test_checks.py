"""Each check says what it sees: room, doubts, waits, holds, settings, templates."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError
from pytest_django import Settings

from digest import health
from digest.health import Verdict, clock, configuration, database, disk, queue
from digest.health import sources as sources_check
from digest.health import templates as templates_check
from digest.models import Delivery, SendingHold
from tests.digest.pipeline.sending import State
from tests.digest.pipeline.sending import queue as queue_one
from tests.factories import NOW, make_delivery, make_digest, make_reader, make_source

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def make_deliveries(count: int, state: State, **fields: object) -> None:
    """So many of them, tried an hour ago."""
    reason = "" if state == State.ACCEPTED else "no answer"
    for _number in range(count):
        make_delivery(
            make_digest(),
            state=state,
            reason=reason,
            evidence="250 kept",
            **{"next_attempt_at": NOW - HOUR, **fields},
        )


def test_every_finding_that_is_not_well_says_what_to_do(settings: Settings) -> None:
    settings.DIGEST_LEAST_FREE_MB = 10**9
    settings.DIGEST_POSTAL_ADDRESS = ""

    for name, finding in health.run(health.SERVICE, NOW).items():
        assert finding.text, name
        if finding.verdict in {Verdict.WARN, Verdict.FAIL}:
            assert finding.advice, name


def test_a_check_that_cannot_be_made_is_unknown() -> None:
    def check(_now: object) -> health.Finding:
        raise OperationalError("the server\nclosed the connection")

    finding = health.run({"x": check}, NOW)["x"]

    assert finding.verdict == Verdict.UNKNOWN
    assert "the server closed" in finding.text


def test_a_database_that_works_is_well() -> None:
    assert database.check(NOW).verdict == Verdict.OK
    assert database.check_migrations(NOW).verdict == Verdict.OK
    assert clock.check(NOW).verdict == Verdict.OK


def test_a_disk_is_full_below_its_limit(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path / "not" / "made" / "yet"
    left = min(disk.free_space().values()) // disk.MEGABYTE

    for limit, verdict in (
        (left // 10, Verdict.OK),
        (left * 2 // 3, Verdict.WARN),
        (left * 2, Verdict.FAIL),
    ):
        settings.DIGEST_LEAST_FREE_MB = limit
        assert disk.check(NOW).verdict == verdict


def test_doubts_are_measured_against_the_day() -> None:
    assert queue.check_uncertain(NOW).verdict == Verdict.OK
    make_deliveries(1, State.UNCERTAIN)
    make_deliveries(198, State.ACCEPTED)
    assert queue.check_uncertain(NOW).verdict == Verdict.FAIL

    make_deliveries(1, State.ACCEPTED)

    assert queue.check_uncertain(NOW).verdict == Verdict.WARN


def test_doubts_of_other_days_do_not_shut_the_door() -> None:
    make_deliveries(3, State.UNCERTAIN, next_attempt_at=NOW - 30 * HOUR)

    assert queue.check_uncertain(NOW).verdict == Verdict.WARN


@pytest.mark.parametrize(
    ("minutes", "verdict"), [(1, Verdict.OK), (20, Verdict.WARN), (61, Verdict.FAIL)]
)
def test_a_digest_that_waits_is_told_by_its_minutes(
    minutes: int, verdict: Verdict
) -> None:
    assert queue.check_waiting(NOW).verdict == Verdict.OK
    make_delivery(
        make_digest(),
        state=State.QUEUED,
        next_attempt_at=NOW - timedelta(minutes=minutes),
    )

    assert queue.check_waiting(NOW).verdict == verdict


def test_a_hold_is_told_with_its_reason() -> None:
    assert queue.check_holds(NOW).verdict == Verdict.OK
    SendingHold.objects.create(reason="A restored copy?", held_at=NOW)

    assert "A restored copy?" in queue.check_holds(NOW).text


def test_sources_that_fail_are_told_before_they_are_late() -> None:
    assert sources_check.check(NOW).verdict == Verdict.WARN
    source = make_source(kind="feed", last_succeeded_at=NOW)
    assert sources_check.check(NOW).verdict == Verdict.OK
    source.error = "503"
    source.save(update_fields=["error"])
    assert sources_check.check(NOW).verdict == Verdict.WARN

    late = sources_check.check(NOW + 8 * HOUR)

    assert late.verdict == Verdict.FAIL
    assert source.name in late.text


@pytest.mark.parametrize(
    ("secret", "verdict"),
    [
        ("", Verdict.FAIL),
        ("short:one", Verdict.WARN),
        ("without-a-colon-anywhere", Verdict.WARN),
        ("user:8a1c40dd1f2e4a6c", Verdict.OK),
    ],
)
def test_a_provider_needs_a_webhook_secret(
    settings: Settings, secret: str, verdict: Verdict
) -> None:
    assert configuration.check_webhook(NOW).verdict == Verdict.OK
    settings.EMAIL_PROVIDER = "postmark"
    settings.ANYMAIL = {"WEBHOOK_SECRET": secret}

    finding = configuration.check_webhook(NOW)

    assert finding.verdict == verdict
    assert not secret or secret not in finding.text + finding.advice


def test_settings_that_django_refuses_are_told_with_its_hint(
    settings: Settings,
) -> None:
    settings.DIGEST_POSTAL_ADDRESS = ""

    finding = configuration.check(NOW)

    assert finding.verdict == Verdict.FAIL
    assert "digest.E001" in finding.text
    assert "postal address" in finding.advice


def test_every_template_of_ours_can_be_read(settings: Settings) -> None:
    assert templates_check.check(NOW).verdict == Verdict.OK


def test_a_template_that_an_operator_broke_is_named(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "front.html").write_text("{% if %}")
    html, text = settings.TEMPLATES
    settings.TEMPLATES = [{**html, "DIRS": [tmp_path]}, text]

    finding = templates_check.check(NOW)

    assert finding.verdict == Verdict.FAIL
    assert "front.html" in finding.text


def test_the_last_digest_is_held_against_the_rules(settings: Settings) -> None:
    assert templates_check.check_last_digest(NOW).verdict == Verdict.UNKNOWN
    queue_one(make_reader())
    assert Delivery.objects.exclude(edition=None).exists()
    assert templates_check.check_last_digest(NOW).verdict == Verdict.OK

    settings.DIGEST_POSTAL_ADDRESS = "Somewhere else entirely"

    assert templates_check.check_last_digest(NOW).verdict == Verdict.FAIL
