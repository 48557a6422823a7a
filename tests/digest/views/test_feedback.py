"""What a reader says of a paper: by the link of a mail, and on the web."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts import services as accounts
from accounts.models import User
from digest.models import Mark, Paper, SavedPaper, Schedule
from tests.digest.views.steps import all_rows, manage
from tests.factories import (
    hide_paper,
    make_paper,
)

pytestmark = pytest.mark.django_db


def test_a_link_in_the_mail_leads_to_one_button_that_saves(
    machine: Client, link: str, ada: User, paper: Paper
) -> None:
    page = machine.get(f"{link}/save")

    text = page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer"
    assert page["X-Robots-Tag"] == "noindex"
    assert "no-store" in page["Cache-Control"]
    assert not page.cookies
    assert text.count("<button") == 1
    assert "Grasping with robots" in text
    assert "a…a@e…e.org" in text

    done = machine.post(f"{link}/save", {"do": "save"}, headers={"origin": "null"})

    assert done.status_code == 200
    assert "Saved to your reading list." in done.content.decode()
    assert SavedPaper.objects.get().user == ada
    assert not done.cookies

    machine.post(f"{link}/save", {"undo": "save"})
    assert not SavedPaper.objects.exists()


@pytest.mark.parametrize(
    ("act", "said", "taken_back"),
    [
        ("more", "Understood: more like this.", "Forgotten"),
        ("less", "Understood: less like this.", "Forgotten"),
    ],
)
def test_a_mark_is_made_and_taken_back(
    machine: Client, link: str, act: str, said: str, taken_back: str
) -> None:
    page = machine.post(f"{link}/{act}", {"do": act}).content.decode()

    assert said in page
    assert f'name="undo" value="{act}"' in page
    assert Mark.objects.get().verdict == act

    page = machine.post(f"{link}/{act}", {"undo": act}).content.decode()
    assert taken_back in page
    assert not Mark.objects.exists()


@pytest.mark.parametrize(
    ("before", "act"), [("less", "save"), ("less", "more"), ("more", "less")]
)
def test_undo_brings_back_what_was_said_before(
    machine: Client, link: str, before: str, act: str
) -> None:
    machine.post(link, {"do": before})

    page = machine.post(f"{link}/{act}", {"do": act}).content.decode()
    assert f'name="was" value="{before}"' in page
    machine.post(f"{link}/{act}", {"undo": act, "was": before})

    assert Mark.objects.get().verdict == before
    assert not SavedPaper.objects.exists()


def test_saying_the_same_again_is_undone_at_once(machine: Client, link: str) -> None:
    machine.post(link, {"do": "more"})

    page = machine.post(f"{link}/more", {"do": "more"}).content.decode()

    assert 'name="was"' not in page


def test_undo_brings_back_no_more_than_a_mark(machine: Client, link: str) -> None:
    for was in ("save", "explode"):
        machine.post(link, {"undo": "more", "was": was})

    assert not SavedPaper.objects.exists()
    assert not Mark.objects.exists()


def test_what_was_said_before_is_shown_with_its_undo(
    machine: Client, link: str
) -> None:
    machine.post(link, {"do": "save"})
    machine.post(link, {"do": "more"})

    page = machine.get(link).content.decode()

    assert page.count('name="undo"') == 2
    assert 'name="do" value="less"' in page
    assert 'name="do" value="save"' not in page


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_link_scanners_change_nothing(machine: Client, link: str, method: str) -> None:
    rows = all_rows()

    for act in ("", "/save", "/more", "/less", "/mute"):
        for query in ("", "?do=save", "?do=less", "?undo=save"):
            getattr(machine, method)(f"{link}{act}{query}")

    assert all_rows() == rows


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"do": "explode"},
        {"undo": "explode"},
        {"unmute": "x"},
        {"mute": "all", "text": "word"},
    ],
)
def test_a_button_that_there_is_not_changes_nothing(
    machine: Client, link: str, sent: dict[str, str]
) -> None:
    rows = all_rows()

    assert machine.post(link, sent).status_code == 400
    assert all_rows() == rows


def test_the_token_opens_only_this_and_no_other_token_does(
    machine: Client, schedule: Schedule, paper: Paper
) -> None:
    token = schedule.feedback_token
    for path in (f"/m/{token}/", f"/u/{token}", f"/l/{token}/"):
        assert machine.get(path).status_code == 404
    for other in (schedule.manage_token, schedule.unsubscribe_token, "x" * 22, "short"):
        answer = machine.post(f"/f/{other}/{paper.pk}/save", {"do": "save"})
        assert answer.status_code == 404
    assert not SavedPaper.objects.exists()


def test_papers_that_are_not_shown_and_acts_that_there_are_not(
    machine: Client, link: str, paper: Paper
) -> None:
    stem = link.rpartition("/")[0]
    assert machine.get(f"{link}/explode").status_code == 404
    assert machine.get(f"{stem}/{10**30}").status_code == 404
    hide_paper(paper)
    assert machine.post(link, {"do": "save"}).status_code == 404
    assert not SavedPaper.objects.exists()


def test_the_link_of_a_paper_that_was_merged_speaks_of_the_work(
    machine: Client, link: str, paper: Paper
) -> None:
    work = make_paper("Grasping, published")
    Paper.objects.filter(pk=paper.pk).update(merged_into=work)

    page = machine.post(link, {"do": "save"}).content.decode()

    assert "Grasping, published" in page
    assert SavedPaper.objects.get().paper == work


def test_revoked_links_and_closed_accounts_say_nothing(
    machine: Client, link: str, ada: User
) -> None:
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert machine.get(link).status_code == 404

    User.objects.filter(pk=ada.pk).update(is_active=True)
    accounts.revoke_links(ada)
    assert machine.post(link, {"do": "save"}).status_code == 404


def test_on_the_web_the_same_page_asks_who_is_there(
    client: Client, schedule: Schedule, paper: Paper
) -> None:
    path = f"/paper/{paper.slug}/feedback/"
    assert client.get(path)["Location"].startswith("/account/login/")

    manage(client, schedule)
    page = client.get(path).content.decode()
    assert page.count("csrfmiddlewaretoken") == 4

    client.post(f"{path}less/", {"do": "less"})
    assert Mark.objects.get().verdict == "less"
    assert client.get(f"{path}explode/").status_code == 404


def test_on_the_web_a_form_from_another_site_is_refused(
    schedule: Schedule, paper: Paper
) -> None:
    browser = Client(enforce_csrf_checks=True)
    manage(browser, schedule)

    answer = browser.post(f"/paper/{paper.slug}/feedback/", {"do": "save"})

    assert answer.status_code == 403
    assert not SavedPaper.objects.exists()


def test_cards_lead_to_it_for_whoever_is_signed_in(
    client: Client, ada: User, picked: Any
) -> None:
    path = Paper.objects.get().get_absolute_url()
    for page in ("/", path):
        assert f"{path}feedback/" not in client.get(page).content.decode()

    client.force_login(ada)

    for page in ("/", path):
        assert f"{path}feedback/" in client.get(page).content.decode()
