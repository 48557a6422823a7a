"""Do not write to this address (U14, S11, L4)."""

import pytest
from pytest_django import Settings

from accounts import services
from accounts.models import Consent, Suppression, User
from tests.accounts.story import NOW

pytestmark = pytest.mark.django_db


def test_all_mail_includes_digests_and_not_the_reverse() -> None:
    services.suppress("ann@example.org", "request", "digests", NOW)
    services.suppress("bob@example.org", "complaint", "all", NOW)

    assert services.is_suppressed("ann@example.org", "digests")
    assert not services.is_suppressed("ann@example.org", "all")
    assert services.is_suppressed("bob@example.org", "digests")
    assert services.is_suppressed("BOB@Example.org", "all")
    assert not services.is_suppressed("cleo@example.org", "digests")


def test_it_keeps_no_address() -> None:
    services.suppress("ann@example.org", "complaint", "all", NOW)

    assert not any("ann" in str(value) for value in Suppression.objects.values().get())


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ("hard_bounce", "complaint", "complaint"),
        ("complaint", "hard_bounce", "complaint"),
        ("erased", "complaint", "erased"),
        ("request", "request", "request"),
    ],
)
def test_a_weaker_reason_does_not_replace_a_stronger_one(
    first: str, second: str, kept: str
) -> None:
    services.suppress("ann@example.org", first, "all", NOW)
    services.suppress("ann@example.org", second, "all", NOW)

    assert Suppression.objects.get().reason == kept


def test_querysets_leave_out_the_suppressed(alice: User) -> None:
    services.suppress("alice@example.org", "request", "digests", NOW)

    assert not User.objects.exclude(services.suppressed_users("digests")).exists()
    assert User.objects.exclude(services.suppressed_users("all")).get() == alice
    through = services.suppressed_through("user__email_hmac", "digests")
    assert Consent.objects.filter(through).exists()


def test_it_survives_a_new_secret_key(alice: User, settings: Settings) -> None:
    services.suppress("alice@example.org", "complaint", "all", NOW)
    services.suppress("bob@example.org", "hard_bounce", "all", NOW)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.SECRET_KEY]

    assert services.is_suppressed("alice@example.org", "all")
    assert User.objects.filter(services.suppressed_users("all")).exists()

    services.suppress("alice@example.org", "request", "digests", NOW)
    services.suppress("bob@example.org", "hard_bounce", "all", NOW)
    assert User.objects.filter(services.suppressed_users("all")).exists()
    assert User.objects.filter(services.suppressed_users("digests")).exists()
    assert Suppression.objects.count() == 3

    assert services.lift("alice@example.org") == 2
    assert not User.objects.filter(services.suppressed_users("digests")).exists()


def test_it_lifts_the_named_scope_only() -> None:
    services.suppress("ann@example.org", "request", "digests", NOW)
    services.suppress("ann@example.org", "complaint", "all", NOW)

    assert services.lift("ann@example.org", "digests") == 1
    assert services.is_suppressed("ann@example.org", "digests")  # all mail still is
    assert Suppression.objects.get().scope == "all"
