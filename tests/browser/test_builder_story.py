"""A reader builds a topic: from nothing, a paper, a library or a curated topic."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from accounts.models import User
from digest.models import Paper, Topic
from tests.browser.conftest import BrowsePage
from tests.browser.pages import (
    DESK,
    PHONE,
    expect_heading,
    faults_in_every_look,
    sign_in,
)
from tests.digest.imports.libraries import BIBTEX
from tests.factories import make_paper, make_reader

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADD = "/preferences/topics/add/"


@pytest.fixture
def user(papers: None) -> User:
    return make_reader("reader@example.org")


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def size(request: Any) -> ViewportSize:
    found: ViewportSize = request.param
    return found


@pytest.fixture
def page(browse: BrowsePage, user: User, size: ViewportSize) -> Iterator[Page]:
    opened = browse(viewport=size)
    sign_in(opened, user)
    yield opened
    # What is on its way would meet tables that are emptied.
    opened.wait_for_load_state("networkidle")


@pytest.fixture
def plain(browse: BrowsePage, user: User, size: ViewportSize) -> Page:
    """A browser without scripts."""
    opened = browse(viewport=size, java_script_enabled=False)
    sign_in(opened, user)
    return opened


def test_a_topic_is_built_from_nothing_and_tried_as_it_is_typed(
    page: Page, user: User
) -> None:
    page.goto("/preferences/")
    page.get_by_role("link", name="Add a topic of your own").click()
    page.get_by_label("In plain words").fill("robots that learn from demonstrations")

    expect(_trial(page)).to_be_visible()
    expect(page.locator(".slider__place small")).to_have_count(5)
    assert faults_in_every_look(page) == []

    page.get_by_label("many more papers").check()
    expect(page.locator(".slider__place small")).to_have_count(5)
    page.get_by_label("Name", exact=True).fill("Learning robots")
    page.get_by_role("button", name="Save").click()

    expect_heading(page, "Your preferences")
    topic = Topic.objects.get(owner=user)
    assert (topic.name, topic.strictness) == ("Learning robots", -2)


def test_a_topic_is_built_without_scripts(plain: Page, user: User) -> None:
    plain.goto(ADD)
    plain.get_by_label("In plain words").fill("robots that learn")
    plain.get_by_role("button", name="Try it").click()
    expect(_trial(plain)).to_be_visible()

    plain.get_by_label("only the surest").check()
    plain.get_by_role("button", name="Try it").click()
    expect(plain.get_by_label("only the surest")).to_be_checked()
    plain.get_by_label("Name", exact=True).fill("Robots")
    plain.get_by_role("button", name="Save").click()

    expect_heading(plain, "Your preferences")
    assert Topic.objects.get(owner=user).strictness == 2


def test_the_slider_names_what_it_takes_away_and_moves_by_a_button(
    page: Page,
) -> None:
    page.goto(ADD)
    page.get_by_label("fewer papers").check()
    page.get_by_label("In plain words").fill("language models")

    expect(page.get_by_role("heading", name="One step stricter")).to_be_visible()
    expect(page.get_by_text("would take away 1 paper:")).to_be_visible()
    assert faults_in_every_look(page) == []
    page.get_by_role("button", name="Try “only the surest”").click()

    expect(page.get_by_label("only the surest")).to_be_checked()
    expect(page.get_by_role("heading", name="One step looser")).to_be_visible()
    expect(page.get_by_role("heading", name="One step stricter")).to_have_count(0)


def test_a_topic_is_built_from_a_paper(page: Page, user: User) -> None:
    paper = Paper.objects.filter(title__icontains="robot").latest("announced_on")
    page.goto(f"{ADD}?like={paper.slug}")

    expect(_trial(page)).to_be_visible()
    expect(page.get_by_role("group", name="Like these papers")).to_be_visible()
    assert faults_in_every_look(page) == []
    page.get_by_role("button", name="Save").click()

    expect_heading(page, "Your preferences")
    topic = Topic.objects.get(owner=user)
    assert [row.paper for row in topic.examples.all()] == [paper]


def test_a_topic_is_built_from_a_library(page: Page, user: User) -> None:
    known = make_paper("Attention", canonical_id="arxiv:1706.03762")
    page.goto(ADD)
    page.get_by_text("Start from your library").click()
    page.get_by_label("A file from your reference manager").set_input_files(
        {
            "name": "library.bib",
            "mimeType": "text/x-bibtex",
            "buffer": f"{BIBTEX}@a{{bad title={{B}}}}".encode(),
        }
    )

    expect(page.get_by_text("3 papers were read; 1 of them")).to_be_visible()
    expect(page.get_by_text("Entry “bad” cannot be read", exact=False)).to_be_visible()
    expect(page.get_by_label("Attention")).to_be_checked()
    assert faults_in_every_look(page) == []
    page.get_by_label("Name", exact=True).fill("My library")
    page.get_by_role("button", name="Save").click()

    expect_heading(page, "Your preferences")
    topic = Topic.objects.get(owner=user)
    assert [row.paper for row in topic.examples.all()] == [known]
    assert "Soft grasping of fruit" in topic.wish


def test_a_library_is_read_without_scripts_and_a_bad_file_refused(plain: Page) -> None:
    plain.goto(ADD)
    plain.get_by_text("Start from your library").click()
    field = plain.get_by_label("A file from your reference manager")
    field.set_input_files(
        {"name": "a.bib", "mimeType": "text/plain", "buffer": b"Dear editor"}
    )
    plain.get_by_role("button", name="Try it").click()
    expect(
        plain.get_by_text("This is no BibTeX, RIS or CSL-JSON", exact=False)
    ).to_be_visible()

    plain.get_by_label("A file from your reference manager").set_input_files(
        {"name": "a.bib", "mimeType": "text/plain", "buffer": BIBTEX.encode()}
    )
    plain.get_by_role("button", name="Try it").click()
    expect(plain.get_by_text("3 papers were read", exact=False)).to_be_visible()


def test_a_curated_topic_is_refined(page: Page, user: User) -> None:
    page.goto("/topic/robotics/")
    page.get_by_role("link", name="Refine it").click()

    expect(_trial(page)).to_be_visible()
    page.get_by_role("button", name="Save").click()

    expect_heading(page, "Your preferences")
    curated = Topic.objects.get(slug="robotics")
    own = Topic.objects.get(owner=user)
    assert own.name == f"{curated.name} (mine)"
    assert (own.query, own.wish) == (curated.query, curated.wish)


def _trial(page: Page) -> Any:
    return page.get_by_role("heading", name="What it would have brought")
