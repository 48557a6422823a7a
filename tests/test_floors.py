"""Nothing older than the floors is locked or installed."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REQUIREMENTS = Path(__file__).resolve().parents[1] / "requirements"
FLOORS = REQUIREMENTS / "floors.in"
PIN = re.compile(r"^([a-z0-9._-]+)==([^\s;]+)", re.MULTILINE)


def floors() -> dict[str, Requirement]:
    """By package, what its version must satisfy."""
    lines = (line.partition("#")[0].strip() for line in FLOORS.read_text().splitlines())
    asked = (Requirement(line) for line in lines if line)
    return {canonicalize_name(floor.name): floor for floor in asked}


def test_no_lock_file_goes_below_a_floor() -> None:
    wanted = floors()
    met = set()
    for path in REQUIREMENTS.glob("*.txt"):
        for name, version in PIN.findall(path.read_text()):
            floor = wanted.get(canonicalize_name(name))
            if floor:
                met.add(canonicalize_name(name))
                assert floor.specifier.contains(version), (path.name, name, version)

    assert met == set(wanted), "a floor for what nobody installs"


def test_what_is_installed_is_not_below_a_floor() -> None:
    for name, floor in floors().items():
        assert floor.specifier.contains(metadata.version(name)), name
