"""Who may sign up: everybody, named domains, the invited."""

from datetime import timedelta

import pytest
from django.core import mail
from pytest_django import Settings

from accounts import services
from accounts.models import Signup
from tests.accounts.story import NOW, confirm, send_all, sign_up

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def test_it_takes_named_domains_only_where_the_operator_says_so(
    settings: Settings,
) -> None:
    settings.DIGEST_SIGNUP = "domains"
    settings.DIGEST_SIGNUP_DOMAINS = ["Example.org"]

    sign_up("ann@example.org")
    with pytest.raises(services.SignupError, match=r"Example\.org"):
        sign_up("ann@sub.example.org")
    assert len(mail.outbox) == 1


def test_it_takes_an_invitation_once(settings: Settings) -> None:
    settings.DIGEST_SIGNUP = "invitation"
    code = services.invite(note="Ann", created_by=None, now=NOW).code
    sign_up("ann@example.org", invitation_code=code)
    sign_up("bob@example.org", invitation_code=code)

    confirm("ann@example.org")

    bobs = Signup.objects.get(email="bob@example.org")
    assert services.confirm_signup(bobs.token, NOW) is None
    with pytest.raises(services.SignupError, match="invitation"):
        sign_up("cleo@example.org", invitation_code=code)
    with pytest.raises(services.SignupError, match="invitation"):
        sign_up("cleo@example.org", invitation_code="")


def test_an_invitation_ends_after_thirty_days(settings: Settings) -> None:
    settings.DIGEST_SIGNUP = "invitation"
    code = services.invite(note="Ann", created_by=None, now=NOW).code

    with pytest.raises(services.SignupError):
        sign_up("ann@example.org", NOW + 30 * DAY, invitation_code=code)
    send_all()
    assert not mail.outbox
