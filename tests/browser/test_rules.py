"""The rules that pages are judged by find what they are there to find."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.pages import PHONE, faults_of

pytestmark = pytest.mark.browser

FAULTS = [
    ("sideways", "<p style='width: 500px'>wide</p>", "508 of 390 px wide"),
    ("headings", "<h2>no first</h2>", "0 headings of the first rank"),
    ("headings", "<h1>one</h1><h1>two</h1>", "2 headings of the first rank"),
    ("headings", "<h1>one</h1><h3>three</h3>", "headings skip a rank: 1,3"),
    ("words", "<p>words</p>", "the page names no language"),
    ("words", "<p>words</p>", "the page has no title"),
    ("names", "<button></button>", "no name: <button>"),
    ("names", "<a href='/'><img alt=''></a>", "no name: <a"),
    ("names", "<img src='data:,'>", "no description: <img"),
    ("names", "<label></label><input>", "no label: <input>"),
    ("ids", "<p id='a'></p><b id='a'></b>", "the id a stands twice"),
    ("contrast", "<p style='color: #777'>grey</p>", "contrast 4.48: <p> grey"),
    (
        "contrast",
        "<div style='background: #000'><p style='color: rgba(255, 255, 255, 0.4)'>x",
        "contrast 3.66: <p> x",
    ),
    ("contrast", "<details><p style='color: #eee'>shut</details>", "contrast 1.16"),
    ("contrast", "<input value='typed' style='color: #eee'>", "contrast 1.16: <input>"),
    ("legible", "<p style='font-size: 13px; line-height: 2'>small</p>", "13 px: <p>"),
    ("legible", "<p style='font-size: 20px; line-height: 1.4'>low</p>", "28px: <p>"),
]


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A phone, which shows what a test writes into it."""
    context = chromium.new_context(viewport=PHONE)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(("rule", "html", "fault"), FAULTS)
def test_a_rule_finds_a_fault(page: Page, rule: str, html: str, fault: str) -> None:
    page.set_content(html)

    assert fault in " | ".join(faults_of(page, [rule]))


def test_the_rules_have_nothing_against_a_plain_page(page: Page) -> None:
    page.set_content(
        "<html lang=en><title>Plain</title><h1 style='line-height: 1.5'>Plain</h1>"
        "<label style='line-height: 1.5'>Name <input></label>"
    )

    rules = ["sideways", "headings", "words", "names", "ids", "contrast", "legible"]
    assert faults_of(page, rules) == []
