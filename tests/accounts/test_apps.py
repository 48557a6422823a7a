"""Settings with which accounts could not keep its word stop the start."""

from django.core.checks import run_checks
from pytest_django import Settings


def _ids() -> set[str]:
    found = {str(message.id) for message in run_checks()}
    return {name for name in found if name.startswith("accounts.")}


def test_named_domains_need_names(settings: Settings) -> None:
    settings.DIGEST_SIGNUP, settings.DIGEST_SIGNUP_DOMAINS = "domains", []
    assert "accounts.E001" in _ids()

    settings.DIGEST_SIGNUP_DOMAINS = ["example.org"]
    assert "accounts.E001" not in _ids()


def test_the_sender_is_one_mailbox(settings: Settings) -> None:
    for wrong in ("", "Paperboy", "a@example.org, b@example.org"):
        settings.DIGEST_FROM = wrong
        assert "accounts.E002" in _ids()

    settings.DIGEST_FROM = "Paperboy <papers@example.org>"
    assert "accounts.E002" not in _ids()
