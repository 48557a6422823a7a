"""D2 to D9: ways of sending, and rates against the lines that providers draw."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from digest.health import Verdict
from digest.health.mail import practice, rates
from digest.models import Delivery, DeliveryEvent, Schedule
from tests.digest.pipeline.sending import State
from tests.factories import NOW, make_delivery, make_digest, make_reader

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def send(count: int, **fields: Any) -> list[Delivery]:
    """So many mails that were accepted an hour ago."""
    return [
        make_delivery(
            make_digest(),
            state=State.ACCEPTED,
            evidence="250 kept",
            **{"next_attempt_at": NOW - HOUR, **fields},
        )
        for _number in range(count)
    ]


def report(event_type: str, deliveries: list[Delivery], **fields: Any) -> None:
    """That so became of them."""
    for delivery in deliveries:
        DeliveryEvent.objects.create(
            provider="Postmark",
            event_type=event_type,
            delivery=delivery,
            **{
                "event_key": f"{event_type}-{delivery.pk}",
                "received_at": NOW,
                **fields,
            },
        )


def test_nothing_goes_out_in_the_clear(settings: Settings) -> None:
    settings.EMAIL_HOST = "mail.example.org"
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    assert practice.check_encryption(NOW).verdict == Verdict.FAIL
    settings.EMAIL_USE_TLS = True
    assert practice.check_encryption(NOW).verdict == Verdict.OK
    settings.EMAIL_USE_TLS = False
    settings.EMAIL_HOST = "127.0.0.1"
    assert practice.check_encryption(NOW).verdict == Verdict.OK


def test_many_readers_want_a_pace(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_reader()
    make_reader()
    assert practice.check_pace(NOW).verdict == Verdict.OK
    assert practice.check_streams(NOW).verdict == Verdict.OK
    monkeypatch.setattr(practice, "FEW", 1)
    monkeypatch.setattr(practice, "BULK", 1)
    assert practice.check_pace(NOW).verdict == Verdict.WARN
    assert practice.check_streams(NOW).verdict == Verdict.WARN

    settings.DIGEST_MAILS_PER_SECOND = 5.0

    assert practice.check_pace(NOW).verdict == Verdict.OK


def test_one_click_needs_https(settings: Settings) -> None:
    assert practice.check_bulk(NOW).verdict == Verdict.OK
    settings.SITE_URL = "http://papers.example.org"
    assert practice.check_bulk(NOW).verdict == Verdict.FAIL


def test_a_mail_to_somebody_who_had_left_is_told() -> None:
    reader = make_reader()
    make_delivery(make_digest(reader), handed_off_at=NOW)
    Schedule.objects.update(ended_at=NOW + HOUR)
    assert practice.check_leaving(NOW + HOUR).verdict == Verdict.OK

    Schedule.objects.update(ended_at=NOW - HOUR)

    assert practice.check_leaving(NOW + HOUR).verdict == Verdict.FAIL


def test_what_nobody_can_look_up_is_said_to_be_unknown() -> None:
    finding = practice.check_feedback(NOW)

    assert finding.verdict == Verdict.UNKNOWN
    assert "Postmaster" in finding.advice


@pytest.mark.parametrize(
    ("complaints", "mails", "verdict"),
    [
        (1, 1001, Verdict.OK),
        (1, 1000, Verdict.WARN),
        (1, 334, Verdict.WARN),
        (3, 1000, Verdict.FAIL),
    ],
)
def test_complaints_have_two_lines(
    complaints: int, mails: int, verdict: Verdict
) -> None:
    assert rates.check_complaints(NOW).verdict == Verdict.UNKNOWN
    report("complained", send(mails)[:complaints])

    assert rates.check_complaints(NOW).verdict == verdict


def test_bounces_have_lines_of_their_own() -> None:
    sent = send(100)
    report("delivered", sent)
    assert rates.check_bounces(NOW).verdict == Verdict.OK
    report("bounced", sent[:2])
    assert rates.check_bounces(NOW).verdict == Verdict.WARN
    report("bounced", sent[2:5])
    assert rates.check_bounces(NOW).verdict == Verdict.FAIL
