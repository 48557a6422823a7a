"""A stranger becomes a reader, changes what comes, and leaves: all in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from digest import tasks
from digest.models import Schedule
from tests.browser.conftest import BrowsePage, Clock
from tests.browser.mailbox import Mailbox, link_in, say_link, words_of
from tests.browser.pages import (
    DESK,
    PHONE,
    confirm,
    expect_heading,
    shown_titles,
    sign_up,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EMAIL = "stranger@example.net"


@pytest.fixture(params=["phone", "desk"])
def page(browse: BrowsePage, papers: None, request: pytest.FixtureRequest) -> Page:
    """A stranger's phone, or their desk."""
    if request.param == "phone":
        return browse(viewport=PHONE, is_mobile=True, has_touch=True)
    return browse(viewport=DESK)


def test_a_stranger_signs_up_reads_changes_topics_and_leaves(
    page: Page, clock: Clock, mailbox: Mailbox
) -> None:
    sign_up(page, clock, EMAIL)
    confirm(page, mailbox, EMAIL)

    outlook = _send_me_this_now(page, mailbox)
    digest = mailbox.last(EMAIL)
    assert len(outlook) >= 5
    for title in outlook:
        assert title in words_of(digest)

    page.goto(link_in(digest, "/m/"))
    expect_heading(page, "Your preferences")
    _change_topics(page)
    _make_a_topic(page, "Two clocks", '"diffusion policy" OR denoising')
    expect(page.get_by_role("checkbox", name="Two clocks")).to_be_checked()

    page.goto(link_in(digest, "/u/"))
    page.get_by_role("button", name="End all digests").first.click()
    expect_heading(page, "Your digests have ended")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("come to s…r@e…e.net again")).to_be_visible()


def test_after_the_end_no_digest_comes_and_after_the_undo_one_does(
    page: Page, clock: Clock, mailbox: Mailbox
) -> None:
    sign_up(page, clock, EMAIL)
    confirm(page, mailbox, EMAIL)
    page.goto("/preferences/")
    page.get_by_role("button", name="End all digests").click()
    expect(page.get_by_text("No more mail comes.", exact=False).first).to_be_visible()
    count = len(mailbox)

    clock.turn(days=1)
    tasks.sweep()
    assert len(mailbox) == count

    page.goto("/preferences/")
    page.get_by_role("button", name="Resume my digests").click()
    expect(page.get_by_text("Your digests come again.")).to_be_visible()
    clock.turn(days=1)
    tasks.sweep()
    assert len(mailbox) == count + 1


def test_a_topic_is_left_by_the_link_below_its_papers(
    page: Page, clock: Clock, mailbox: Mailbox
) -> None:
    sign_up(page, clock, EMAIL)
    confirm(page, mailbox, EMAIL)
    _send_me_this_now(page, mailbox)

    page.goto(link_in(mailbox.last(EMAIL), "/l/"))
    expect_heading(page, "Leave Daily Papers")
    page.get_by_role("button", name="Leave this topic").click()

    expect_heading(page, "You have left this topic")
    page.goto("/preferences/")
    expect(page.get_by_role("checkbox", name="Daily Papers")).not_to_be_checked()


@pytest.mark.parametrize("viewport", [PHONE, DESK])
def test_what_a_mail_lets_its_reader_say_needs_no_scripts_and_no_sign_in(
    browse: BrowsePage,
    papers: None,
    clock: Clock,
    mailbox: Mailbox,
    viewport: ViewportSize,
) -> None:
    page = browse(viewport=viewport)
    sign_up(page, clock, EMAIL)
    confirm(page, mailbox, EMAIL)
    _send_me_this_now(page, mailbox)
    digest = mailbox.last(EMAIL)

    stranger = browse(viewport=viewport, java_script_enabled=False)
    for act, said, undone in (
        ("save", "Saved to your reading list.", "It is off your reading list."),
        ("more", "Understood: more like this.", "Forgotten: this paper moves"),
        ("less", "Understood: less like this.", "Forgotten: this paper moves"),
    ):
        stranger.goto(say_link(digest, act))
        stranger.get_by_role("button").click()
        expect(stranger.get_by_text(said)).to_be_visible()
        stranger.get_by_role("button", name="Undo").click()
        expect(stranger.get_by_text(undone)).to_be_visible()

    stranger.goto(say_link(digest, "mute"))
    _mute_a_word_and_an_author(stranger)


