"""A paper is saved on the web, read, shared and forgotten, on a phone and at a desk."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from digest.models import Paper
from tests.browser.conftest import BrowsePage
from tests.browser.pages import (
    DESK,
    PHONE,
    expect_heading,
    faults_in_every_look,
    sign_in,
)
from tests.factories import make_paper, make_reader

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def paper(papers: None) -> Paper:
    """A paper among those of the day."""
    return make_paper("Sorting by the light of the moon")


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def page(browse: BrowsePage, paper: Paper, request: pytest.FixtureRequest) -> Page:
    """The page of the paper, open before a reader who is signed in."""
    page = browse(viewport=request.param, accept_downloads=True)
    sign_in(page, make_reader("ada@example.net"))
    page.goto(paper.get_absolute_url())
    return page


def test_a_paper_is_saved_read_shared_and_taken_off(
    page: Page, browse: BrowsePage, paper: Paper
) -> None:
    page.get_by_role("link", name="Save or judge").click()
    page.get_by_role("button", name="Save this paper").click()
    expect(page.get_by_text("Saved to your reading list.")).to_be_visible()
    assert faults_in_every_look(page) == []

    page.get_by_role("link", name="Your reading list").click()
    expect_heading(page, "Reading list")
    page.get_by_role("button", name="Mark as read").click()
    expect(page.get_by_role("link", name="Read (1)")).to_be_visible()
    expect(page.get_by_role("link", name="Unread (0)")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("BibTeX")).click()
    assert paper.title in download.value.path().read_text()

    page.get_by_role("button", name="Share by link").click()
    shared = page.locator("#share ~ p a").get_attribute("href")
    assert shared
    stranger = browse(viewport=PHONE)
    stranger.goto(shared)
    expect(stranger.get_by_role("link", name=paper.title).first).to_be_visible()

    page.get_by_role("button", name="Take off the list").click()
    expect(page.get_by_text("Nothing saved yet.", exact=False)).to_be_visible()
    stranger.reload()
    expect(stranger.get_by_text("There are no papers on it now.")).to_be_visible()


def test_what_was_said_is_shown_on_a_page_of_its_own_and_taken_back(
    page: Page, paper: Paper
) -> None:
    page.get_by_role("link", name="Save or judge").click()
    page.get_by_role("button", name="Not for me").click()
    expect(page.get_by_text("Understood: less like this.")).to_be_visible()

    page.get_by_role("link", name="All that was learned and muted").click()
    expect(page.get_by_role("link", name=paper.title)).to_be_visible()
    page.get_by_role("button", name=re.compile("^Forget that it was not")).click()
    expect(page.get_by_role("link", name=paper.title)).to_have_count(0)
    assert faults_in_every_look(page) == []
