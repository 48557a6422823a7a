"""Every preference, on a phone and at a desk: changed, kept, and seen to count."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from accounts.models import User
from digest import tasks
from digest.models import Schedule, Subscription, Topic
from tests.browser.conftest import BrowsePage, Clock
from tests.browser.mailbox import Mailbox
from tests.browser.pages import (
    DESK,
    PHONE,
    expect_heading,
    faults_in_every_look,
    sign_in,
)
from tests.factories import make_reader

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ada(papers: None) -> User:
    topics = Topic.objects.filter(slug__in=["robotics", "language-models"])
    return make_reader("ada@example.net", *topics)


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def page(browse: BrowsePage, ada: User, request: pytest.FixtureRequest) -> Page:
    """The preferences of a reader who is signed in."""
    viewport: ViewportSize = request.param
    page = browse(viewport=viewport)
    sign_in(page, ada)
    page.goto("/preferences/")
    expect_heading(page, "Your preferences")
    return page


def saved(page: Page) -> None:
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()


def test_when_how_much_and_in_what_order_are_the_readers_to_say(
    page: Page, ada: User
) -> None:
    expect(page.get_by_label("Day, when weekly")).to_be_hidden()
    page.get_by_label("How often").select_option(label="once a month")
    expect(page.get_by_label("Day, when weekly")).to_be_hidden()
    page.get_by_label("Day, when monthly").select_option("28")
    page.get_by_label("Hour, on your clock").select_option(label="18:00")
    page.get_by_label("Time zone").fill("Asia/Tokyo")
    page.get_by_label("Papers in a mail, at most").fill("3")
    page.get_by_label("In each topic").select_option(label="the newest first")
    page.get_by_role("button", name="Save the schedule").click()

    saved(page)
    expect(
        page.get_by_text("Every month, on day 28 at 18:00, Asia/Tokyo time.")
    ).to_be_visible()
    assert faults_in_every_look(page) == []
    assert Schedule.objects.get(user=ada).order == "date"

    page.get_by_role("link", name="The next digest as it would look now").click()
    expect_heading(page, "Your next digest")
    mail = page.frame_locator("iframe")
    heading = mail.get_by_role("heading", level=1)
    expect(heading).to_have_text("Your papers of the month to 28 November 2026")
    expect(mail.get_by_role("heading", level=3)).to_have_count(3)
    assert faults_in_every_look(page) == []


def test_a_topic_is_limited_and_the_next_digest_keeps_to_it(
    page: Page, ada: User
) -> None:
    page.get_by_label("Robotics (").fill("1")
    page.get_by_role("button", name="Save the limits").click()

    saved(page)
    limits = Subscription.objects.filter(user=ada).values_list("max_papers", flat=True)
    assert sorted(limits, key=bool) == [None, 1]
    page.goto("/preferences/next/")
    mail = page.frame_locator("iframe")
    expect(mail.get_by_text("1 in Robotics").first).to_be_attached()


def test_a_pause_begins_and_ends(page: Page) -> None:
    page.get_by_label("No mails before").fill("2026-12-24")
    page.get_by_role("button", name="Pause", exact=True).click()
    saved(page)
    page.get_by_role("link", name="The next digest as it would look now").click()
    expect(page.get_by_text("You paused your digests until")).to_be_visible()

    page.goto("/preferences/")
    page.get_by_role("button", name="End the pause now").click()

    saved(page)
    expect(page.get_by_text("Paused until")).to_have_count(0)


def test_a_link_in_the_preview_leaves_the_frame(page: Page) -> None:
    page.goto("/preferences/next/")
    page.frame_locator("iframe").get_by_role("link", name="Save").first.click()

    expect_heading(page, "Save this paper")


def test_the_history_tells_what_was_sent_held_back_and_left_out(
    page: Page, ada: User, clock: Clock, mailbox: Mailbox
) -> None:
    due = clock.now
    Schedule.objects.filter(user=ada).update(hour=12, max_papers=2, next_due_at=due)
    tasks.sweep()
    assert len(mailbox) == 1
    clock.now = due + timedelta(days=1)
    Schedule.objects.filter(user=ada).update(paused_until="2026-11-30")
    tasks.sweep()

    page.get_by_role("link", name="What was sent and what was held back").click()

    expect_heading(page, "Your digests")
    older = page.get_by_role("region", name="Friday 20 November 2026")
    expect(older.get_by_text("Sent: the mail server took it.")).to_be_visible()
    expect(older.get_by_text("2 papers in the mail.")).to_be_visible()
    newer = page.get_by_role("region", name="Saturday 21 November 2026")
    expect(newer.get_by_text("You had paused your digests.")).to_be_visible()
    assert faults_in_every_look(page) == []
    older.get_by_role("link", name="What was held back").click()
    expect(page.get_by_role("heading", name="More that matched")).to_be_visible()
