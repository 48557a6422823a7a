"""A curator's morning: in with a second factor, five picks, notes, order; released."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from playwright.sync_api import Page, expect

from accounts import services
from digest import tasks
from digest.models import DeskChange, HiddenPaper, Pick, SeenPaper, Topic
from digest.tex import to_unicode
from tests.browser.conftest import BrowsePage, Clock
from tests.browser.mailbox import Mailbox, text_of, words_of
from tests.browser.pages import DESK, PHONE, expect_heading, faults_in_every_look
from tests.factories import TODAY, make_reader

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CURATOR, READER = "curator@example.org", "reader@example.net"
TODAYS_DESK = f"/admin/digest/pick/today/?day={TODAY}"


@pytest.fixture
def desk(
    browse: BrowsePage, papers: None, clock: Clock, mailbox: Mailbox, settings: Any
) -> Page:
    """The curator's browser, signed in by an e-mailed code and a second factor."""
    settings.DIGEST_STAFF_SECOND_FACTOR = True
    secret = generate_totp_secret()
    TOTP.activate(services.make_staff(CURATOR, None, clock.now), secret)
    page = browse(viewport=DESK)
    page.goto("/admin/")
    page.get_by_label("E-mail address").fill(CURATOR)
    page.get_by_role("button", name="Send me a code").click()
    code = re.search(r"^([A-Z0-9-]{6,10})\s*$", text_of(mailbox.last(CURATOR)), re.M)
    assert code
    page.get_by_label("Code").fill(code[1])
    page.get_by_role("button", name="Sign in").click()
    counter = next(yield_hotp_counters_from_time())
    page.locator("input[name=code]").fill(
        format_hotp_value(hotp_value(secret, counter))
    )
    page.get_by_role("button", name="Sign In", exact=True).click()
    page.get_by_role("link", name="The day's desk").click()
    expect_heading(page, "The day's desk")
    return page


def test_five_picks_by_keyboard_in_an_order_previewed_tested_and_released(
    desk: Page, clock: Clock, mailbox: Mailbox
) -> None:
    desk.goto(TODAYS_DESK)
    titles = [
        desk.locator("[data-row] h3").nth(place).inner_text() for place in range(7)
    ]
    desk.get_by_role("link", name="Work by keyboard:").click()
    _pick(desk, titles[0], note="Read this first.")
    _pick(desk, titles[1])
    desk.keyboard.press("s")
    _expect_focus(desk, titles[3])
    _pick(desk, titles[3])
    desk.keyboard.press("h")
    desk.keyboard.type("A call for papers.")
    desk.keyboard.press("Enter")
    _expect_focus(desk, titles[5])
    desk.keyboard.press("j")
    _expect_focus(desk, titles[6])
    desk.keyboard.press("k")
    _pick(desk, titles[5])
    _pick(desk, titles[6], note="And <b>this</b> last.")

    _expect_picks(desk, [titles[n] for n in (0, 1, 3, 5, 6)])
    assert to_unicode(SeenPaper.objects.get().paper.title) == titles[2]
    assert to_unicode(HiddenPaper.objects.get().paper.title) == titles[4]
    assert faults_in_every_look(desk, ("sideways", "words", "names", "ids")) == []

    desk.set_viewport_size(DESK)
    places = desk.get_by_label("Place of")
    for number, place in enumerate((2, 1, 3, 4, 5)):
        places.nth(number).fill(str(place))
    desk.get_by_label("Note on").nth(4).fill("A note that came later.")
    expect(desk.get_by_text("Not saved yet.")).to_be_visible()
    desk.get_by_role("button", name="Save order and notes").click()
    expect(desk.get_by_text("Order and notes saved.")).to_be_visible()
    _expect_picks(desk, [titles[n] for n in (1, 0, 3, 5, 6)])

    _drag(desk, titles[6], onto=titles[5])
    _expect_picks(desk, [titles[n] for n in (1, 0, 3, 6, 5)])
    desk.get_by_role("button", name="Save order and notes").click()
    expect(desk.get_by_text("Not saved yet.")).to_be_hidden()
    _expect_picks(desk, [titles[n] for n in (1, 0, 3, 6, 5)])

    readers = desk.frame_locator("iframe")
    cards = readers.locator(".card--pick .card__title")
    expect(cards).to_have_count(5)
    assert cards.all_inner_texts() == [titles[n] for n in (1, 0, 3, 6, 5)]
    expect(readers.get_by_text("A note that came later.")).to_be_visible()
    expect(readers.get_by_text(titles[4], exact=True)).to_have_count(0)
    assert DeskChange.objects.filter(curator__email=CURATOR).count() == 9

    picked = [titles[n] for n in (1, 0, 3, 6, 5)]
    daily = Topic.objects.get(slug="daily-papers")
    make_reader(READER, daily, hour=clock.now.hour, next_due_at=clock.now)
    _hold(desk, "The picks are not ready.")
    clock.turn(minutes=1)
    before = len(mailbox)
    tasks.sweep()
    assert len(mailbox) == before

    desk.goto("/admin/digest/digest/preview/")
    desk.get_by_label("Or a topic").select_option(label="Daily Papers")
    desk.get_by_role("button", name="Look at it").click()
    preview = desk.frame_locator("iframe").locator("body")
    _expect_in_order(preview.inner_text(), picked)
    desk.get_by_role("button", name=f"Send a test to {CURATOR}").click()
    expect(desk.locator(".messagelist")).to_be_visible()
    _expect_in_order(words_of(mailbox.last(CURATOR)), picked)

    _release(desk)
    tasks.sweep()
    mailed = words_of(mailbox.last(READER))
    _expect_in_order(mailed, picked)
    assert "Read this first." in mailed
    assert "A note that came later." in mailed
    assert titles[4] not in mailed


