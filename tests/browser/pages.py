"""Steps of people in a browser, and the look of a page by rules that it computes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypedDict

from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, ViewportSize, expect

from accounts.models import User
from tests.accounts.story import sign_in_by_code
from tests.browser.conftest import Clock
from tests.browser.mailbox import Mailbox, link_in

RULES = Path(__file__).with_name("rules.js").read_text()
SOUND = ("sideways", "headings", "words", "names", "ids", "contrast")

AXE = """
async (options) => {
  // A colour on its way from light to dark is no colour of the page.
  await new Promise((resolve) => requestAnimationFrame(() => resolve()));
  await Promise.allSettled(document.getAnimations().map((one) => one.finished));
  // It need not take style sheets apart, which writes some into the page.
  const all = { ...options, preload: false };
  return (await axe.run(all)).violations.map(
    ({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html)}`
  );
}
"""

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 900}


class Look(TypedDict):
    """How a page is looked at."""

    viewport: ViewportSize
    color_scheme: Literal["light", "dark"]


LOOKS: tuple[Look, ...] = (
    {"viewport": PHONE, "color_scheme": "light"},
    {"viewport": PHONE, "color_scheme": "dark"},
    {"viewport": DESK, "color_scheme": "light"},
    {"viewport": DESK, "color_scheme": "dark"},
)


def faults_of(page: Page, rules: Sequence[str] = SOUND) -> list[str]:
    """What is wrong with the page as it is shown now, in sentences."""
    faults: list[str] = page.evaluate(RULES, list(rules))
    return faults


def faults_in_every_look(page: Page, rules: Sequence[str] = SOUND) -> list[str]:
    """The same at 390 and 1280 px, light and dark."""
    faults = []
    for look in LOOKS:
        width, scheme = look["viewport"]["width"], look["color_scheme"]
        page.set_viewport_size(look["viewport"])
        page.emulate_media(color_scheme=scheme)
        faults += [f"{width} px {scheme}: {fault}" for fault in faults_of(page, rules)]
    return faults


def barriers(page: Page, without: Sequence[str] = ()) -> list[str]:
    """What axe-core says bars people from the page; of the dark look, its colours."""
    found = []
    off = {rule: {"enabled": False} for rule in without}
    runs: tuple[tuple[Literal["light", "dark"], dict[str, object]], ...] = (
        ("light", {"rules": off}),
        ("dark", {"runOnly": ["color-contrast"]}),
    )
    page.evaluate(AXE_SCRIPT)
    for scheme, options in runs:
        page.emulate_media(color_scheme=scheme)
        found += [f"{scheme}: {said}" for said in page.evaluate(AXE, options)]
    return found


def sign_in(page: Page, user: User) -> None:
    """Give the browser the session of a person who typed a code just now."""
    client = Client()
    sign_in_by_code(client, user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies(
        [{"name": cookie.key, "value": cookie.value, "url": settings.SITE_URL}]
    )


def sign_up(page: Page, clock: Clock, email: str) -> None:
    """Type an address on the front page and nothing else, in a person's time."""
    page.goto("/")
    page.get_by_label("E-mail address").fill(email)
    clock.turn(seconds=10)
    page.get_by_role("button", name="Subscribe").click()
    expect_heading(page, "Look in your mailbox")


def confirm(page: Page, mailbox: Mailbox, email: str) -> None:
    """Follow the mailed link and press its button."""
    page.goto(link_in(mailbox.last(email), "/confirm/"))
    page.get_by_role("button", name="Yes, send me papers").click()
    expect_heading(page, "Welcome")


def expect_heading(page: Page, text: str) -> None:
    """Wait until the page of that heading is shown."""
    expect(page.get_by_role("heading", level=1, name=text, exact=True)).to_be_visible()


def shown_titles(page: Page) -> list[str]:
    """Titles of the papers on the page, in order."""
    return page.locator(".card__title").all_inner_texts()
