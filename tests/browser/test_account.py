"""The account in a browser: a code by mail opens it; take away, move, erase."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from accounts.models import User
from digest.models import Schedule
from tests.browser.conftest import BrowsePage
from tests.browser.mailbox import Mailbox, link_in, text_of
from tests.browser.pages import DESK, PHONE, expect_heading, faults_in_every_look
from tests.factories import make_reader, make_topic

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EMAIL, NEW_EMAIL = "ada@example.net", "ada.new@example.net"


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def page(browse: BrowsePage, mailbox: Mailbox, request: pytest.FixtureRequest) -> Page:
    """The browser of a reader, who has just typed an e-mailed code."""
    make_reader(EMAIL, make_topic("robotics"))
    page = browse(viewport=request.param, accept_downloads=True)
    page.goto("/account/")
    expect_heading(page, "Sign in")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_role("button", name="Send me a code").click()
    _type_code(page, mailbox)
    expect_heading(page, "Your account")
    return page


def test_everything_that_is_kept_can_be_downloaded(page: Page) -> None:
    with page.expect_download() as download:
        page.get_by_role("link", name="Download everything").click()

    assert download.value.suggested_filename == "my-data.json"
    kept = json.loads(Path(download.value.path()).read_text())
    assert EMAIL in json.dumps(kept)
    assert "Robotics" in json.dumps(kept)


def test_erasing_asks_first_and_then_leaves_nothing(page: Page) -> None:
    page.get_by_role("link", name="Erase your account").click()
    expect_heading(page, "Erase your account")
    assert User.objects.filter(email=EMAIL).exists()

    page.get_by_role("button", name="Erase everything").click()

    expect_heading(page, "Nothing is left")
    assert not User.objects.exists()
    page.goto("/account/")
    expect_heading(page, "Sign in")


def test_the_address_moves_once_the_new_mailbox_says_yes(
    page: Page, mailbox: Mailbox
) -> None:
    page.get_by_role("link", name="Change your address").click()
    page.get_by_label("New e-mail address").fill(NEW_EMAIL)
    page.get_by_role("button", name="Send the mail").click()
    expect_heading(page, "Look into your mail")
    assert User.objects.get().email == EMAIL

    page.goto(link_in(mailbox.last(NEW_EMAIL), "/account/address/"))
    page.get_by_role("button", name="Use this address").click()

    expect_heading(page, "Your address is changed")
    assert User.objects.get().email == NEW_EMAIL
    assert "ada.new" not in text_of(mailbox.last(EMAIL))


def test_the_link_of_a_mail_opens_preferences_and_no_more(
    browse: BrowsePage, mailbox: Mailbox
) -> None:
    make_reader(EMAIL, make_topic("robotics"))
    page = browse(viewport=PHONE)
    page.goto(f"/m/{Schedule.objects.get().manage_token}/")
    expect_heading(page, "Your preferences")

    page.get_by_role("link", name="Erase me").click()
    expect_heading(page, "Sign in")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_role("button", name="Send me a code").click()
    _type_code(page, mailbox)

    expect_heading(page, "Erase your account")


def test_signing_out_ends_the_way_in(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    page.goto("/preferences/")

    expect_heading(page, "Sign in")


def _type_code(page: Page, mailbox: Mailbox) -> None:
    """Read the code in the mail and type it."""
    expect_heading(page, "Type the code")
    assert faults_in_every_look(page) == []
    found = re.search(
        r"^([A-Z0-9-]{6,10})\s*$", text_of(mailbox.last(EMAIL)), re.MULTILINE
    )
    assert found
    page.get_by_label("Code").fill(found[1])
    page.get_by_role("button", name="Sign in").click()
