"""Signing in through the host's OpenID Connect, over real HTTP to a small provider."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib import admin
from django.test import Client

from accounts import services
from accounts.models import Signup, User
from tests.accounts.oidc_server import CLIENT_ID, SECRET, OidcServer
from tests.accounts.story import NOW

pytestmark = pytest.mark.django_db

LOGIN = "/account/sso/host/login/"
ALICE = "alice@example.org"


@pytest.fixture
def host(settings: Any) -> Iterator[OidcServer]:
    """The provider that the environment names, with a verified Alice."""
    server = OidcServer()
    server.start()
    server.claims |= {
        "email": "Alice@Example.org",
        "email_verified": True,
        "name": "Alice A.",
        "picture": "https://pictures.example/a.jpg",
    }
    app = {
        "provider_id": "host",
        "name": "Example Institute",
        "client_id": CLIENT_ID,
        "secret": SECRET,
        "settings": {"server_url": server.issuer},
    }
    settings.DIGEST_OIDC = app
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            **settings.SOCIALACCOUNT_PROVIDERS["openid_connect"],
            "APPS": [app],
        }
    }
    yield server
    server.stop()


def go(client: Client, **more: str) -> Any:
    """Press the button, be signed in over there, and come back."""
    led = client.post(LOGIN, more)
    assert led.status_code == 302, led.status_code
    with httpx2.Client() as browser:
        back = browser.get(led["Location"]).headers["Location"]
    parts = urlsplit(back)
    return client.get(f"{parts.path}?{parts.query}")


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_without_a_provider_there_is_no_such_way(client: Client) -> None:
    assert "Sign in with" not in client.get("/account/login/").content.decode().replace(
        "Sign in with a passkey", ""
    )
    assert client.post(LOGIN).status_code == 404


def test_the_button_opens_the_account_with_that_address(
    host: OidcServer, alice: User, client: Client
) -> None:
    page = client.get("/account/login/?next=/account/")
    assert "Sign in with Example Institute" in page.content.decode()
    assert f"form-action 'self' {host.issuer}" in page["Content-Security-Policy"]

    back = go(client, next="/account/")

    assert back["Location"] == "/account/"
    assert is_signed_in(client)
    assert client.get("/account/").wsgi_request.user == alice


def test_it_asks_for_little_with_a_challenge_and_keeps_less(
    host: OidcServer, alice: User, client: Client
) -> None:
    go(client)

    (asked,) = host.asked
    assert set(asked["scope"].split()) == {"openid", "email"}
    assert asked["code_challenge_method"] == "S256"
    account = SocialAccount.objects.get()
    assert (account.user, account.uid, account.extra_data) == (alice, "person-1", {})
    assert not SocialToken.objects.exists()


def test_the_second_time_the_providers_name_is_enough(
    host: OidcServer, alice: User, client: Client
) -> None:
    go(client)
    host.claims["email"] = "renamed@example.org"
    again = Client()

    go(again)

    assert is_signed_in(again)
    assert SocialAccount.objects.get().extra_data == {}
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "stranger@example.org"},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": None},
        {"email": ""},
        {"email": "alice"},
    ],
)
def test_whoever_is_not_known_by_a_verified_address_is_led_to_the_form(
    host: OidcServer, alice: User, client: Client, claims: dict[str, Any]
) -> None:
    host.claims |= claims

    back = go(client)

    assert back["Location"] == "/account/signup/"
    shown = client.get("/account/signup/", follow=True).content.decode()
    assert "Subscribe first" in shown
    assert not is_signed_in(client)
    assert User.objects.count() == 1
    assert not SocialAccount.objects.exists()
    assert Signup.objects.filter(confirmed_at=None).count() == 0


def test_a_closed_account_stays_closed(
    host: OidcServer, alice: User, client: Client
) -> None:
    go(client)
    client.logout()
    User.objects.update(is_active=False)

    go(client)

    assert not is_signed_in(client)


@pytest.mark.parametrize("fault", ["token", "userinfo", "aud"])
def test_what_the_provider_gets_wrong_signs_nobody_in(
    host: OidcServer, alice: User, client: Client, fault: str
) -> None:
    host.faults.add(fault)

    back = go(client)

    assert "That did not work" in back.content.decode()
    assert not is_signed_in(client)


def test_a_state_of_another_browser_is_refused(
    host: OidcServer, alice: User, client: Client
) -> None:
    led = client.post(LOGIN)
    with httpx2.Client() as browser:
        back = urlsplit(browser.get(led["Location"]).headers["Location"])
    victim = Client()

    victim.get(f"{back.path}?{back.query}")

    assert not is_signed_in(victim)


def test_a_link_alone_begins_nothing(host: OidcServer, client: Client) -> None:
    assert client.get(LOGIN).status_code == 200
    assert host.asked == []


def test_who_cancels_over_there_is_back_at_the_door(
    host: OidcServer, client: Client
) -> None:
    led = client.post(LOGIN)
    with httpx2.Client() as browser:
        back = urlsplit(browser.get(led["Location"]).headers["Location"])
    state = back.query.rpartition("state=")[2]

    refused = client.get(f"{back.path}?error=access_denied&state={state}")

    assert refused["Location"] == "/account/sso/cancelled/"
    assert client.get(refused["Location"])["Location"] == "/account/login/"


def test_staff_still_show_their_second_factor(
    host: OidcServer, client: Client, settings: Any
) -> None:
    settings.DIGEST_STAFF_SECOND_FACTOR = True
    boss = services.make_staff(ALICE, None, NOW)
    TOTP.activate(boss, generate_totp_secret())

    back = go(client)

    assert back["Location"] == "/account/2fa/authenticate/"
    assert client.get("/admin/").status_code == 302


def test_it_goes_with_the_account_and_is_handed_out(
    host: OidcServer, alice: User, client: Client
) -> None:
    go(client)

    assert services.export_user(alice)["account"]["host_accounts"] == [
        {"provider": "host", "uid": "person-1"}
    ]
    services.erase_user(alice, NOW)
    assert not SocialAccount.objects.exists()


def test_allauths_own_tables_are_not_in_the_admin() -> None:
    assert not admin.site.is_registered(SocialAccount)
