"""Celery entry points of the transactional queue. The rows are the queue: see wake."""

from __future__ import annotations

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from accounts import services


def wake() -> None:
    """Have the waiting mails sent as soon as the transaction is committed.

    Call it after every sign-up, granted or not, so that all take as long. A broker
    that is away is logged and costs a minute: the sweep finds the rows.
    """
    transaction.on_commit(send_mails.delay, robust=True)


@shared_task(name="accounts.send_mails", ignore_result=True)
def send_mails() -> None:
    """Fan out the mails that wait. Twice is harmless: each one is claimed."""
    now = timezone.now()
    for signup_id in services.unsent_signups(now):
        send_signup_mail.delay(signup_id)
    for notice_id in services.unsent_notices(now):
        send_notice.delay(notice_id)


@shared_task(name="accounts.send_signup_mail", ignore_result=True)
def send_signup_mail(signup_id: int) -> None:
    """Send the confirmation mail of one sign-up."""
    services.send_signup_mail(signup_id, timezone.now())


@shared_task(name="accounts.send_notice", ignore_result=True)
def send_notice(notice_id: int) -> None:
    """Send one code, notice or invitation."""
    services.send_notice(notice_id, timezone.now())


@shared_task(name="accounts.sweep", ignore_result=True)
def sweep() -> None:
    """Beat, each minute: what a lost wake-up left behind, and what is over."""
    send_mails.delay()
    services.prune(timezone.now())
