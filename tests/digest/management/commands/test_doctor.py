"""`doctor` prints each check, what to do, and ends with 1 if one fails."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from digest.models import Heartbeat
from tests.digest.health.conftest import no_broker
from tests.digest.health.mail.conftest import Zone, zone

__all__ = ["no_broker", "zone"]

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> tuple[int, str]:
    """Exit code and output."""
    out = StringIO()
    try:
        call_command("doctor", *arguments, stdout=out)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_it_says_what_fails_and_what_to_do(no_broker: None) -> None:
    code, text = run("--offline")

    assert code == 1
    assert "broker" in text
    assert "→ Start Redis" in text
    assert "1 failures" in text.splitlines()[-1]


def test_it_asks_the_dns_for_each_record(zone: Zone, no_broker: None) -> None:
    server = zone.lookup._resolver
    _code, text = run("--json", "--dns", f"127.0.0.1:{server.port}")

    found = {each["check"]: each for each in json.loads(text)["checks"]}

    for name in ("D1 SPF", "D1 DMARC", "D3 mailboxes"):
        assert found[name]["verdict"] == "fail"
        assert "papers.example.org" in found[name]["text"] + found[name]["advice"]
    assert [name for name in found if name.startswith("D")] == [
        *("D1 SPF", "D1 DKIM", "D1 DMARC", "D2 reverse DNS", "D3 mailboxes"),
        *("D2 encryption", "D4 streams", "D5 complaints", "D5 bounces", "D6 pace"),
        *("D7 bulk rules", "D8 unsubscribing", "D9 feedback"),
    ]


def test_its_json_is_whole_and_changes_nothing(no_broker: None) -> None:
    code, text = run("--json", "--offline")

    report = json.loads(text)
    assert report["ok"] is (code == 0)
    assert all(
        set(c) == {"check", "verdict", "text", "advice"} for c in report["checks"]
    )
    assert not Heartbeat.objects.exists()


def test_mail_that_is_only_caught_needs_no_records(
    settings: Settings, tmp_path: Path, no_broker: None
) -> None:
    settings.MAIL_CATCHER_DIR = tmp_path

    _code, text = run()

    assert "reaches nobody" in text
    assert "SPF" not in text


def test_it_shows_no_secret(settings: Settings, no_broker: None) -> None:
    settings.EMAIL_PROVIDER = "postmark"
    settings.ANYMAIL = {
        "WEBHOOK_SECRET": "user:canary",
        "POSTMARK_SERVER_TOKEN": "canary",
    }

    _code, text = run("--json", "--offline")

    assert "canary" not in text
    assert settings.SECRET_KEY not in text


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(CommandError):
        run("--dns", "localhost:fifty")
