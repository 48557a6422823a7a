"""The front page on a phone: what this is, and how to subscribe, without scrolling."""

from __future__ import annotations

import pytest

from tests.browser.conftest import BrowsePage
from tests.browser.pages import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_form_is_in_sight_on_a_phone(browse: BrowsePage, papers: None) -> None:
    page = browse(viewport=PHONE)
    page.goto("/")

    for part in (
        page.get_by_text("get those on your topics in one mail"),
        page.get_by_label("E-mail address"),
        page.get_by_role("button", name="Subscribe"),
    ):
        box = part.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= PHONE["height"]
