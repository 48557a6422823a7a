"""Mails as a mail program shows them: narrow, enlarged, dark, without pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from accounts import emails
from digest import tasks
from digest.models import Source, Topic
from digest.pipeline import plan
from tests.browser import addresses
from tests.browser.mailbox import Mailbox, html_of
from tests.browser.pages import faults_of
from tests.browser.watch import Watch
from tests.factories import NOW, make_reader

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

READER = "reader@example.net"
RULES = ("sideways", "headings", "words", "names", "contrast", "legible")
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


@pytest.fixture
def mails(papers: None, mailbox: Mailbox) -> dict[str, str]:
    """The HTML of a digest with everything in it, and of each other mail."""
    hard_title = addresses.hard_paper().title.partition("-")[0]
    Source.objects.filter(slug="arxiv-biology").update(error="timed out")
    topics = Topic.objects.filter(slug__in=["daily-papers", "robotics"])
    reader = make_reader(READER, *topics, max_papers=8)
    delivery_id = plan.plan_welcome(reader.pk, now=NOW)
    assert delivery_id
    tasks.send_one(delivery_id)
    digest = html_of(mailbox.last(READER))
    for words in (hard_title, "more papers on the web", "did not answer"):
        assert words in digest

    envelope = emails.Envelope(to=READER, reference="x", at=NOW)
    token = "t" * 24
    others = {
        "confirm": emails.confirm_signup(envelope, token),
        "already subscribed": emails.already_subscribed(envelope, token),
        "sign-in code": emails.signin_code(envelope, "ABCD-EFGH"),
        "new address": emails.confirm_address(envelope, token),
        "address changed": emails.address_changed(envelope, "r…r@e…e.net"),
        "invitation": emails.invitation(envelope, token),
    }
    return {
        "digest": digest,
        **{name: str(mail.alternatives[0][0]) for name, mail in others.items()},
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
