"""Making a backup while everything runs, and dropping those that are too old."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext as _

from digest.backup import tools
from digest.backup.manifest import (
    BackupError,
    Manifest,
    count_rows,
    manifest_path,
    write_manifest,
)

KEPT = timedelta(days=35)
SUFFIXES = {"postgresql": ".dump", "sqlite": ".sqlite3"}
PREFIX = "paperboy-"
_NAME = re.compile(rf"{PREFIX}\d{{8}}T\d{{6}}Z\.(?:dump|sqlite3)")
"""What is named otherwise was put there by somebody, and stays."""


def make_backup(folder: Path, *, now: datetime) -> Path:
    """Copy the whole database into a new file of the folder; the file.

    Only its owner can read it. It appears under its name when it is whole. Raises
    BackupError; then no file is left.
    """
    folder.mkdir(parents=True, exist_ok=True)
    suffix = SUFFIXES[connection.vendor]
    backup = folder / f"{PREFIX}{now:%Y%m%dT%H%M%SZ}{suffix}"
    part = backup.with_name(f"{backup.name}.part")
    part.touch(mode=0o600)
    try:
        copy = _copy_postgres if connection.vendor == "postgresql" else _copy_sqlite
        manifest = Manifest(now.isoformat(), connection.vendor, copy(part))
        write_manifest(backup, manifest)
        part.rename(backup)
    finally:
        part.unlink(missing_ok=True)
    return backup


def drop_old(folder: Path, *, now: datetime, kept: timedelta = KEPT) -> list[Path]:
    """Delete backups that were made longer ago; which. The newest one always stays."""
    backups = sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))
    old = [path for path in backups[:-1] if _made_at(path) <= now - kept]
    for path in old:
        path.unlink()
        manifest_path(path).unlink(missing_ok=True)
    return old


def _made_at(backup: Path) -> datetime:
    name = backup.stem.removeprefix(PREFIX)
    return datetime.strptime(f"{name}+0000", "%Y%m%dT%H%M%SZ%z")


def _copy_postgres(target: Path) -> dict[str, int]:
    """Dump and count within one snapshot: the counts are those of the file."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        process = tools.start(
            [
                *("pg_dump", "--format=custom", "--no-owner", "--no-privileges"),
                *(f"--snapshot={snapshot}", f"--file={target}"),
            ]
        )
        rows = count_rows()
        tools.finish(process)
    return rows


def _copy_sqlite(target: Path) -> dict[str, int]:
    """Copy by SQLite's own means, which sees each write of the others whole."""
    source = str(connection.settings_dict["NAME"])
    with (
        closing(sqlite3.connect(source, timeout=60)) as here,
        closing(sqlite3.connect(target)) as there,
    ):
        here.backup(there)
        if there.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise BackupError(_("The copy of {path} is not whole.").format(path=source))
        names = there.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
            " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        )
        return {
            name: there.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608  a table's own name
            for (name,) in names.fetchall()
        }
