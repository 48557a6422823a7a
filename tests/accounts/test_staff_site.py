"""The admin's door: a second factor of this session, shown lately."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.internal.flows import login
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib import admin
from django.test import Client
from django.utils import timezone

from accounts import services
from accounts.models import User
from accounts.views.staff_site import FACTOR_LASTS, StaffSite
from tests.accounts.story import NOW, code_in_last_mail, send_all, sign_in_by_code

pytestmark = pytest.mark.django_db

ADMIN = "/admin/"
SHOW_APP = "/account/2fa/reauthenticate/"
SHOW_PASSKEY = "/account/2fa/webauthn/reauthenticate/"


@pytest.fixture(autouse=True)
def _strict_door(settings: Any) -> None:
    settings.DIGEST_STAFF_SECOND_FACTOR = True


@pytest.fixture
def boss() -> User:
    return services.make_staff("boss@example.org", None, NOW)


@pytest.fixture
def secret(boss: User) -> str:
    """What the boss's authenticator app keeps."""
    made = generate_totp_secret()
    TOTP.activate(boss, made)
    return str(made)


@pytest.fixture
def browser(boss: User, client: Client) -> Client:
    """The boss's browser after a mailed code, and no factor."""
    sign_in_by_code(client, boss)
    return client


def code_of(secret: str) -> str:
    """What the app shows now."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def asked_at(client: Client, path: str = ADMIN) -> str:
    """Where the admin leads whom it does not let in."""
    door = client.get(path)["Location"]
    return str(client.get(door)["Location"])


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


def test_the_site_that_is_installed_is_the_strict_one() -> None:
    assert isinstance(admin.site, StaffSite)


def test_a_session_without_a_factor_is_asked_for_it_though_the_account_has_one(
    browser: Client, secret: str
) -> None:
    response = browser.get("/admin/accounts/user/?q=ann")

    assert response.status_code == 302
    assert asked_at(browser, "/admin/accounts/user/?q=ann") == (
        f"{SHOW_APP}?next=%2Fadmin%2Faccounts%2Fuser%2F%3Fq%3Dann"
    )


def test_the_apps_code_opens_the_admin_where_one_wanted_to_go(
    browser: Client, secret: str
) -> None:
    page = browser.get(asked_at(browser, "/admin/accounts/user/"))
    assert "Your second factor" in page.content.decode()

    wrong = browser.post(SHOW_APP, {"code": "000000", "next": ADMIN})
    assert wrong.status_code == 200
    shown = browser.post(
        SHOW_APP, {"code": code_of(secret), "next": "/admin/accounts/user/"}
    )

    assert shown["Location"] == "/admin/accounts/user/"
    assert browser.get("/admin/accounts/user/").status_code == 200


def test_the_factor_of_one_session_opens_no_other(
    browser: Client, boss: User, secret: str
) -> None:
    browser.post(SHOW_APP, {"code": code_of(secret), "next": ADMIN})
    other = Client()
    sign_in_by_code(other, boss)

    assert browser.get(ADMIN).status_code == 200
    assert other.get(ADMIN).status_code == 302


def test_after_twelve_hours_the_factor_is_asked_again(
    browser: Client, secret: str, clock: time_machine.Traveller
) -> None:
    browser.post(SHOW_APP, {"code": code_of(secret), "next": ADMIN})
    clock.shift(FACTOR_LASTS - timedelta(minutes=1))
    assert browser.get(ADMIN).status_code == 200

    clock.shift(timedelta(minutes=2))

    assert browser.get(ADMIN).status_code == 302
    assert asked_at(browser).startswith(SHOW_APP)
    clock.shift(timedelta(minutes=2))
    browser.post(SHOW_APP, {"code": code_of(secret), "next": ADMIN})
    assert browser.get(ADMIN).status_code == 200


def test_signing_in_with_code_and_app_is_asked_for_nothing_more(
    boss: User, secret: str, client: Client
) -> None:
    client.post("/account/login/?next=/admin/", {"login": boss.email})
    send_all(timezone.now())
    client.post("/account/login/code/confirm/", {"code": code_in_last_mail()})
    assert client.get(ADMIN).status_code == 302

    client.post("/account/2fa/authenticate/", {"code": code_of(secret)})

    assert client.get(ADMIN).status_code == 200


def test_a_recovery_code_stands_in_for_an_app_that_was_lost(
    browser: Client, boss: User, secret: str
) -> None:
    code = RecoveryCodes.activate(boss).get_unused_codes()[0]

    browser.post(SHOW_APP, {"code": code, "next": ADMIN})

    assert browser.get(ADMIN).status_code == 200


def test_who_has_a_passkey_alone_is_asked_for_that(browser: Client, boss: User) -> None:
    Authenticator.objects.create(
        user=boss,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "Key", "credential": {}},
    )

    assert asked_at(browser).startswith(SHOW_PASSKEY)


def test_a_passkey_that_signed_in_is_the_factor(browser: Client, boss: User) -> None:
    key = Authenticator.objects.create(
        user=boss, type=Authenticator.Type.WEBAUTHN, data={"name": "Key"}
    )
    session = browser.session
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] += [
        {
            "method": "mfa",
            "type": "webauthn",
            "id": key.pk,
            "passwordless": True,
            "at": timezone.now().timestamp(),
        }
    ]
    session.save()

    assert browser.get(ADMIN).status_code == 200


def test_who_removed_the_authenticator_is_out_at_once(
    browser: Client, boss: User, secret: str
) -> None:
    browser.post(SHOW_APP, {"code": code_of(secret), "next": ADMIN})
    Authenticator.objects.filter(user=boss).delete()

    assert asked_at(browser) == "/account/2fa/totp/activate/"


def test_a_password_alone_does_not_open_the_admin(boss: User, client: Client) -> None:
    boss.set_password("correct horse")
    boss.save()

    client.post("/admin/login/", {"username": boss.email, "password": "correct horse"})

    assert client.get(ADMIN).status_code == 302


def test_strangers_are_sent_to_the_code_and_readers_are_refused(
    alice: User, client: Client
) -> None:
    assert asked_at(client) == "/account/login/?next=/admin/"

    sign_in_by_code(client, alice)

    assert client.get("/admin/login/?next=/admin/").status_code == 403


def test_the_door_leads_to_no_other_host(browser: Client, secret: str) -> None:
    led = browser.get("/admin/login/?next=https://elsewhere.example/")["Location"]

    assert led == f"{SHOW_APP}?next=%2Fadmin%2F"
