"""An operator's morning: a factor, the run of a day, retried and settled from there."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect

from accounts import services
from accounts.models import User
from digest.models import Delivery
from digest.pipeline import states
from digest.starter.roles import OPERATORS
from tests.accounts.test_staff_site import code_of
from tests.browser.conftest import BrowsePage
from tests.browser.mailbox import Mailbox
from tests.browser.pages import (
    DESK,
    expect_heading,
    faults_in_every_look,
    faults_of,
    sign_in,
)
from tests.digest.pipeline.sending import put_in, queue
from tests.factories import NOW, TODAY

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADMINS = ("sideways", "words", "names", "ids")


@pytest.fixture
def secret(site: str, settings: Any) -> str:
    """What the operator's authenticator app keeps; the admin asks for it."""
    settings.DIGEST_STAFF_SECOND_FACTOR = True
    operator = services.make_staff("op@example.org", None, NOW, is_superuser=False)
    operator.groups.add(Group.objects.get(name=OPERATORS))
    made = str(generate_totp_secret())
    TOTP.activate(operator, made)
    return made


@pytest.fixture
def run_page(browse: BrowsePage, secret: str) -> Page:
    """The run of the day, after a mailed code and the app's."""
    page = browse(viewport=DESK)
    sign_in(page, User.objects.get(email="op@example.org"))
    page.goto(f"/admin/digest/delivery/run/?day={TODAY}")
    expect_heading(page, "Your second factor")
    assert faults_in_every_look(page) == []
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Continue").click()
    expect_heading(page, "The run of a day")
    return page


def test_failed_are_retried_and_doubts_settled_from_the_run(
    run_page: Page, mailbox: Mailbox
) -> None:
    failed = queue()
    Delivery.objects.filter(pk=failed.pk).update(expires_at=NOW)
    states.expire(NOW)
    went, lost = put_in(states.State.UNCERTAIN), put_in(states.State.UNCERTAIN)
    Delivery.objects.filter(pk=lost.pk).update(attempt_count=1, reason="line dropped")
    run_page.reload()
    assert faults_of(run_page, ADMINS) == []

    run_page.get_by_role("button", name="Send them again: expired").click()
    _say(run_page, "The server was full.", "Send them again")
    run_page.goto(f"/admin/digest/delivery/run/?day={TODAY}")
    run_page.get_by_role("button", name="They were sent: as the test has it").click()
    assert faults_of(run_page, ADMINS) == []
    _say(run_page, "It is in the log.", "They were sent")
    run_page.goto(f"/admin/digest/delivery/run/?day={TODAY}")
    run_page.get_by_role(
        "button", name="They did not arrive: send them: line dropped"
    ).click()
    _say(run_page, "It is not in the log.", "They did not arrive: send them")
    run_page.goto(f"/admin/digest/delivery/run/?day={TODAY}")

    sums = run_page.locator(".run-sum")
    expect(sums).to_contain_text("4 digests planned")
    for words in ("3 accepted", "1 failed", "1 sent once more"):
        expect(sums).to_contain_text(words)
    for row in (failed, lost):
        assert mailbox.last(row.digest.reader.email)
    went.refresh_from_db()
    assert went.evidence == "op@example.org: It is in the log."
    assert LogEntry.objects.filter(user__email="op@example.org").count() == 3


def _say(page: Page, words: str, button: str) -> None:
    """Give the reason that an action asks for."""
    page.locator("#id_words").fill(words)
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_text("Done for 1 delivery.")).to_be_visible()
