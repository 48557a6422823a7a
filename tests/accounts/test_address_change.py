"""Moving to another address: the new one confirms, the old one is told."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.utils import timezone

from accounts import services
from accounts.addresses import normalise
from accounts.models import AddressChange, User
from tests.accounts.story import NOW, confirm, send_all, sign_up

pytestmark = pytest.mark.django_db


def _ask(user: User, email: str) -> None:
    services.request_address_change(user, normalise(email), NOW)
    send_all()


def test_it_moves_when_the_new_address_confirms(
    alice: User, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    mailoutbox.clear()
    _ask(alice, "New@example.org")
    assert [message.to for message in mailoutbox] == [["new@example.org"]]
    assert User.objects.get().email == "alice@example.org"

    moved = services.confirm_address_change(AddressChange.objects.get().token, NOW)
    send_all()

    assert moved == alice
    assert (moved.email, moved.email_key) == ("new@example.org", "new@example.org")
    assert moved.token_epoch == alice.token_epoch + 1
    assert EmailAddress.objects.get().email == "new@example.org"
    assert mailoutbox[-1].to == ["alice@example.org"]
    assert "n…w@e…e.org" in mailoutbox[-1].body
    assert "new@example.org" not in mailoutbox[-1].message().as_string()


def test_the_link_works_once_and_for_a_day(alice: User) -> None:
    _ask(alice, "new@example.org")
    token = AddressChange.objects.get().token

    too_late = NOW + timedelta(days=1)
    assert services.confirm_address_change(token, too_late) is None
    assert services.confirm_address_change(token, NOW) is not None
    assert services.confirm_address_change(token, NOW) is None


def test_it_says_nothing_about_other_peoples_addresses(alice: User) -> None:
    sign_up("bob@example.org")
    confirm("bob@example.org")
    services.suppress("cleo@example.org", "complaint", "all", NOW)
    mail.outbox.clear()

    _ask(alice, "bob@example.org")
    _ask(alice, "cleo@example.org")
    _ask(alice, "alice@example.org")

    assert not mail.outbox
    assert not AddressChange.objects.exists()


def test_it_refuses_an_address_that_was_taken_meanwhile(alice: User) -> None:
    _ask(alice, "new@example.org")
    sign_up("new@example.org")
    confirm("new@example.org")

    token = AddressChange.objects.get().token
    assert services.confirm_address_change(token, NOW) is None
    assert User.objects.filter(email="alice@example.org").exists()


def test_it_asks_once_in_ten_minutes(alice: User) -> None:
    mail.outbox.clear()
    _ask(alice, "one@example.org")
    _ask(alice, "two@example.org")

    assert len(mail.outbox) == 1


def test_looking_at_the_link_changes_nothing(alice: User, client: Client) -> None:
    services.request_address_change(alice, normalise("new@example.org"), timezone.now())
    url = f"/account/address/{AddressChange.objects.get().token}/"

    for _look in range(10):
        response = client.get(url)
        client.head(url)
    assert response.status_code == 200
    assert "n…w@e…e.org" in response.content.decode()
    assert "new@example.org" not in response.content.decode()
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    assert User.objects.get().email == "alice@example.org"

    assert client.post(url).status_code == 200
    assert User.objects.get().email == "new@example.org"
    assert client.post(url).status_code == 410