def test_without_scripts_and_on_a_phone_the_forms_do_all_of_it(
    desk: Page, browse: BrowsePage
) -> None:
    state = desk.context.storage_state()
    page = browse(viewport=PHONE, java_script_enabled=False, storage_state=state)
    page.goto(TODAYS_DESK)
    first = page.locator("[data-row]").first
    title = first.locator("h3").inner_text()
    first.get_by_label("Note for readers").fill("By hand.")
    first.get_by_role("button", name="Pick").click()

    expect(page.get_by_text(f"Picked: {title}")).to_be_visible()
    assert Pick.objects.get().note == "By hand."
    second = page.locator("[data-row]").first
    second.get_by_text("Hide", exact=True).first.click()
    second.get_by_label("Reason, for your colleagues").fill("No paper.")
    second.get_by_role("button", name="Hide").click()
    expect(page.get_by_text("Hidden: ")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Take back")).click()
    expect(page.get_by_text("Nothing is picked for this day yet.")).to_be_visible()


def _pick(page: Page, title: str, *, note: str = "") -> None:
    """Pick the candidate that has the focus, by keys alone."""
    _expect_focus(page, title)
    if note:
        page.keyboard.press("n")
        page.keyboard.type(note)
        page.keyboard.press("Escape")
    page.keyboard.press("p")
    expect(page.get_by_text(f"Picked: {title}")).to_be_visible()


def _hold(page: Page, reason: str) -> None:
    page.goto("/admin/digest/sendinghold/add/")
    page.get_by_label("Reason").fill(reason)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was added successfully")).to_be_visible()


def _release(page: Page) -> None:
    """Let mail leave again, and say why."""
    page.goto("/admin/digest/sendinghold/")
    page.get_by_role("link", name="The picks are not ready.").first.click()
    page.get_by_role("button", name="Release the hold").click()
    expect_heading(page, "Let mail leave again")
    page.get_by_label("Why is it right to go on?").fill("The picks are ready.")
    page.get_by_role("button", name="Release the hold").click()
    expect(page.get_by_text("1 hold released.")).to_be_visible()


def _expect_in_order(words: str, titles: list[str]) -> None:
    """All of these stand in the words, each after the one before."""
    flat = " ".join(words.split())
    places = [flat.index(title) for title in titles]
    assert places == sorted(places)


def _expect_focus(page: Page, title: str) -> None:
    expect(page.locator("[data-row]:focus h3")).to_have_text(title)


def _expect_picks(page: Page, titles: list[str]) -> None:
    """Wait until these are the picks, in this order."""
    expect(page.locator(".desk-pick-title")).to_have_text(titles)


def _drag(page: Page, title: str, *, onto: str) -> None:
    """Take a pick by its grip and let it go above another."""
    grip = page.locator("[data-pick]").filter(has_text=title).locator("[data-grip]")
    grip.hover()
    page.mouse.down()
    box = page.locator("[data-pick]").filter(has_text=onto).bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 2, steps=5)
    page.mouse.up()
