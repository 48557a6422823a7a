"""`manage.py bench plan`: every reader is planned, and COPY writes the same rows."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from digest.bench.postgres import find_postgres

ROOT = Path(__file__).resolve().parents[4]


@pytest.mark.queue
def test_it_measures_a_few_readers() -> None:
    if find_postgres() is None:
        pytest.skip("PostgreSQL: apt-get install postgresql")
    done = subprocess.run(
        [sys.executable, "manage.py", "bench", "plan", "--subscribers", "30"],
        cwd=ROOT,
        env={
            **os.environ,
            # What is set for a service of somebody's is not for this.
            "DATABASE_URL": "sqlite:///none",
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    lines = done.stdout.splitlines()
    assert lines, done.stderr
    assert lines[0].startswith("30 readers of 1 to 5 topics over 1000 papers; ")
    for line, size in zip(lines[2:4], (100, 500), strict=True):
        assert re.match(rf"planned, {size} together( +\d+){{2}} +\d\.\d\d", line)
    assert re.match(r"Bounds (hold|broken): planning at \d", lines[-1])
    assert "not every reader" not in lines[-1]
    assert done.returncode == (0 if lines[-1].startswith("Bounds hold") else 1)


def test_nobody_is_no_measure() -> None:
    with pytest.raises(CommandError, match="without readers"):
        call_command("bench", "plan", "--subscribers", "0")
