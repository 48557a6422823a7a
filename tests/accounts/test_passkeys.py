"""Passkeys: who may add one, whom they ask, and what of them is handed out."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.test import Client

from accounts import services
from accounts.models import User
from tests.accounts.story import NOW, sign_in_by_code

pytestmark = pytest.mark.django_db

BACKEND = "django.contrib.auth.backends.ModelBackend"
LIST, ADD = "/account/2fa/webauthn/", "/account/2fa/webauthn/add/"
EMPTY_ANSWER = """{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {
    "userHandle": "YQ", "clientDataJSON": "YQ", "authenticatorData": "YQ",
    "signature": "YQ", "attestationObject": "YQ"}}"""
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


@pytest.fixture
def passkey(alice: User) -> Authenticator:
    return Authenticator.objects.create(
        user=alice,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "Alice's phone", "credential": {}},
    )


@pytest.fixture
def fresh(alice: User, client: Client) -> Client:
    """The browser of Alice, who has just typed a code."""
    sign_in_by_code(client, alice)
    return client


def test_the_account_leads_to_the_passkeys(
    fresh: Client, passkey: Authenticator
) -> None:
    assert f'href="{LIST}"' in fresh.get("/account/").content.decode()

    page = fresh.get(LIST).content.decode()

    assert "Alice&#x27;s phone" in page
    assert f'href="{ADD}"' in page


def test_adding_and_removing_ask_for_a_fresh_code(
    alice: User, client: Client, passkey: Authenticator
) -> None:
    client.force_login(alice, BACKEND)

    for path in (ADD, f"{LIST}keys/{passkey.pk}/remove/"):
        for response in (client.get(path), client.post(path)):
            assert response["Location"].startswith("/account/prove/?next=")
    assert Authenticator.objects.get() == passkey
    assert Client().get(ADD)["Location"].startswith("/account/login/")


def test_the_challenge_asks_for_a_key_that_stays_and_is_unlocked(
    fresh: Client,
) -> None:
    response = fresh.get(ADD)

    options = response.context["js_data"]["creation_options"]["publicKey"]
    chosen = options["authenticatorSelection"]
    assert chosen["userVerification"] == "required"
    assert chosen["residentKey"] == "required"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "x",
        "{}",
        "null",
        "[1]",
        '{"id": 5}',
        '{"id": "YQ", "rawId": "YQ", "type": "x", "response": {}}',
        '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": []}',
        EMPTY_ANSWER,
    ],
)
def test_what_is_no_passkey_is_refused(
    fresh: Client, alice: User, credential: str
) -> None:
    fresh.get(ADD)
    added = fresh.post(ADD, {"name": "x", "credential": credential})
    assert added.status_code == 200

    stranger = Client()
    stranger.get("/account/2fa/webauthn/login/", headers={"accept": "application/json"})
    entered = stranger.post("/account/2fa/webauthn/login/", {"credential": credential})

    assert entered["Location"] == "/account/login/"
    assert stranger.get("/account/")["Location"].startswith("/account/login/")
    assert not Authenticator.objects.exists()


def test_a_passkey_is_removed_by_its_owner_alone(
    fresh: Client, passkey: Authenticator
) -> None:
    other = services.make_staff("boss@example.org", None, NOW)
    theirs = Authenticator.objects.create(
        user=other, type=Authenticator.Type.WEBAUTHN, data={"name": "x"}
    )

    assert fresh.post(f"{LIST}keys/{theirs.pk}/remove/").status_code == 404
    assert fresh.post(f"{LIST}keys/{passkey.pk}/remove/")["Location"] == LIST
    assert Authenticator.objects.get() == theirs


def test_a_reader_with_a_passkey_is_not_asked_for_it_after_a_code(
    alice: User, passkey: Authenticator
) -> None:
    assert not is_mfa_enabled(alice, FACTORS)
    assert not is_mfa_enabled(alice)

    Authenticator.objects.create(user=alice, type=Authenticator.Type.TOTP, data={})

    assert is_mfa_enabled(alice, FACTORS)


def test_of_staff_a_passkey_is_the_second_factor(
    alice: User, passkey: Authenticator
) -> None:
    staff = services.make_staff(alice.email, None, NOW)

    assert is_mfa_enabled(staff, FACTORS)


def test_the_sign_in_page_offers_both_ways(client: Client) -> None:
    page = client.get("/account/login/?next=/reading-list/").content.decode()

    assert "Send me a code" in page
    assert 'action="/account/2fa/webauthn/login/"' in page
    assert page.count('value="/reading-list/"') == 2
    assert "//cdn" not in page


def test_passkeys_are_handed_out_by_name_and_erased(
    alice: User, passkey: Authenticator
) -> None:
    (kept,) = services.export_user(alice)["account"]["passkeys"]
    assert kept["name"] == "Alice's phone"
    assert kept["last_used_at"] is None

    services.erase_user(alice, NOW)

    assert not Authenticator.objects.exists()
