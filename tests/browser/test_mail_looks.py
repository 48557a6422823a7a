"""Mails as a mail program shows them: narrow, enlarged, dark, without pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.pages import barriers, faults_of
from tests.browser.watch import Watch

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

READER = "reader@example.net"
RULES = ("sideways", "headings", "words", "names", "contrast", "legible")
# A mail stands inside a page of the mail program, which has the landmarks.
OF_A_WHOLE_PAGE = ("region", "landmark-one-main")
VIEWS: dict[str, dict[str, Any]] = {
    "320 px": {"viewport": {"width": 320, "height": 700}},
    # Enlarging to 200 % leaves half as many pixels, each twice as large.
    "640 px at 200 %": {
        "viewport": {"width": 320, "height": 450},
        "device_scale_factor": 2,
    },
    "390 px at 200 %": {
        "viewport": {"width": 195, "height": 422},
        "device_scale_factor": 2,
    },
    "a desk": {"viewport": {"width": 1280, "height": 900}},
}


def test_every_mail_is_easy_to_read_in_every_view(
    mails: dict[str, str], chromium: Browser, tmp_path: Path
) -> None:
    found: list[str] = []
    for view, options in VIEWS.items():
        context = chromium.new_context(**options)
        watch = Watch("file:///")
        watch.over(context)
        page = context.new_page()
        for name, html in mails.items():
            path = tmp_path / "mail.html"
            path.write_text(html)
            page.goto(path.as_uri())
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                faults = faults_of(page, RULES)
                found += [f"{name}, {view}, {scheme}: {fault}" for fault in faults]
        context.close()
        assert watch.faults == []
    assert found == []


def test_nothing_in_a_mail_bars_anybody(
    mails: dict[str, str], chromium: Browser, tmp_path: Path
) -> None:
    page = chromium.new_context(**VIEWS["a desk"]).new_page()
    found = {}
    for name, html in mails.items():
        path = tmp_path / "mail.html"
        path.write_text(html)
        page.goto(path.as_uri())
        found[name] = barriers(page, without=OF_A_WHOLE_PAGE)
    page.context.close()

    assert {name: said for name, said in found.items() if said} == {}


def test_no_mail_has_anything_to_fetch(
    mails: dict[str, str], chromium: Browser, tmp_path: Path
) -> None:
    context = chromium.new_context()
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    for name, html in mails.items():
        path = tmp_path / f"{name}.html"
        path.write_text(html)
        page.goto(path.as_uri())
    context.close()

    assert len(asked) == len(mails)
