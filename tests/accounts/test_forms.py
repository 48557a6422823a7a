"""What keeps programs from pressing the sign-up button (S7, B44)."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from accounts.forms import GuardedSignupForm
from accounts.models import Address
from accounts.tokens import make_form_token
from tests.accounts.story import NOW

pytestmark = pytest.mark.django_db


def _form(**changes: str) -> GuardedSignupForm:
    shown = make_form_token(NOW - timedelta(seconds=5))
    data = {"email": "Ann@example.org", "website": "", "shown": shown, **changes}
    return GuardedSignupForm(data, now=NOW)


def test_a_person_passes() -> None:
    form = _form()

    assert form.is_valid()
    assert not form.is_automated
    assert form.cleaned_data["email"] == Address("ann@example.org", "ann@example.org")


@pytest.mark.parametrize(
    "changes",
    [
        {"website": "https://example.net"},
        {"shown": ""},
        {"shown": "123"},
        {"shown": "A" * 43},
        {"shown": make_form_token(NOW - timedelta(seconds=1))},
        {"shown": make_form_token(NOW + timedelta(hours=1))},
        {"shown": make_form_token(NOW - timedelta(days=2))},
        {"shown": "\x00" * 10_000},
    ],
    # By name: tokens differ from run to run, and names of tests must not.
    ids=["honeypot", "none", "short", "forged", "young", "future", "old", "zeros"],
)
def test_a_program_passes_as_valid_and_is_told_apart(changes: dict[str, str]) -> None:
    form = _form(**changes)

    assert form.is_valid() or "shown" in form.errors
    if form.is_valid():
        assert form.is_automated


@pytest.mark.parametrize("email", ["", "a@b", "abuse@example.org"])
def test_a_wrong_address_is_an_error_of_the_form(email: str) -> None:
    assert "email" in _form(email=email).errors


def test_it_asks_for_the_invitation_only_where_one_is_needed(
    settings: Settings,
) -> None:
    assert "invitation" not in _form().fields

    settings.DIGEST_SIGNUP = "invitation"
    form = _form(invitation="x")
    assert not form.is_valid()
    assert "invitation" in str(form.errors)


def test_the_form_that_is_shown_carries_the_signed_moment() -> None:
    assert "value=" in str(GuardedSignupForm(now=NOW)["shown"])
