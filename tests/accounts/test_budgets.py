"""How many mails sign-ups may cause: S3, S4, S10, B42."""

from datetime import timedelta

import pytest
from django.core import mail
from pytest_django import Settings

from accounts import services
from accounts.models import Signup, SignupAttempt
from tests.accounts.story import NOW, sign_up

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def test_it_sends_one_mail_for_a_thousand_sign_ups_of_one_address() -> None:
    for _press in range(1000):
        sign_up("ann@example.org")

    assert len(mail.outbox) == 1


def test_it_sends_three_mails_in_thirty_days_and_then_none() -> None:
    for day in range(29):
        sign_up("ann@example.org", NOW + day * DAY)
        services.prune(NOW + day * DAY)

    assert len(mail.outbox) == 3

    sign_up("ann@example.org", NOW + 31 * DAY)
    assert len(mail.outbox) == 4


def test_it_counts_all_ways_of_writing_as_one_address() -> None:
    for email in (
        "ann.lee@gmail.com",
        "a.n.n.lee+x@googlemail.com",
        "ANNLEE@gmail.com",
    ):
        sign_up(email)

    assert len(mail.outbox) == 1
    assert Signup.objects.count() == 1


def test_it_sends_ten_mails_an_hour_to_one_network() -> None:
    for person in range(15):
        sign_up(f"ann{person}@a{person}.example.org")
    assert len(mail.outbox) == 10

    sign_up("bob@example.org", network="198.51.100.0/24")
    sign_up("cleo@example.org", NOW + timedelta(minutes=61))
    assert len(mail.outbox) == 12


def test_it_limits_the_mails_to_one_domain_and_in_all(settings: Settings) -> None:
    settings.DIGEST_SIGNUP_MAILS_PER_DOMAIN_HOUR = 3
    settings.DIGEST_SIGNUP_MAILS_PER_HOUR = 5
    for person in range(5):
        sign_up(f"ann{person}@example.org", network=f"192.0.{person}.0/24")
    assert len(mail.outbox) == 3

    for person in range(5):
        sign_up(f"bob@b{person}.example.com", network=f"198.51.{person}.0/24")
    assert len(mail.outbox) == 5


def test_it_forgets_networks_after_seven_days_and_hashes_after_thirty() -> None:
    sign_up("ann@example.org")
    sign_up("ann@example.org")
    assert SignupAttempt.objects.count() == 2

    services.prune(NOW + 7 * DAY)
    kept = SignupAttempt.objects.get()
    assert (kept.ip_prefix, kept.mail_domain, kept.is_granted) == ("", "", True)

    services.prune(NOW + 30 * DAY)
    assert not SignupAttempt.objects.exists()


@pytest.mark.parametrize(
    ("peer", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("unknown", ""),
    ],
)
def test_it_keeps_the_network_and_not_the_peer(peer: str, network: str) -> None:
    assert services.truncate_ip(peer) == network
