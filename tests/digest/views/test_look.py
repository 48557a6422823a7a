"""What every page keeps to: nothing inline, nothing from elsewhere, one h1, labels."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import Client

from digest.models import Topic
from tests import factories as make
from tests.factories import TODAY

STATIC = (
    "site.css",
    "pages.css",
    "forms.css",
    "papers.css",
    "browse.css",
    "zone.js",
    "favicon.svg",
)
LOADED = {"script": "src", "img": "src", "iframe": "src", "link": "href"}
NAMES = ("canonical", "alternate")
"""Links of a page's head that say where it is, and load nothing."""


class Page(HTMLParser):
    """The tags of a page and what it loads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.attributes: set[str] = set()
        self.loaded: list[str] = []
        self.headings: list[int] = []
        self.tags: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag."""
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        is_name = dict(attrs).get("rel") in NAMES
        if tag in LOADED and not is_name and (address := dict(attrs).get(LOADED[tag])):
            self.loaded.append(address)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))


@pytest.fixture(
    params=[
        "/",
        "/day/",
        "/week/2026-W47/",
        "/month/2026-11/",
        "/trending/",
        "/search/",
        "/search/?q=paper",
        "/topics/",
        "/topic/robots/",
        "/paper/",
        "/digest/",
        "/status/",
        "/subscribe/",
        "/nowhere/",
    ]
)
def page(
    request: pytest.FixtureRequest, client: Client, robots: Topic, daily: Topic
) -> Page:
    """Each public page in turn, with a paper, a pick, a match and a digest."""
    paper = make.make_paper(upvotes=3, signals={"code_url": "https://code.example.org"})
    make.make_match(robots, paper)
    make.make_announcement(paper, make.make_batch(entry_count=1))
    make.make_pick(paper, note="Read it.")
    digest = make.make_digest(make.make_reader())
    make.make_item(digest, paper, robots)
    paths = {
        "/day/": f"/day/{TODAY}/",
        "/paper/": paper.get_absolute_url(),
        "/digest/": digest.get_absolute_url(),
    }
    response = client.get(paths.get(request.param, request.param))
    return Page(response.content.decode())


def test_a_page_has_no_inline_style_or_script(page: Page) -> None:
    assert "style" not in page.attributes
    assert not [name for name in page.attributes if name.startswith("on")]
    assert "style" not in page.tags
    assert page.tags.count("script") == 1


def test_a_page_loads_from_this_site_alone(page: Page) -> None:
    assert page.loaded
    for address in page.loaded:
        assert address.startswith("/static/digest/")


def test_headings_begin_with_one_h1_and_skip_no_rank(page: Page) -> None:
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    for above, below in zip(page.headings, page.headings[1:], strict=False):
        assert below <= above + 1


@pytest.mark.parametrize("name", STATIC)
def test_an_asset_is_there_and_fetches_nothing_from_elsewhere(name: str) -> None:
    found = finders.find(f"digest/{name}")
    assert isinstance(found, str)
    text = Path(found).read_text()
    addresses = set(re.findall(r"https?://[^\s\"')]+", text))
    assert addresses <= {"http://www.w3.org/2000/svg"}
    assert "@import" not in text
    assert len(text.splitlines()) <= 300


@pytest.mark.parametrize("status", ["400", "403", "403_csrf", "404", "500"])
def test_an_error_page_needs_no_request_and_has_a_way_forward(status: str) -> None:
    html = render_to_string(f"{status}.html", using="html")

    assert 'href="/"' in html
    assert "Paperboy" in html


def test_an_error_on_our_side_is_answered_with_a_page_of_ours(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.raise_request_exception = False
    monkeypatch.delattr(settings, "DIGEST_PAGES")

    response = client.get("/topics/")

    assert response.status_code == 500
    assert "Something went wrong here" in response.content.decode()
