"""Asking first by mail: S1-S5, S8-S11 and the inputs B42, B43, B46."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import services
from accounts.addresses import normalise
from accounts.models import Consent, Signup, Suppression, User
from tests.accounts.story import NOW, confirm, sign_up

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def test_it_makes_nobody_a_person_before_the_button_is_pressed() -> None:
    sign_up("ann@example.org")

    assert not User.objects.exists()
    assert Signup.objects.get().confirmed_at is None


def test_it_makes_a_person_with_consent_when_the_button_is_pressed() -> None:
    sign_up("Ann@Example.org", wishes={"topics": [3]})

    confirmed = confirm("ann@example.org", NOW + timedelta(hours=1))

    assert (confirmed.is_new, confirmed.wishes) == (True, {"topics": [3]})
    assert confirmed.user.email == "ann@example.org"
    assert not confirmed.user.has_usable_password()
    consent = Consent.objects.get(user=confirmed.user)
    assert (consent.at, consent.confirmed_at) == (NOW, NOW + timedelta(hours=1))
    assert (consent.ip_prefix, consent.form_version) == ("192.0.2.0/24", "1")
    assert consent.text_hash == "a" * 64
    address = EmailAddress.objects.get(user=confirmed.user)
    assert (address.verified, address.primary) == (True, True)


def _queries_of_sign_up(email: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        services.begin_signup(
            address=normalise(email),
            wishes={},
            evidence=services.Evidence(ip_prefix="198.51.100.0/24"),
            now=NOW + 2 * DAY,
        )
    return len(captured)


def test_it_does_the_same_work_for_every_address() -> None:
    for name in ("known", "pending", "blocked", "complained", "tired"):
        sign_up(f"{name}@example.org")
    confirm("known@example.org")
    services.suppress("blocked@example.org", "request", "digests", NOW)
    services.suppress("complained@example.org", "complaint", "all", NOW)
    sign_up("tired@example.org", NOW + 2 * DAY)

    work = {
        _queries_of_sign_up(f"{name}@example.org")
        for name in ("known", "pending", "blocked", "complained", "tired")
    }

    assert len(work) == 1
    assert len(mail.outbox) == 6


def test_it_writes_a_mail_to_a_known_person_that_leads_on() -> None:
    sign_up("ann@example.org")
    confirm("ann@example.org")
    sign_up("ann@example.org", NOW + 2 * DAY, wishes={"topics": [9]})

    assert "knows already" in str(mail.outbox[-1].body)
    confirmed = confirm("ann@example.org", NOW + 2 * DAY)
    assert (confirmed.is_new, confirmed.wishes) == (False, {"topics": [9]})
    assert User.objects.count() == 1


def test_it_writes_nothing_to_a_closed_account(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    mail.outbox.clear()

    sign_up("alice@example.org", NOW + 2 * DAY)

    assert not mail.outbox
    token = Signup.objects.get().token
    assert services.confirm_signup(token, NOW + 2 * DAY) is None


def test_it_gives_the_same_person_when_the_button_is_pressed_twice() -> None:
    sign_up("ann@example.org")
    first = confirm("ann@example.org")
    second = confirm("ann@example.org", NOW + timedelta(minutes=59))

    assert second == first
    assert Consent.objects.count() == 1


def test_it_forgets_the_link_an_hour_after_it_was_used() -> None:
    sign_up("ann@example.org")
    token = Signup.objects.get().token
    confirm("ann@example.org")

    assert services.confirm_signup(token, NOW + timedelta(minutes=61)) is None
    services.prune(NOW + timedelta(minutes=61))
    assert not Signup.objects.exists()


def test_it_refuses_and_erases_a_sign_up_after_seven_days() -> None:
    sign_up("ann@example.org")
    token = Signup.objects.get().token

    assert services.confirm_signup(token, NOW + 7 * DAY) is None
    services.prune(NOW + 7 * DAY)
    assert not Signup.objects.exists()
    assert not User.objects.exists()


def test_it_keeps_the_mailed_link_good_when_the_form_is_sent_again() -> None:
    sign_up("ann@example.org")
    token = Signup.objects.get().token
    sign_up("ann@example.org", NOW + timedelta(hours=1), wishes={"topics": [2]})

    confirmed = services.confirm_signup(token, NOW + timedelta(hours=2))

    assert confirmed is not None
    # What the mail was sent for: whoever came later may not be its reader.
    assert confirmed.wishes == {"topics": [1]}


@pytest.mark.parametrize(
    "token",
    ["", "x", "a" * 21, "a" * 24, "a" * 10_000, "ä" * 24, "\x00" * 24, "../" * 8],
)
def test_it_refuses_a_token_that_it_did_not_make(token: str) -> None:
    sign_up("ann@example.org")

    assert services.confirm_signup(token, NOW) is None
    assert services.find_signup(token, NOW) is None
    assert not User.objects.exists()


def test_it_refuses_a_token_that_was_cut() -> None:
    sign_up("ann@example.org")
    token = Signup.objects.get().token

    assert services.confirm_signup(token[:-1], NOW) is None


def test_looking_at_the_link_changes_nothing() -> None:
    sign_up("ann@example.org")
    before = Signup.objects.values().get()

    for _look in range(10):
        assert services.find_signup(before["token"], NOW) is not None

    assert Signup.objects.values().get() == before


def test_it_sends_once_when_the_task_is_delivered_twice() -> None:
    sign_up("ann@example.org")
    signup = Signup.objects.get()
    services.send_signup_mail(signup.pk, NOW)

    assert len(mail.outbox) == 1
    assert (signup.mails_sent, signup.last_mailed_at) == (1, NOW)


@pytest.mark.parametrize("reason", ["hard_bounce", "complaint"])
def test_it_asks_a_bounced_or_complained_address_once_in_thirty_days(
    reason: str,
) -> None:
    services.suppress("ann@example.org", reason, "all", NOW)

    sign_up("ann@example.org", NOW + 29 * DAY)
    assert not mail.outbox

    sign_up("ann@example.org", NOW + 30 * DAY)
    sign_up("ann@example.org", NOW + 32 * DAY)
    assert len(mail.outbox) == 1

    confirm("ann@example.org", NOW + 32 * DAY)
    assert not Suppression.objects.exists()


def test_it_never_asks_an_address_that_wants_no_mail_at_all() -> None:
    services.suppress("ann@example.org", "erased", "all", NOW)

    sign_up("ann@example.org", NOW + 400 * DAY)

    assert not mail.outbox


def test_leaving_the_digests_does_not_block_the_confirmation() -> None:
    services.suppress("ann@example.org", "request", "digests", NOW)

    sign_up("ann@example.org")
    assert len(mail.outbox) == 1

    confirm("ann@example.org")
    assert not services.is_suppressed("ann@example.org", "digests")
