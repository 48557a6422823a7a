"""The link that ends all digests: RFC 8058 and what surrounds it, U1 to U14."""

from __future__ import annotations

import secrets
import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client, override_settings

from accounts import services
from accounts.models import User
from digest import links
from digest.models import Delivery, Digest, Schedule, Subscription, Topic
from digest.pipeline import plan
from digest.reading import subscriptions
from tests.digest.views.steps import all_rows, one_click, sign_up
from tests.factories import NOW, make_reader

FORM = "application/x-www-form-urlencoded"


def has_ended(schedule: Schedule) -> bool:
    return Schedule.objects.get(pk=schedule.pk).ended_at is not None


def test_u1_one_click_needs_no_cookie_and_sets_none(
    machine: Client, url: str, schedule: Schedule
) -> None:
    begun = time.perf_counter()
    response = one_click(machine, url)

    assert response.status_code == 200
    assert time.perf_counter() - begun < 2
    assert "Set-Cookie" not in response.headers
    assert not response.cookies
    assert has_ended(schedule)


def test_u2_one_click_may_come_as_multipart(
    machine: Client, url: str, schedule: Schedule
) -> None:
    response = machine.post(url, {"List-Unsubscribe": "One-Click"})

    assert response.status_code == 200
    assert has_ended(schedule)


@override_settings(SECURE_SSL_REDIRECT=True, SECURE_REDIRECT_EXEMPT=[r"^u/"])
@pytest.mark.parametrize("ending", ["", "/"])
@pytest.mark.parametrize("language", ["en", "de"])
def test_u3_one_click_is_never_answered_with_a_redirect(
    machine: Client, schedule: Schedule, ending: str, language: str
) -> None:
    path = f"/u/{schedule.unsubscribe_token}{ending}"
    response = one_click(machine, path, headers={"accept-language": language})

    assert response.status_code == 200
    assert has_ended(schedule)


def test_u3_the_header_line_is_short_enough_for_one_line() -> None:
    url = links.unsubscribe_url(links.new_token())

    assert url.startswith("https://papers.example.org/u/")
    assert not url.endswith("/")
    assert len(f"List-Unsubscribe: <{url}>") <= 78


@pytest.mark.usefixtures("picked")
def test_u4_one_click_cancels_what_was_not_claimed_yet(
    machine: Client, url: str, ada: User
) -> None:
    delivery_id = plan.plan_welcome(ada.pk, now=NOW)

    one_click(machine, url)

    delivery = Delivery.objects.get()
    assert delivery.pk == delivery_id
    assert delivery.state == Delivery.State.SKIPPED
    assert delivery.reason == subscriptions.LEFT


def test_u5_a_repeated_one_click_changes_nothing(
    machine: Client, url: str, clock: list[datetime]
) -> None:
    first = one_click(machine, url)
    rows = all_rows()
    clock[0] = NOW + timedelta(hours=1)

    second = one_click(machine, url)

    assert (second.status_code, second.content) == (200, first.content)
    assert all_rows() == rows


@pytest.mark.parametrize(
    "token",
    [
        "A" * 22,
        "short",
        "x" * 10_000,
        "naïve-token-with-umlaut",
        "null%00byte-null%00byte",
        "' OR 1=1 --",
    ],
)
def test_u5_a_wrong_token_gets_the_same_answers_and_changes_nothing(
    machine: Client, url: str, token: str
) -> None:
    wrong = f"/u/{token}"
    rows = all_rows()
    shown = machine.get(f"/u/{links.new_token()}")

    assert one_click(machine, wrong).status_code == 200
    assert machine.get(wrong).status_code == 404
    assert machine.post(wrong, {"confirm": "1"}).status_code == 404
    assert machine.get(wrong).content == shown.content
    assert all_rows() == rows
    assert one_click(machine, wrong).content == one_click(machine, url).content


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_u6_link_scanners_change_nothing(
    machine: Client,
    url: str,
    leave_url: str,
    clock: list[datetime],
    method: str,
) -> None:
    rows = all_rows()

    for age in (timedelta(0), timedelta(days=1)):
        clock[0] = NOW + age
        for _again in range(20):
            getattr(machine, method)(url)
            getattr(machine, method)(leave_url)

    assert all_rows() == rows


def test_u6_the_page_has_a_button(machine: Client, url: str) -> None:
    page = machine.get(url).content.decode()

    assert '<form method="post"' in page
    assert 'name="confirm"' in page


