"""Fixtures of all tests: what a computer lacks skips a test, by name."""

import os
import shutil
from datetime import UTC, datetime

import pytest
from django.core.cache import cache

NOW = datetime(2026, 4, 20, 15, 0, tzinfo=UTC)
"""A Monday afternoon, on which arXiv announced papers."""

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what cannot run here, and say what to install."""
    missing = os.environ.get("PAPERBOY_MISSING")
    for item in items:
        if missing:
            item.add_marker(pytest.mark.skip(reason=missing))
        elif item.get_closest_marker("browser") and CHROMIUM is None:
            reason = "Chromium: apt-get install chromium"
            item.add_marker(pytest.mark.skip(reason=reason))
        elif item.get_closest_marker("java") and shutil.which("java") is None:
            reason = "Java: apt-get install default-jre-headless"
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(autouse=True)
def _clear_cache() -> None:
    """Rate limits of one test must not reach the next."""
    cache.clear()
