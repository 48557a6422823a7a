"""A reader votes and proposes, without scripts too; a curator answers."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from accounts import tasks as accounts_tasks
from accounts.models import User
from digest.models import Paper
from tests.browser.conftest import BrowsePage, Clock
from tests.browser.mailbox import Mailbox, link_in, text_of, words_of
from tests.browser.pages import (
    DESK,
    PHONE,
    expect_heading,
    faults_in_every_look,
    sign_in,
)
from tests.factories import make_paper, make_reader

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EMAIL = "ada@example.net"
WIDTHS = pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
WHY = "It settles the <b>old</b> question."


@pytest.fixture
def paper(papers: None, clock: Clock) -> Paper:
    """A paper among those of the day; its reader came two days ago."""
    make_reader(EMAIL)
    clock.turn(days=2)
    return make_paper("Sorting by the light of the moon")


@WIDTHS
def test_a_stranger_votes_after_signing_in(
    browse: BrowsePage, paper: Paper, mailbox: Mailbox, viewport: ViewportSize
) -> None:
    page = browse(viewport=viewport, java_script_enabled=False)
    page.goto(f"/day/{paper.announced_on}/")
    _card(page, paper).get_by_role("link", name=re.compile("^Vote for")).click()
    expect_heading(page, "Sign in")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_role("button", name="Send me a code").click()
    code = re.search(r"^([A-Z0-9-]{6,10})\s*$", text_of(mailbox.last(EMAIL)), re.M)
    assert code
    page.get_by_label("Code").fill(code[1])
    page.get_by_role("button", name="Sign in").click()

    expect_heading(page, "Vote for this paper?")
    page.get_by_role("button", name="Vote for it").click()

    expect(page.get_by_role("status")).to_have_text("Your vote counts.")
    expect_heading(page, paper.title)
    page.get_by_role("button", name=re.compile("^Take back your vote")).click()
    expect(page.get_by_role("status")).to_have_text("Your vote is taken back.")


def test_a_vote_on_a_card_stays_in_its_place(browse: BrowsePage, paper: Paper) -> None:
    for size in (PHONE, DESK):
        page = browse(viewport=size)
        sign_in(page, User.objects.get(email=EMAIL))
        page.goto(f"/day/{paper.announced_on}/")
        card = _card(page, paper)
        card.get_by_role("button", name=re.compile("^Vote for")).click()

        expect(card).to_contain_text("1 here")
        expect(card).to_be_in_viewport()
        expect(page).to_have_url(re.compile(f"#paper-{paper.pk}$"))
        assert faults_in_every_look(page) == []
        page.set_viewport_size(size)
        card.get_by_role("button", name=re.compile("^Take back")).click()
        expect(card).not_to_contain_text("1 here")


@WIDTHS
def test_a_proposal_is_declined_and_the_reader_is_told_why(
    browse: BrowsePage, paper: Paper, mailbox: Mailbox, viewport: ViewportSize
) -> None:
    page = browse(viewport=viewport)
    sign_in(page, User.objects.get(email=EMAIL))
    page.goto("/")
    page.get_by_role("link", name="Propose a paper").click()
    expect_heading(page, "Propose a paper")
    page.get_by_label("The paper", exact=True).fill(paper.arxiv_id)
    page.get_by_label("Why others should read it").fill(WHY)
    page.get_by_role("button", name="Propose it").click()
    expect(page.get_by_text("waiting for a curator")).to_be_visible()
    expect(page.get_by_text(WHY)).to_be_visible()
    assert faults_in_every_look(page) == []
    page.set_viewport_size(viewport)

    desk = browse(viewport=viewport)
    sign_in(desk, User.objects.create_superuser("curator@example.org"))
    desk.goto("/admin/digest/submission/")
    row = desk.get_by_role("row").filter(has_text=WHY)
    row.get_by_role("checkbox").check()
    desk.get_by_label("Action:").select_option(label="Decline")
    desk.get_by_role("button", name="Go", exact=True).click()
    expect_heading(desk, "Decline proposals")
    desk.get_by_label("Reason").fill("We picked it last week.")
    desk.get_by_role("button", name="Decline and tell the readers").click()
    expect(desk.get_by_text("1 proposal declined.")).to_be_visible()
    accounts_tasks.send_mails()

    words = words_of(mailbox.last(EMAIL))
    assert "We picked it last week." in words
    assert paper.title in words
    page.reload()
    expect(page.get_by_text("We picked it last week.")).to_be_visible()


@WIDTHS
def test_an_accepted_proposal_is_picked_with_the_readers_words(
    browse: BrowsePage, paper: Paper, mailbox: Mailbox, viewport: ViewportSize
) -> None:
    page = browse(viewport=viewport)
    sign_in(page, User.objects.get(email=EMAIL))
    page.goto("/submit/")
    page.get_by_label("The paper", exact=True).fill(paper.url)
    page.get_by_label("Why others should read it").fill(WHY)
    page.get_by_label("Your name").fill("Ada")
    page.get_by_role("button", name="Propose it").click()

    desk = browse(viewport=viewport)
    sign_in(desk, User.objects.create_superuser("curator@example.org"))
    desk.goto("/admin/digest/submission/")
    desk.get_by_role("row").filter(has_text=WHY).get_by_role("checkbox").check()
    desk.get_by_label("Action:").select_option(label="Accept")
    desk.get_by_role("button", name="Go", exact=True).click()
    expect(desk.get_by_label(paper.title)).to_have_value(f"{WHY} (proposed by Ada)")
    desk.get_by_role("button", name="Accept", exact=True).click()
    expect(desk.get_by_text("1 paper accepted.")).to_be_visible()

    accounts_tasks.send_mails()
    page.goto(link_in(mailbox.last(EMAIL), "/paper/"))
    expect_heading(page, paper.title)

    page.goto("/")
    first = page.locator(".card").first
    expect(first).to_contain_text("Picked by the curators")
    expect(first).to_contain_text(f"{WHY} (proposed by Ada)")


def _card(page: Page, paper: Paper) -> Locator:
    return page.locator(f"#paper-{paper.pk}")