def _mute_a_word_and_an_author(page: Page) -> None:
    """First with a slip that is told; each is taken back at once."""
    typed = page.get_by_label("Or another word or phrase instead")
    button = page.get_by_role("button", name="Mute")
    expect(page.get_by_role("button")).to_have_count(1)
    typed.fill('"survey"')
    button.click()
    expect(page.get_by_text("Leave out the quotation marks.")).to_be_visible()
    typed.fill("survey")
    button.click()
    expect(page.get_by_text("papers with “survey” do not come")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("It is not muted any more.")).to_be_visible()

    chosen = page.get_by_label("A word or an author of this paper")
    author = chosen.locator("optgroup[label=Authors] option").first.inner_text()
    chosen.select_option(label=author)
    button.click()
    expect(page.get_by_text(f"papers by {author} do not come")).to_be_visible()


def test_the_zone_is_guessed_from_the_browser(
    browse: BrowsePage, papers: None, clock: Clock, mailbox: Mailbox
) -> None:
    page = browse(timezone_id="Asia/Tokyo")

    sign_up(page, clock, EMAIL)
    confirm(page, mailbox, EMAIL)

    expect(page.get_by_text("Every day at 07:00, Asia/Tokyo time.")).to_be_visible()
    assert Schedule.objects.get().zone == "Asia/Tokyo"


def test_signing_up_works_without_scripts(
    browse: BrowsePage, papers: None, clock: Clock, mailbox: Mailbox
) -> None:
    page = browse(java_script_enabled=False, timezone_id="Asia/Tokyo")
    page.goto("/subscribe/")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Robotics").check()
    page.get_by_label("Time zone").fill("Europe/Paris")
    clock.turn(seconds=10)
    page.get_by_role("button", name="Subscribe").click()
    expect_heading(page, "Look in your mailbox")

    confirm(page, mailbox, EMAIL)
    _send_me_this_now(page, mailbox)

    assert "ROBOTICS" in words_of(mailbox.last(EMAIL))
    assert Schedule.objects.get().zone == "Europe/Paris"


def test_a_program_that_fills_in_the_bait_gets_a_persons_answer_and_no_mail(
    page: Page, clock: Clock, mailbox: Mailbox
) -> None:
    page.goto("/")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.locator("[name=website]").evaluate("field => { field.value = 'buy' }")
    clock.turn(seconds=10)
    page.get_by_role("button", name="Subscribe").click()

    expect_heading(page, "Look in your mailbox")
    assert len(mailbox) == 0


def _send_me_this_now(page: Page, mailbox: Mailbox) -> list[str]:
    """Press the button; return the titles that the page had promised."""
    titles = shown_titles(page)
    count = len(mailbox)
    page.get_by_role("button", name="Send me this now").click()
    expect(page.get_by_text("are on their way to your mailbox")).to_be_visible()
    assert len(mailbox) == count + 1
    return titles


def _change_topics(page: Page) -> None:
    """One off, one on; both are seen after the page is loaded again."""
    page.get_by_role("checkbox", name="Daily Papers").uncheck()
    page.get_by_role("checkbox", name="Robotics").check()
    page.get_by_role("button", name="Save topics").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("checkbox", name="Daily Papers")).not_to_be_checked()
    expect(page.get_by_role("checkbox", name="Robotics")).to_be_checked()


def _make_a_topic(page: Page, name: str, query: str) -> None:
    """First with a slip that is told, then right."""
    page.get_by_role("link", name="Add a topic of your own").click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("What must hold").fill(f'{query} "')
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This quotation mark is never closed.")).to_be_visible()
    page.get_by_label("What must hold").fill(query)
    page.get_by_role("button", name="Save").click()
    expect_heading(page, "Your preferences")
    expect(page.get_by_role("link", name=f"Change {name}")).to_be_visible()