@pytest.mark.parametrize(
    "body", ["", "List-Unsubscribe=one-click", "List-Unsubscribe=", "other=1"]
)
def test_u7_only_the_exact_words_or_the_button_act(
    machine: Client, url: str, schedule: Schedule, body: str
) -> None:
    response = machine.post(url, body, content_type=FORM)

    assert response.status_code == 400
    assert 'name="confirm"' in response.content.decode()
    assert not has_ended(schedule)


def test_u7_the_button_works_without_script_and_without_sign_in(
    machine: Client, url: str, schedule: Schedule
) -> None:
    response = machine.post(url, {"confirm": "1"}, headers={"origin": "null"})

    assert response.status_code == 200
    assert "Your digests have ended" in response.content.decode()
    assert not response.cookies
    assert has_ended(schedule)


def test_u8_tokens_are_random_and_good_for_one_purpose(
    machine: Client, schedule: Schedule, subscription: Subscription
) -> None:
    tokens = {
        schedule.unsubscribe_token,
        schedule.manage_token,
        subscription.leave_token,
    }
    assert len(tokens) == 3
    assert all(len(token) * 6 >= 128 for token in tokens)

    rows = all_rows()
    for token in (schedule.manage_token, subscription.leave_token):
        one_click(machine, f"/u/{token}")
        machine.post(f"/u/{token}", {"confirm": "1"})
    for token in (schedule.manage_token, schedule.unsubscribe_token):
        machine.post(f"/l/{token}/", {"confirm": "1"})
    for token in (schedule.unsubscribe_token, subscription.leave_token):
        assert machine.get(f"/m/{token}/").status_code == 404

    assert all_rows() == rows


def test_u9_old_links_survive_new_keys_and_a_new_cadence(
    machine: Client, url: str, schedule: Schedule, clock: list[datetime]
) -> None:
    Schedule.objects.update(cadence="weekly")
    clock[0] = NOW + timedelta(days=400)

    with override_settings(SECRET_KEY=secrets.token_hex(), SECRET_KEY_FALLBACKS=[]):
        one_click(machine, url)

    assert has_ended(schedule)


@pytest.mark.parametrize("method", ["get", "post"])
def test_u10_links_are_kept_from_caches_search_engines_and_referers(
    machine: Client, url: str, leave_url: str, method: str
) -> None:
    for path in (url, leave_url, f"/u/{links.new_token()}"):
        response = getattr(machine, method)(path)

        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["X-Robots-Tag"] == "noindex"


def test_u10_no_number_of_posts_is_too_many(machine: Client, url: str) -> None:
    assert {one_click(machine, url).status_code for _again in range(60)} == {200}


def test_u14_who_left_still_gets_the_mail_they_ask_for(
    machine: Client, client: Client, url: str, django_capture_on_commit_callbacks: Any
) -> None:
    one_click(machine, url)

    assert not services.is_suppressed("ada@example.org", scope="all")
    with django_capture_on_commit_callbacks(execute=True):
        sign_up(client, "ada@example.org")
    assert [message.to for message in mail.outbox] == [["ada@example.org"]]


def test_c15_pages_show_a_masked_address_only(
    machine: Client, url: str, leave_url: str
) -> None:
    for path in (url, leave_url):
        page = machine.get(path).content.decode()

        assert "a…a@e…e.org" in page
        assert "ada@example.org" not in page


def test_b48_a_cross_origin_one_click_acts_and_is_harmless_twice(
    machine: Client, url: str, schedule: Schedule
) -> None:
    for _again in range(2):
        response = one_click(machine, url, headers={"origin": "https://evil.example"})
        assert response.status_code == 200

    assert has_ended(schedule)


def test_the_link_of_one_reader_leaves_the_others_alone(
    machine: Client, url: str, robots: Topic
) -> None:
    other = make_reader("bob@example.org", robots)

    one_click(machine, url)

    assert not has_ended(other.schedule)
    assert not Digest.objects.exists()


@pytest.mark.usefixtures("picked")
def test_u11_the_header_brings_this_link_and_no_mail_address(
    reader: Client, url: str, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        reader.post("/welcome/send/")

    headers = mail.outbox[-1].message()
    assert headers["List-Unsubscribe"] == f"<https://papers.example.org{url}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
