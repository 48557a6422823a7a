"""PostgreSQL's own programs, told by their environment where the database is."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from typing import IO

from django.db import connection
from django.utils.translation import gettext as _

from digest.backup.manifest import BackupError

PLACES = {
    "PGHOST": "HOST",
    "PGPORT": "PORT",
    "PGUSER": "USER",
    "PGPASSWORD": "PASSWORD",
    "PGDATABASE": "NAME",
}


def environment() -> dict[str, str]:
    """The environment in which they find the configured database.

    No password is in a command line, where every user of the machine could read it.
    """
    place = connection.settings_dict
    found = {name: str(place[key]) for name, key in PLACES.items() if place[key]}
    if mode := place["OPTIONS"].get("sslmode"):
        found["PGSSLMODE"] = str(mode)
    return {**os.environ, **found}


def start(
    command: Sequence[str],
    stdin: IO[bytes] | int | None = None,
    stdout: IO[bytes] | int | None = None,
) -> subprocess.Popen[bytes]:
    """Start one of them. BackupError where PostgreSQL's client is not installed."""
    if shutil.which(command[0]) is None:
        raise BackupError(
            _("{name} is missing: apt-get install postgresql-client").format(
                name=command[0]
            )
        )
    return subprocess.Popen(
        command,
        env=environment(),
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
    )


def finish(process: subprocess.Popen[bytes]) -> None:
    """Wait for its end. BackupError, with what it said, unless it went well."""
    stderr = process.stderr.read() if process.stderr else b""
    if process.wait():
        said = stderr.decode(errors="replace").strip()
        raise BackupError(
            _("{command} failed: {said}").format(command=repr(process.args), said=said)
        )
