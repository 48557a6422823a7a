"""A backup comes back whole, into nothing else, and sends nothing unasked (I13)."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from digest.backup import KEPT, drop_old

MakeDatabase = Callable[[], str]

# The fixtures know the database by its address alone; the mark is for the second run.
pytestmark = pytest.mark.django_db


def run(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a module or manage.py with that database."""
    return subprocess.run(
        [sys.executable, *arguments],
        env={
            **os.environ,
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
        },
        capture_output=True,
        text=True,
        check=False,
    )


def manage(url: str, *arguments: str) -> str:
    """Run a command that must go well; what it printed."""
    done = run(url, "manage.py", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def new_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeDatabase]:
    """Makes empty databases of the kind that the tests run on; they go at the end."""
    server = os.environ.get("DATABASE_URL", "")
    made: list[str] = []

    def make() -> str:
        name = f"paperboy_backup_{secrets.token_hex(4)}"
        if connection.vendor == "sqlite":
            return f"sqlite:///{tmp_path_factory.mktemp('data') / name}.sqlite3"
        with psycopg.connect(server, autocommit=True) as session:
            session.execute(f"CREATE DATABASE {name}")
        made.append(name)
        return f"{server.rpartition('/')[0]}/{name}"

    yield make
    for name in made:
        with psycopg.connect(server, autocommit=True) as session:
            session.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def source(new_database: MakeDatabase) -> str:
    """A system with one digest that waits to be sent."""
    url = new_database()
    manage(url, "migrate", "--verbosity", "0")
    seeded = run(url, "-m", "tests.digest.backup.seed")
    assert seeded.returncode == 0, seeded.stderr
    return url


@pytest.fixture(scope="module")
def saved(source: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its backup."""
    folder = tmp_path_factory.mktemp("backups")
    said = manage(source, "backup", str(folder))
    path = Path(said.partition(": ")[0])
    assert f"{path.stat().st_size} bytes" in said
    return path


def test_only_its_owner_can_read_it_and_its_list_says_what_is_in_it(
    saved: Path,
) -> None:
    assert saved.stat().st_mode & 0o777 == 0o600
    listed = json.loads(saved.with_name(f"{saved.name}.json").read_text())
    assert listed["rows"]["digest_delivery"] == 1
    assert listed["rows"]["digest_sendinghold"] == 0


def test_what_is_restored_is_whole_and_sends_nothing_before_its_release(
    saved: Path, new_database: MakeDatabase
) -> None:
    copy = new_database()
    assert "Sending is on hold" in manage(copy, "restore", str(saved))
    assert "No migrations to apply" in manage(copy, "migrate")

    held = run(copy, "-m", "tests.digest.backup.look").stdout
    assert held.startswith("0 queued Restored from a backup of 20"), held
    released = run(copy, "-m", "tests.digest.backup.look", "release").stdout
    assert released.startswith("1 claimed "), released


def test_it_is_restored_into_nothing_else(saved: Path, source: str) -> None:
    refused = run(source, "manage.py", "restore", str(saved))

    assert refused.returncode == 1
    assert "is not empty" in refused.stderr
    assert run(source, "-m", "tests.digest.backup.look").stdout[:1] == "1"


def test_half_a_backup_leaves_the_database_empty(
    saved: Path, new_database: MakeDatabase, tmp_path: Path
) -> None:
    if connection.vendor == "sqlite":
        half = tmp_path / saved.name
        half.write_bytes(b"")
    else:
        half = tmp_path / saved.name
        half.write_bytes(saved.read_bytes()[: saved.stat().st_size * 3 // 4])
    (tmp_path / f"{half.name}.json").write_text(
        saved.with_name(f"{saved.name}.json").read_text()
    )
    copy = new_database()

    assert run(copy, "manage.py", "restore", str(half)).returncode == 1
    assert "is not empty" not in run(copy, "manage.py", "restore", str(saved)).stderr


def test_a_rehearsal_says_that_the_backup_is_good_and_leaves_nothing(
    saved: Path, source: str
) -> None:
    said = manage(source, "rehearse", str(saved))

    assert said.startswith("The backup is good: "), said
    assert "1 digests are due, and none would be sent" in said


def test_a_rehearsal_finds_what_is_missing(
    saved: Path, source: str, tmp_path: Path
) -> None:
    other = tmp_path / saved.name
    other.write_bytes(saved.read_bytes())
    listed = json.loads(saved.with_name(f"{saved.name}.json").read_text())
    listed["rows"]["digest_paper"] += 1
    (tmp_path / f"{saved.name}.json").write_text(json.dumps(listed))

    found = run(source, "manage.py", "rehearse", str(other))

    assert found.returncode == 1
    assert "digest_paper: 2 rows were saved, 1 came back." in found.stderr


def test_old_backups_go_and_the_newest_stays(tmp_path: Path) -> None:
    now = datetime(2026, 11, 25, 3, tzinfo=UTC)

    def lay(days: int) -> Path:
        at = now - timedelta(days=days)
        path = tmp_path / f"paperboy-{at:%Y%m%dT%H%M%SZ}.dump"
        path.touch()
        path.with_name(f"{path.name}.json").touch()
        return path

    older, old, newest = lay(KEPT.days + 2), lay(KEPT.days), lay(KEPT.days - 1)
    own = {"notes.txt", "paperboy-before-upgrade.dump"}
    for name in own:
        (tmp_path / name).touch()

    assert drop_old(tmp_path, now=now) == [older, old]
    assert drop_old(tmp_path, now=now + 2 * KEPT) == []
    kept = {newest.name, f"{newest.name}.json", *own}
    assert {path.name for path in tmp_path.iterdir()} == kept
