"""`make screenshots OUT=DIR`: every page and mail, light and dark, phone and desk.

Not part of `make test`: it judges nothing, it shows. The pages are those that
`test_every_page.py` judges, with papers as they are in place of the hard one.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from digest.models import Paper, Topic
from tests.browser import addresses
from tests.browser.pages import LOOKS, PHONE, sign_in
from tests.factories import make_reader

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FOLDER = Path(os.environ.get("OUT", "screenshots"))


@pytest.fixture
def page(chromium: Browser, papers: None, site: str) -> Page:
    """A browser in which nobody is signed in."""
    return chromium.new_context(base_url=site).new_page()


def test_what_a_stranger_sees(page: Page, mail_folder: Path) -> None:
    _shoot(page, "1 anybody", addresses.of_anybody(mail_folder, _paper()))


def test_what_a_stranger_is_refused(page: Page, settings: Any) -> None:
    settings.DIGEST_PAGES = "members"
    refused = {name: path for name, (path, _) in addresses.REFUSED.items()}
    _shoot(page, "2 refused", refused)


def test_what_a_reader_sees(page: Page, mail_folder: Path) -> None:
    topics = Topic.objects.filter(slug__in=["daily-papers", "robotics", "climate"])
    user = make_reader("reader@example.org", *topics)
    sign_in(page, user)
    _shoot(page, "3 reader", addresses.of_reader(user, _paper()))
    page.goto("/preferences/topics/add/")
    page.get_by_label("In plain words").fill("robots that learn")
    page.get_by_role("button", name="Try it").click()
    tried = page.get_by_role("heading", name="What it would have brought")
    expect(tried).to_be_visible()
    _shoot_as_it_is(page, "3 reader", "a topic that is tried")


def test_what_a_curator_sees(page: Page) -> None:
    sign_in(page, User.objects.create_superuser("curator@example.org"))
    _shoot(page, "4 curator", addresses.of_curator(_paper()))


def _paper() -> Paper:
    return Paper.objects.shown().order_by("-upvotes", "pk")[0]


def _shoot(page: Page, whose: str, paths: dict[str, str]) -> None:
    for name, path in paths.items():
        page.goto(path)
        _shoot_as_it_is(page, whose, name)


def _shoot_as_it_is(page: Page, whose: str, name: str) -> None:
    for look in LOOKS:
        page.set_viewport_size(look["viewport"])
        page.emulate_media(color_scheme=look["color_scheme"])
        width = "phone" if look["viewport"] == PHONE else "desk"
        folder = FOLDER / f"{width} {look['color_scheme']}" / whose
        file = re.sub(r"[^\w-]+", "-", name)
        page.screenshot(path=folder / f"{file}.png", full_page=True)
