"""A curator picks one paper and hides another; the next digest shows both."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from accounts import services
from digest import tasks
from digest.models import Match, Paper, Topic
from tests.browser.conftest import BrowsePage, Clock
from tests.browser.mailbox import Mailbox, html_of, words_of
from tests.browser.pages import DESK, expect_heading, faults_of
from tests.factories import make_reader

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CURATOR, PASSWORD = "curator@example.org", "a long and quiet password"
NOTE = "Read the <b>second</b> page & its figure."
READER = "reader@example.net"


@pytest.fixture
def desk(browse: BrowsePage, papers: None, clock: Clock) -> Page:
    """The curator's browser, signed in."""
    services.make_staff(CURATOR, PASSWORD, clock.now)
    page = browse(viewport=DESK)
    page.goto("/admin/")
    page.get_by_label("E-mail address").fill(CURATOR)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("link", name="Papers", exact=True)).to_be_visible()
    return page


@pytest.fixture
def robotics(clock: Clock, papers: None) -> Topic:
    """A topic with one reader, whose digest is due within a minute."""
    topics = Topic.objects.filter(slug__in=["daily-papers", "robotics"])
    due_at = clock.now
    make_reader(READER, *topics, hour=due_at.hour, next_due_at=due_at)
    return Topic.objects.get(slug="robotics")


def test_a_pick_with_a_note_and_a_hidden_paper_show_in_the_next_digest(
    desk: Page, robotics: Topic, clock: Clock, mailbox: Mailbox
) -> None:
    hidden, picked, *_others = _newest_papers(robotics)
    _choose(desk, picked, "Pick for today")
    expect_heading(desk, "Pick papers for a day")
    assert faults_of(desk, ("sideways", "words", "names", "ids")) == []
    desk.get_by_label(picked.title).fill(NOTE)
    desk.get_by_role("button", name="Pick").click()
    expect(desk.get_by_text("1 paper picked.")).to_be_visible()
    _choose(desk, hidden, "Hide")
    expect_heading(desk, "Hide papers from pages and digests")
    assert faults_of(desk, ("sideways", "words", "names", "ids")) == []
    desk.get_by_label("Reason").fill("A test of the feed.")
    desk.get_by_role("button", name="Hide").click()
    expect(desk.get_by_text("1 paper hidden.")).to_be_visible()

    clock.turn(minutes=1)
    tasks.sweep()

    mail = mailbox.last(READER)
    words = words_of(mail)
    titles = Paper.objects.values_list("title", flat=True)
    mailed = [title for title in titles if title in words]
    assert min(mailed, key=words.index) == picked.title
    assert len(mailed) > 5
    assert NOTE in words
    assert "&lt;b&gt;second&lt;/b&gt; page &amp; its figure" in html_of(mail)
    assert hidden.title not in words


def test_the_pages_follow_the_curator_at_once(desk: Page, robotics: Topic) -> None:
    hidden, picked, *_others = _newest_papers(robotics)
    _choose(desk, hidden, "Hide")
    desk.get_by_label("Reason").fill("A test of the feed.")
    desk.get_by_role("button", name="Hide").click()
    _choose(desk, picked, "Pick for today")
    desk.get_by_label(picked.title).fill(NOTE)
    desk.get_by_role("button", name="Pick").click()
    expect(desk.get_by_text("1 paper picked.")).to_be_visible()

    desk.goto("/")
    first = desk.locator(".card").first
    expect(first).to_contain_text("Picked by the curators")
    expect(first).to_contain_text(picked.title)
    expect(first).to_contain_text(NOTE)
    expect(desk.get_by_text(hidden.title)).to_have_count(0)

    _choose(desk, hidden, "Show again")
    expect(desk.get_by_text("1 paper shown again.")).to_be_visible()
    desk.goto("/")
    expect(desk.get_by_role("link", name=hidden.title, exact=True)).to_be_visible()


def test_the_list_of_papers_has_room_for_titles_and_for_every_column(
    desk: Page,
) -> None:
    desk.goto("/admin/digest/paper/")

    title = desk.locator("th.field-title").first.bounding_box()
    assert title is not None
    assert title["width"] >= 240
    assert desk.locator("#changelist .results").evaluate(
        "list => list.scrollWidth <= list.clientWidth"
    )


def _newest_papers(topic: Topic) -> list[Paper]:
    """The topic's papers of today, best first."""
    matches = Match.objects.filter(topic=topic).select_related("paper")
    return [match.paper for match in matches.order_by("-paper__announced_on", "-score")]


def _choose(desk: Page, paper: Paper, action: str) -> None:
    """Find the paper in the list, tick it, and go on with an action."""
    desk.goto("/admin/digest/paper/")
    desk.locator("#searchbar").fill(paper.title)
    desk.get_by_role("button", name="Search").click()
    row = desk.get_by_role("row").filter(has_text=paper.title)
    row.get_by_role("checkbox").check()
    desk.get_by_label("Action:").select_option(label=action)
    desk.get_by_role("button", name="Go", exact=True).click()
