"""The queue of transactional mails: at most once, and again only when certain."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts import services, tasks
from accounts.models import Notice, Signup
from tests.accounts.story import NOW, send_all, sign_up

pytestmark = pytest.mark.django_db

RAISES: list[Exception] = []


class RefusingBackend(BaseEmailBackend):
    """A mail server that answers with the error in RAISES."""

    def send_messages(self, email_messages: object) -> int:  # noqa: ARG002
        raise RAISES[-1]


@pytest.fixture
def refusing(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "tests.accounts.test_notices.RefusingBackend"


LATER = [
    ConnectionRefusedError(),
    smtplib.SMTPDataError(450, b"greylisted"),
    smtplib.SMTPRecipientsRefused({"a@b.org": (451, b"later")}),
]
FINAL_OR_UNKNOWN = [
    smtplib.SMTPDataError(554, b"no"),
    smtplib.SMTPRecipientsRefused({"a@b.org": (550, b"unknown")}),
    smtplib.SMTPServerDisconnected("gone after the dot"),
    TimeoutError(),
]


def _queue() -> Notice:
    return services.queue_notice(
        Notice.Kind.SIGNIN_CODE, email="ann@example.org", value="ABC-123", now=NOW
    )


def test_it_sends_once_when_the_task_is_delivered_twice() -> None:
    notice = _queue()
    services.send_notice(notice.pk, NOW)
    services.send_notice(notice.pk, NOW)

    assert len(mail.outbox) == 1
    assert not Notice.objects.exists()


@pytest.mark.parametrize("error", LATER, ids=repr)
def test_it_asks_a_busy_server_again(
    error: Exception, refusing: None, settings: Settings
) -> None:
    RAISES.append(error)
    _queue()
    sign_up("ann@example.org")
    assert Signup.objects.get().mails_sent == 0

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    send_all(NOW)
    assert not mail.outbox
    send_all(NOW + timedelta(minutes=5))
    assert len(mail.outbox) == 2


@pytest.mark.parametrize("error", FINAL_OR_UNKNOWN, ids=repr)
def test_it_never_sends_again_what_may_have_arrived(
    error: Exception, refusing: None, settings: Settings
) -> None:
    RAISES.append(error)
    notice = _queue()
    with pytest.raises(type(error)):
        services.send_notice(notice.pk, NOW)
    with pytest.raises(type(error)):
        sign_up("ann@example.org")

    assert not services.unsent_notices(NOW + timedelta(minutes=5))
    assert not services.unsent_signups(NOW + timedelta(days=6))
    assert Signup.objects.get().last_mailed_at is None


def test_it_stops_asking_a_busy_server_after_a_day(
    refusing: None, settings: Settings
) -> None:
    RAISES.append(ConnectionRefusedError())
    sign_up("ann@example.org")
    send_all(NOW + timedelta(days=1))

    assert not services.unsent_signups(NOW + timedelta(days=2))


def test_old_codes_go_unsent() -> None:
    _queue()
    services.prune(NOW + timedelta(minutes=10))

    assert not Notice.objects.exists()


def test_a_note_to_an_operator_outlives_an_outage_of_a_day() -> None:
    services.queue_notice(
        Notice.Kind.OPERATOR_NOTE, email="desk@example.org", value="Late", now=NOW
    )
    services.prune(NOW + timedelta(hours=23))
    assert Notice.objects.exists()

    services.prune(NOW + timedelta(hours=24))
    assert not Notice.objects.exists()


def test_the_sweep_sends_what_a_lost_wake_up_left(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    from django.utils import timezone  # noqa: PLC0415

    services.queue_notice(
        Notice.Kind.SIGNIN_CODE, email="a@example.org", value="A", now=timezone.now()
    )
    tasks.sweep()
    assert len(mail.outbox) == 1

    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        tasks.wake()
    assert len(callbacks) == 1


def test_one_mail_that_cannot_be_made_does_not_stop_the_others() -> None:
    Notice.objects.create(
        kind="nothing", email="a@example.org", created_at=NOW, wanted_at=NOW
    )
    _queue()
    send_all()

    assert len(mail.outbox) == 1
    assert not Notice.objects.exists()
