"""What lies beside a backup: when it was made, and how many rows each table had."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection
from django.utils.translation import gettext as _


class BackupError(Exception):
    """A backup could not be made, or is not what it should be."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """`vendor`: of the database; `rows`: by table."""

    made_at: str
    vendor: str
    rows: dict[str, int]

    @property
    def made(self) -> datetime:
        """When the backup was made."""
        return datetime.fromisoformat(self.made_at)


def manifest_path(backup: Path) -> Path:
    """Where the list beside a backup lies."""
    return backup.with_name(f"{backup.name}.json")


def write_manifest(backup: Path, manifest: Manifest) -> None:
    """Write the list beside its backup."""
    manifest_path(backup).write_text(json.dumps(asdict(manifest), indent=1) + "\n")


def read_manifest(backup: Path) -> Manifest:
    """Read the list beside a backup. BackupError if there is none for this database."""
    try:
        manifest = Manifest(**json.loads(manifest_path(backup).read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise BackupError(
            _("{path} has no readable list beside it: {error}").format(
                path=backup, error=error
            )
        ) from error
    if manifest.vendor != connection.vendor:
        raise BackupError(
            _("{path} is of {vendor}, and this database is {own}.").format(
                path=backup, vendor=manifest.vendor, own=connection.vendor
            )
        )
    return manifest


def count_rows() -> dict[str, int]:
    """How many rows each table of the configured database has now."""
    counts = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608  a table's own name
            counts[table] = int(cursor.fetchone()[0])
    return counts
