"""The Procfile and the files of deploy/, read as what they say."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"

VARIABLE = re.compile(r"(?<!\$)\$\{(\w+)(?::?[-?]([^}]*))?\}")
"""A variable as shell and compose write it; its name and its default, or question."""


def read_procfile() -> dict[str, str]:
    """Commands by the name of their process."""
    lines = (ROOT / "Procfile").read_text().splitlines()
    parts = (line.partition(": ") for line in lines)
    return {name: command for name, _colon, command in parts}


def read_variables(path: Path) -> dict[str, str]:
    """What a file of NAME=value lines sets."""
    lines = path.read_text().splitlines()
    parts = (line.partition("=") for line in lines if line and line[0] != "#")
    return {name: value for name, _sign, value in parts}


def documented() -> set[str]:
    """Names of variables that docs/environment.md explains."""
    text = (ROOT / "docs" / "environment.md").read_text()
    return set(re.findall(r"`([A-Z][A-Z0-9_]+)`", text))
