"""The default install has no model's libraries, and everything starts without them."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
EXTRAS = ("onnxruntime", "tokenizers", "onnx", "safetensors", "torch")


@pytest.mark.parametrize("name", ["runtime", "local"])
def test_the_default_install_leaves_the_extras_out(name: str) -> None:
    locked = (ROOT / "requirements" / f"{name}.txt").read_text().splitlines()

    installed = {line.partition("==")[0] for line in locked if "==" in line}

    assert installed
    assert installed.isdisjoint(EXTRAS)


def test_what_runs_needs_neither_torch_nor_what_only_building_needs() -> None:
    locked = (ROOT / "requirements" / "semantic.txt").read_text()

    assert "\nonnxruntime==" in locked
    assert not any(f"\n{name}==" in locked for name in ("onnx", "torch"))


def test_every_part_starts_without_them() -> None:
    program = f"""
import sys
for name in {EXTRAS!r}:
    sys.modules[name] = None
import pkgutil, django
django.setup()
import config.urls, digest.tasks, digest.urls
import digest, digest.management.commands as commands
for package in (digest.meaning, digest.matching, digest.pipeline, commands):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        __import__(module.name)
from django.core.management import call_command
call_command("check")
"""

    subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        check=True,
        cwd=ROOT,
        env={"DJANGO_SETTINGS_MODULE": "config.settings.test", "PATH": ""},
    )
