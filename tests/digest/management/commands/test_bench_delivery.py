"""`manage.py bench delivery`: every mail goes once, and each row is told."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from digest.bench.postgres import find_postgres

ROOT = Path(__file__).resolve().parents[4]
ROWS = (
    "smtp-source -d -s 16",
    "whole run",
    "render phase",
    "send phase, 200 a hand-off",
    "send phase, 50 a hand-off",
    "send phase, 1 editions",
    "smtplib",
    "plain Django",
    "provider, 50 ms an answer",
)


@pytest.mark.queue
def test_it_measures_a_few_digests() -> None:
    if find_postgres() is None:
        pytest.skip("PostgreSQL: apt-get install postgresql")
    if shutil.which("smtp-sink", path=f"{os.environ['PATH']}:/usr/sbin") is None:
        pytest.skip("smtp-sink: apt-get install postfix")
    # What is set for a service of somebody's is not for this.
    somebodys = {"EMAIL_PROVIDER": "mailgun", "DATABASE_URL": "sqlite:///none"}
    done = subprocess.run(
        [
            *(sys.executable, "manage.py", "bench", "delivery"),
            *("--digests", "30", "--rounds", "1"),
        ],
        cwd=ROOT,
        env={
            **os.environ,
            **somebodys,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    lines = done.stdout.splitlines()
    assert lines, done.stderr
    assert lines[0].startswith("30 digests of 30 editions, ")
    assert "PROBLEM" not in done.stdout
    for row in ROWS:
        (line,) = [line for line in lines if line.startswith(row)]
        assert re.search(r" \d+ +\d+ / \d+ / \d+ +\d+\.\d\d$", line)
    assert "waited for the sink" in lines[-2]
    assert re.match(r"Bounds (hold|broken): send phase \d", lines[-1])
    assert done.returncode == (0 if lines[-1].startswith("Bounds hold") else 1)
