"""Every page, at 390 and 1280 px, light and dark: quiet, whole and easy to read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from digest.models import Schedule, Topic
from tests.browser import addresses, desk
from tests.browser.conftest import BrowsePage
from tests.browser.pages import SOUND, barriers, faults_in_every_look, sign_in
from tests.factories import NOW, make_delivery, make_digest, make_reader

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Headings, labels and colours of these pages are Django's own.
OF_ADMIN = ("sideways", "words")

OF_DJANGO = {
    "label": "fields in a table's rows are named by the head of their column alone",
    "label-title-only": "the search of a list is named by a picture and its hint",
    "aria-prohibited-attr": "the two lists of a choice explain themselves in a picture",
    "empty-table-header": "the first column of related rows has no head",
}
"""What axe-core has against Django's own admin templates, which we do not copy."""


@pytest.fixture
def page(browse: BrowsePage, papers: None, mail_folder: Path) -> Page:
    """A browser in which nobody is signed in."""
    return browse()


def test_a_stranger_finds_every_page_sound(page: Page, mail_folder: Path) -> None:
    paths = addresses.of_anybody(mail_folder, addresses.hard_paper())

    assert _faults(page, paths) == {}


def test_a_reader_finds_every_page_sound(page: Page) -> None:
    user = make_reader("reader@example.org", Topic.objects.get(slug="robotics"))
    sign_in(page, user)

    assert _faults(page, addresses.of_reader(user, addresses.hard_paper())) == {}


def test_preferences_are_sound_in_every_state(page: Page) -> None:
    user = make_reader("reader@example.org")
    sign_in(page, user)
    states = ({"paused_until": "2026-12-24"}, {"ended_at": NOW})

    for state in states:
        Schedule.objects.filter(user=user).update(**state)
        assert _faults(page, {"preferences": "/preferences/"}) == {}


def test_a_topic_that_is_tried_is_sound(page: Page) -> None:
    sign_in(page, make_reader("reader@example.org"))
    page.goto("/preferences/topics/add/")
    page.get_by_label("In plain words").fill("robots that learn")
    page.get_by_role("button", name="Try it").click()

    expect(
        page.get_by_role("heading", name="What it would have brought")
    ).to_be_visible()
    assert faults_in_every_look(page) + barriers(page) == []


def test_a_curator_finds_every_page_sound(page: Page) -> None:
    sign_in(page, User.objects.create_superuser("curator@example.org"))

    assert _faults(page, addresses.of_curator(addresses.hard_paper()), OF_ADMIN) == {}


def test_a_curator_finds_the_pages_of_rows_sound(page: Page) -> None:
    user = User.objects.create_superuser("curator@example.org")
    sign_in(page, user)

    assert _faults(page, desk.of_rows(user, addresses.hard_paper()), OF_ADMIN) == {}


def test_what_a_curator_is_asked_and_answered_is_sound(page: Page) -> None:
    sign_in(page, User.objects.create_superuser("curator@example.org"))
    found = {}
    for name, sent in desk.to_curator(addresses.hard_paper()).items():
        sent.in_browser(page)
        found[name] = faults_in_every_look(page, OF_ADMIN)
        found[name] += barriers(page)

    assert {name: faults for name, faults in found.items() if faults} == {}


def test_the_numbers_below_the_pictures_are_sound(page: Page) -> None:
    sign_in(page, User.objects.create_superuser("curator@example.org"))
    make_delivery(make_digest(), state="accepted", evidence="250 ok")
    page.goto("/admin/digest/delivery/statistics/")
    for summary in page.locator("summary").all():
        summary.click()

    expect(page.locator("details[open] table a").first).to_be_visible()
    assert faults_in_every_look(page, OF_ADMIN) + barriers(page) == []


def test_a_topic_that_a_curator_tries_is_sound(page: Page) -> None:
    sign_in(page, User.objects.create_superuser("curator@example.org"))
    topic = Topic.objects.get(slug="robotics")
    page.goto(f"/admin/digest/topic/{topic.pk}/change/")
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Try it").click()
    tab = opened.value

    expect(tab.get_by_role("heading", name="What it would have sent")).to_be_visible()
    expect(tab.get_by_text("Nothing is saved.")).to_be_visible()
    assert faults_in_every_look(tab, OF_ADMIN) + barriers(tab) == []


def test_a_page_that_says_no_is_sound_too(
    chromium: Browser, site: str, settings: Any
) -> None:
    settings.DIGEST_PAGES = "members"
    # The browser complains of the status itself, so that nobody watches here.
    context = chromium.new_context(base_url=site)
    page = context.new_page()
    for path, status in addresses.REFUSED.values():
        response = page.goto(path)
        assert response is not None
        assert response.status == status, path
        assert faults_in_every_look(page) + barriers(page) == [], path
    context.close()


def test_the_keyboard_finds_the_way_past_the_masthead(page: Page) -> None:
    for path in ("/", "/topics/", "/subscribe/", "/account/login/"):
        page.goto(path)
        page.keyboard.press("Tab")

        skip = page.get_by_role("link", name="Skip to the content")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport(ratio=1)
        expect(skip).to_have_css("outline-style", "solid")
        skip.press("Enter")
        expect(page.locator("main")).to_be_focused()


def test_every_link_and_field_shows_that_it_has_the_focus(page: Page) -> None:
    page.goto("/subscribe/")
    focus = "() => document.activeElement"
    outline = f"({focus})().tagName + ' ' + getComputedStyle(({focus})()).outlineStyle"
    page.keyboard.press("Tab")
    outlines = []
    while not (seen := page.evaluate(outline)).startswith("BODY"):
        outlines.append(seen)
        page.keyboard.press("Tab")

    assert len(outlines) > 40
    assert {style.split()[1] for style in outlines} == {"solid"}


def _faults(
    page: Page, paths: dict[str, str], rules: tuple[str, ...] = SOUND
) -> dict[str, list[str]]:
    """What is wrong, by the name of the page; pages that are sound are left out."""
    found = {}
    for name, path in paths.items():
        response = page.goto(path)
        assert response is not None
        status = [f"status {response.status}"] if response.status >= 400 else []
        found[name] = status + faults_in_every_look(page, rules)
        # In a mail shown whole no script can run, axe least of all: test_mail_looks.py
        # opens the same mail from a file.
        if "as it looks" not in name:
            allowed = () if rules == SOUND else tuple(OF_DJANGO)
            found[name] += barriers(page, without=allowed)
    return {name: faults for name, faults in found.items() if faults}
