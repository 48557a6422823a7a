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
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY"),
        ({"SECRET_KEY": "django-insecure-" + "0123456789abcdef" * 4}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"DIGEST_SECURITY_CONTACT": "security@example.org"}, "mailto:"),
        ({"SITE_URL": "http://papers.example.org"}, "https"),
        ({"SITE_URL": "papers.example.org"}, "SITE_URL"),
        ({"DIGEST_DEFAULT_ZONE": "Mars/X"}, "DIGEST_DEFAULT_ZONE"),
        ({"DIGEST_OIDC_ISSUER": "https://id.example.org"}, "DIGEST_OIDC_CLIENT_ID"),
        (
            {
                "DIGEST_OIDC_ISSUER": "http://id.example.org",
                "DIGEST_OIDC_CLIENT_ID": "x",
                "DIGEST_OIDC_SECRET": "y",
            },
            "https",
        ),
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


def run(code: str) -> subprocess.CompletedProcess[str]:
    """Run some lines in the documented environment, its secrets being canaries."""
    secrets = {
        "SECRET_KEY": f"canary-key-{PRODUCTION['SECRET_KEY']}",
        "DATABASE_URL": "postgres://paperboy:canary-db@127.0.0.1:9/paperboy",
        "REDIS_URL": "redis://:canary-redis@127.0.0.1:9/0",
        "EMAIL_URL": "smtp+tls://user:canary-mail@127.0.0.1:9",
    }
    return subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{code}"],
        env={**os.environ, **PRODUCTION, **secrets},
        capture_output=True,
        text=True,
        check=True,
    )


def test_its_cookies_are_bound_to_the_host() -> None:
    told = run(
        "from django.conf import settings as s\n"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_DOMAIN,\n"
        "      s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.CSRF_COOKIE_HTTPONLY,\n"
        "      s.SESSION_COOKIE_SAMESITE)"
    )

    wanted = "__Host-sessionid __Host-csrftoken None True True True Lax"
    assert told.stdout.split() == wanted.split()


def test_no_secret_is_in_an_error_page_or_a_log() -> None:
    told = run(
        # The names of collected static files are not there in a fresh checkout.
        "from django.conf import settings\n"
        "settings.STORAGES['staticfiles']['BACKEND'] = "
        "'django.contrib.staticfiles.storage.StaticFilesStorage'\n"
        "from django.test import Client\n"
        "client = Client(raise_request_exception=False, headers={'host': "
        "'papers.example.org'})\n"
        "answer = client.get('/', secure=True)\n"
        "print(answer.status_code, answer.content.decode())"
    )

    assert told.stdout.startswith("500 "), "the database is not there"
    assert "Traceback" in told.stderr
    assert "canary" not in told.stdout + told.stderr


def test_the_deployment_check_is_silent() -> None:
    checked = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env={**os.environ, **PRODUCTION},
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stderr
    assert "no issues (0 silenced)" in checked.stdout
