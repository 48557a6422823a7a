"""Rules of security that are kept by reading the source: see docs/security.md."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

from tests.test_architecture import ROOT, tracked

OURS = ("accounts", "config", "digest", "deploy")
FETCHERS = re.compile(
    r"^\s*(?:import|from) (?:requests|urllib\.request|httpx2)\b", re.M
)
MEASURING = ("digest/bench/", "deploy/")
"""What asks only servers of its own, on loopback."""


KINDS = {"whose: str"}
"""What a task may take besides ids: the name of a kind of row."""


def sources() -> dict[str, str]:
    """The product's modules, by path."""
    paths = tracked(*(f"{name}/*.py" for name in OURS))
    return {str(path.relative_to(ROOT)): path.read_text() for path in paths}


def test_only_sources_fetch() -> None:
    fetching = {
        path
        for path, text in sources().items()
        if FETCHERS.search(text) and not path.startswith(MEASURING)
    }

    assert fetching
    assert all(path.startswith("digest/sources/") for path in fetching), fetching


def test_feedparser_is_given_bytes_and_never_a_name() -> None:
    calls = [
        call
        for text in sources().values()
        for call in re.findall(r"feedparser\.parse\(\s*(\S*)", text)
    ]

    assert calls
    assert all(call.startswith(("BytesIO(", "io.BytesIO(")) for call in calls), calls


def test_no_mail_fails_in_silence() -> None:
    loud = re.compile(r"fail_silently\s*=\s*True")
    assert [path for path, text in sources().items() if loud.search(text)] == []


def test_no_page_is_cached_for_all() -> None:
    assert [path for path, text in sources().items() if "cache_page" in text] == []
    assert not [name for name in settings.MIDDLEWARE if "middleware.cache" in name]


def test_messages_to_workers_are_json_and_hold_ids() -> None:
    assert settings.CELERY_ACCEPT_CONTENT == ["json"]
    text = (ROOT / "digest" / "tasks.py").read_text()
    text += (ROOT / "accounts" / "tasks.py").read_text()
    taken = re.findall(r"@shared_task[^\n]*\ndef \w+\(([^)]*)\)", text)
    arguments = {
        argument for each in taken for argument in each.split(", ") if argument
    }

    assert arguments
    for argument in arguments - KINDS:
        assert re.fullmatch(r"\w+_ids?: (?:int|list\[int\])", argument), argument


def test_a_cookie_signed_under_an_old_salt_is_refused() -> None:
    assert settings.SIGNED_COOKIE_LEGACY_SALT_FALLBACK is False


def test_templates_are_files_and_never_text_from_the_database() -> None:
    made = re.compile(r"\bTemplate\(|from_string\(|render_value_in_context")
    assert [path for path, text in sources().items() if made.search(text)] == []


def test_no_page_calls_text_safe() -> None:
    trusting = re.compile(r"\|\s*safe\b|autoescape off|mark_safe\(")
    pages = tracked("templates/*.html", "templates/**/*.html")
    found = [path for path in pages if trusting.search(path.read_text())]
    assert [str(Path(path).relative_to(ROOT)) for path in found] == []


def test_no_secret_stands_in_the_repository() -> None:
    keys = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|ghp_\w{36}")
    assert [path for path in tracked("*") if _holds(path, keys)] == []


def _holds(path: Path, pattern: re.Pattern[str]) -> bool:
    own = path == Path(__file__)
    return not own and bool(pattern.search(path.read_text(errors="replace")))
