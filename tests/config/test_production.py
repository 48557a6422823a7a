"""Production starts with what the documentation asks for, or says what is wrong."""

import os
import subprocess
import sys

import pytest

from tests.deploy_check import PRODUCTION


def start(**changes: str) -> subprocess.CompletedProcess[str]:
    """Start Django with the documented environment and these changes."""
    return subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        env={**os.environ, **PRODUCTION, **changes},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_starts_with_the_documented_environment() -> None:
    assert start().returncode == 0


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"EMAIL_URL": "catcher:///tmp/mail"}, "catcher"),
        ({"SITE_URL": "http://papers.example.org"}, "https"),
        ({"SITE_URL": "papers.example.org"}, "SITE_URL"),
        ({"DIGEST_DEFAULT_ZONE": "Mars/X"}, "DIGEST_DEFAULT_ZONE"),
        ({"DIGEST_SIGNUP": "everybody"}, "DIGEST_SIGNUP"),
        ({"EMAIL_PROVIDER": "postmark"}, "ANYMAIL_WEBHOOK_SECRET"),
        ({"DIGEST_MAILS_PER_SECOND": "-1"}, "DIGEST_MAILS_PER_SECOND"),
        ({"DIGEST_MAILS_PER_SECOND": "nan"}, "DIGEST_MAILS_PER_SECOND"),
        ({"DIGEST_MAILS_PER_SECOND_BY_DOMAIN": "gmail.com"}, "gmail.com=20"),
        ({"DIGEST_MAILS_PER_SECOND_BY_DOMAIN": "a.org=fast"}, "BY_DOMAIN is 'fast'"),
    ],
)
def test_it_refuses_to_start_and_names_what_is_wrong(
    changes: dict[str, str], word: str
) -> None:
    refused = start(**changes)

    assert refused.returncode != 0
    assert "ImproperlyConfigured" in refused.stderr
    assert word in refused.stderr


@pytest.mark.parametrize(
    ("changes", "is_served"),
    [
        ({}, False),
        (
            {"EMAIL_PROVIDER": "postmark", "ANYMAIL_WEBHOOK_SECRET": "user:secret"},
            True,
        ),
    ],
)
def test_it_serves_webhooks_only_where_a_secret_guards_them(
    changes: dict[str, str], *, is_served: bool
) -> None:
    code = (
        "import django; django.setup()\n"
        "from django.urls import resolve\n"
        "resolve('/anymail/postmark/tracking/')"
    )
    asked = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **PRODUCTION, **changes},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (asked.returncode == 0) is is_served
    assert is_served or "Resolver404" in asked.stderr
