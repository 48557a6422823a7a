"""Who gets in to the preferences: the link of a mail, its cookie, a sign-in."""

from __future__ import annotations

import time
from http.cookies import Morsel

import pytest
from django.core import signing
from django.test import Client, override_settings

from accounts.models import User
from digest.models import Schedule
from tests.digest.views.steps import all_rows, manage, page_of
from tests.factories import make_reader

PLAN = {
    "action": "schedule",
    "cadence": "weekly",
    "weekday": "5",
    "hour": "18",
    "zone": "America/New_York",
    "max_papers": "7",
}


def cookie(client: Client) -> Morsel[str]:
    return client.cookies["__Host-manage"]


def test_the_link_of_a_mail_opens_the_preferences(
    client: Client, schedule: Schedule
) -> None:
    rows = all_rows()

    response = manage(client, schedule)

    assert (response.status_code, response["Location"]) == (302, "/preferences/")
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    assert all_rows() == rows
    assert "a…a@e…e.org" in page_of(client)


def test_the_cookie_is_for_an_hour_and_for_this_host(reader: Client) -> None:
    flags = cookie(reader)

    assert flags["max-age"] == 3600
    assert (flags["path"], flags["domain"]) == ("/", "")
    assert flags["httponly"]
    assert flags["secure"]
    assert flags["samesite"] == "Lax"


@override_settings(SITE_URL="http://127.0.0.1:8000")
def test_on_loopback_the_cookie_works_without_https(
    client: Client, schedule: Schedule
) -> None:
    manage(client, schedule)

    assert not client.cookies["manage"]["secure"]
    assert "a…a@e…e.org" in page_of(client)


def test_the_cookie_is_over_after_an_hour(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = time.time()
    monkeypatch.setattr(time, "time", lambda: begun + 3601)

    assert reader.get("/preferences/").status_code == 302


def test_raising_the_epoch_ends_the_cookie(reader: Client, ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(token_epoch=1)

    assert reader.get("/preferences/").status_code == 302


@pytest.mark.parametrize("salt", ["", "accounts.form-token", "digest.other"])
def test_b46_a_cookie_signed_for_another_purpose_opens_nothing(
    client: Client, schedule: Schedule, salt: str
) -> None:
    signer = signing.get_cookie_signer(salt=f"__Host-manage{salt}")
    client.cookies["__Host-manage"] = signer.sign(f"{schedule.pk}:0")

    assert client.get("/preferences/").status_code == 302


@pytest.mark.parametrize("value", ["", "1:0", "1:0:forged", "x" * 10_000])
def test_b46_a_forged_cookie_opens_nothing(
    client: Client, schedule: Schedule, value: str
) -> None:
    client.cookies["__Host-manage"] = value

    assert client.get("/preferences/").status_code == 302


@pytest.mark.parametrize(
    "token",
    ["A" * 22, "short", "x" * 10_000, "naïve-token-with-umlaut", "%00" * 22],
)
def test_b46_a_wrong_link_is_a_page_with_a_way_forward(
    client: Client, schedule: Schedule, token: str
) -> None:
    response = client.get(f"/m/{token}/")

    assert response.status_code == 404
    assert 'href="/preferences/"' in response.content.decode()
    assert not response.cookies


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_b47_scanners_of_links_change_nothing(
    client: Client, schedule: Schedule, method: str
) -> None:
    rows = all_rows()

    for _again in range(10):
        getattr(client, method)(f"/m/{schedule.manage_token}/")
        getattr(client, method)("/preferences/")
        getattr(client, method)("/preferences/topics/add/")

    assert all_rows() == rows


def test_strangers_are_asked_to_sign_in(client: Client, db: None) -> None:
    for path in ("/preferences/", "/preferences/topics/add/"):
        response = client.get(path)

        assert response.status_code == 302
        assert response["Location"] == f"/account/login/?next={path}"


def test_a_person_signed_in_sees_their_own(client: Client, ada: User) -> None:
    bob = make_reader("bob@example.org")
    manage(client, ada.schedule)
    client.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")

    assert "b…b@e…e.org" in page_of(client)
    assert "a…a@e…e.org" not in page_of(client)


def test_a_person_who_gets_no_papers_is_led_to_the_form(
    client: Client, db: None
) -> None:
    person = User.objects.create_user("eve@example.org")
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")

    assert client.get("/preferences/")["Location"] == "/subscribe/"
