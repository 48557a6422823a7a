"""A passkey in a browser with a made-up device: added, used to enter, removed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from accounts.models import User
from tests.browser.conftest import BrowsePage
from tests.browser.pages import (
    DESK,
    PHONE,
    expect_heading,
    faults_in_every_look,
    sign_in,
)
from tests.factories import make_reader

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])


@pytest.fixture
def ada(site: str) -> User:
    return make_reader("ada@example.net")


def with_device(page: Page, *, is_unlocked: bool = True) -> Page:
    """Give the browser a device that its owner unlocks whenever it asks, or never."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": is_unlocked,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return page


@WIDTHS
def test_a_passkey_is_added_opens_the_account_and_is_removed(
    browse: BrowsePage, ada: User, viewport: ViewportSize
) -> None:
    page = with_device(browse(viewport=viewport))
    sign_in(page, ada)
    page.goto("/account/")
    page.get_by_role("link", name="Your passkeys").click()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("My laptop")
    page.get_by_role("button", name="Make a passkey").click()
    expect_heading(page, "Your passkeys")
    expect(page.get_by_text("The passkey is added.")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="My laptop")).to_be_visible()
    assert faults_in_every_look(page) == []
    page.set_viewport_size(viewport)

    page.context.clear_cookies()
    page.goto("/account/login/?next=/reading-list/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect_heading(page, "Reading list")

    # It has opened the account, and still a code is asked for what matters.
    page.goto("/account/2fa/webauthn/")
    page.get_by_role("link", name="Remove My laptop").click()
    expect_heading(page, "Is it you?")
    sign_in(page, ada)
    page.goto("/account/2fa/webauthn/")
    page.get_by_role("link", name="Remove My laptop").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("The passkey is removed.")).to_be_visible()
    expect(page.get_by_text("None yet.")).to_be_visible()


@WIDTHS
def test_a_browser_that_gives_none_leads_to_the_code(
    browse: BrowsePage, ada: User, viewport: ViewportSize
) -> None:
    page = with_device(browse(viewport=viewport), is_unlocked=False)
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_text("The browser gave no passkey.")).to_be_visible()
    assert faults_in_every_look(page) == []


@WIDTHS
def test_without_scripts_the_code_is_the_one_way_that_is_offered(
    browse: BrowsePage, ada: User, viewport: ViewportSize
) -> None:
    page = browse(viewport=viewport, java_script_enabled=False)
    page.goto("/account/login/")

    expect(page.get_by_role("button", name="Send me a code")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
