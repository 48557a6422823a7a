"""The systemd units: what they start, what systemd makes of them, and how closed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.deploy.files import DEPLOY, VARIABLE, documented, read_procfile

UNITS = DEPLOY / "systemd"
SHARED = (UNITS / "paperboy-.service.d" / "10-shared.conf").read_text()
HOME = "/opt/paperboy"
MOST_EXPOSED = 2.0
"""Of `systemd-analyze security`, 0 to 10; a plain service has 9.6."""

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd: apt-get install systemd"
)


def started(name: str) -> str:
    """What a unit starts."""
    found = re.search(r"^ExecStart=(.*)$", (UNITS / name).read_text(), re.MULTILINE)
    assert found, name
    return found[1]


def set_in(name: str) -> dict[str, str]:
    """Variables that a unit sets, its own before the shared ones."""
    text = SHARED + (UNITS / name).read_text()
    return dict(re.findall(r"^Environment=(\w+)=(.*)$", text, re.MULTILINE))


@pytest.mark.parametrize("process", read_procfile())
def test_each_process_of_the_procfile_is_a_unit_with_the_same_command(
    process: str,
) -> None:
    name = f"paperboy-{process}.service"
    # systemd knows no defaults, and has its own meaning of %; a proxy stands before it.
    wanted = VARIABLE.sub(r"${\1}", read_procfile()[process]).replace("%", "%%")
    wanted = wanted.replace("0.0.0.0:", "127.0.0.1:")

    assert started(name) == f"{HOME}/.venv/bin/{wanted}"
    for variable, default in VARIABLE.findall(read_procfile()[process]):
        own = set_in(name)[variable]
        assert own == default or variable == "VAR_DIR"


def test_every_variable_is_documented_and_every_command_exists() -> None:
    for path in UNITS.glob("*.service"):
        names = set(set_in(path.name)) - {"PYTHONUNBUFFERED"}
        assert names <= documented(), path.name
        for command in re.findall(r"manage\.py (\w+)", started(path.name)):
            assert command in get_commands(), path.name


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The units as they lie on a machine where the programs are there, too."""
    programs = tmp_path / "opt" / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name in ("python", "gunicorn", "celery"):
        (programs / name).touch(mode=0o755)
    units = tmp_path / "units"
    shutil.copytree(UNITS, units)
    for path in units.glob("*.service"):
        path.write_text(path.read_text().replace(HOME, str(tmp_path / "opt")))
    return units


def analyze(units: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", *arguments],
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{units}:"},
        capture_output=True,
        text=True,
        check=False,
    )


@needs_systemd
def test_systemd_finds_nothing_wrong(installed: Path) -> None:
    names = sorted(
        str(path) for path in installed.glob("paperboy*.*") if path.is_file()
    )

    verified = analyze(installed, "verify", *names)

    assert (verified.returncode, verified.stderr) == (0, "")


@needs_systemd
def test_every_service_is_closed(installed: Path) -> None:
    for path in sorted(installed.glob("*.service")):
        told = analyze(installed, "security", "--offline=yes", str(path)).stdout
        exposure = re.search(r"Overall exposure level for \S+: ([\d.]+)", told)
        assert exposure, told
        assert float(exposure[1]) <= MOST_EXPOSED, path.name
