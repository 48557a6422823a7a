"""deploy/alerts.yml speaks of numbers that there are, and of what to do."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from digest.health.metrics import expose
from digest.pipeline.watch import heartbeats
from tests.factories import NOW, make_source

ROOT = Path(__file__).resolve().parents[1]
RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((ROOT / "deploy" / "alerts.yml").read_text())["groups"]
    for rule in group["rules"]
]
NAME = re.compile(r"\bpaperboy_[a-z_]+")
LABEL = re.compile(r'(paperboy_[a-z_]+)\{([a-z]+)(=~?)"([^"]+)"\}')


@pytest.fixture
def page(db: None, settings: Any) -> str:
    """The metrics of a site that has one of everything."""
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:9/0"
    heartbeats.leave(heartbeats.BEAT, now=NOW)
    make_source(kind="feed")
    return expose(NOW).decode()


def test_every_name_and_label_is_a_number_that_there_is(page: str) -> None:
    for rule in RULES:
        expression = str(rule["expr"])
        assert NAME.search(expression) or rule["alert"] == "PaperboyDown"
        for name in NAME.findall(expression):
            assert re.search(rf"^{name}[ {{]", page, re.M), name
        for name, label, _kind, values in LABEL.findall(expression):
            for value in values.split("|"):
                assert f'{name}{{{label}="{value}"}}' in page


def test_every_alert_has_a_name_a_severity_and_a_sentence() -> None:
    assert len({rule["alert"] for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule["labels"]["severity"] in {"page", "warn"}
        assert rule["annotations"]["summary"].endswith((".", "`.", "%."))


def test_the_handbook_says_what_to_do_about_each() -> None:
    handbook = (ROOT / "docs" / "operator.md").read_text()
    for rule in RULES:
        assert f"`{rule['alert']}`" in handbook, rule["alert"]
