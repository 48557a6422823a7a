"""Restoring a backup into an empty database, with a hold on all sending in it.

Data and hold become visible together: no worker ever sees the one without the other.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import datetime
from pathlib import Path

from django.db import connection
from django.utils.translation import gettext as _

from digest.backup import tools
from digest.backup.manifest import BackupError, Manifest, read_manifest

TABLE = "digest_sendinghold"


def restore_backup(backup: Path, *, now: datetime) -> Manifest:
    """Fill the configured database, which must be empty, from a backup.

    Afterwards sending is held until an operator releases it in the admin. Raises
    BackupError; then the database is as empty as it was.
    """
    manifest = read_manifest(backup)
    reason = _(
        "Restored from a backup of {when} UTC. Readers may have what is due here "
        "already."
    ).format(when=f"{manifest.made:%Y-%m-%d %H:%M}")
    if connection.vendor == "postgresql":
        _restore_postgres(backup, reason, now)
    else:
        _restore_sqlite(backup, reason, now)
    return manifest


def _restore_postgres(backup: Path, reason: str, now: datetime) -> None:
    if connection.introspection.table_names():
        name = connection.settings_dict["NAME"]
        raise BackupError(
            _("The database {name} is not empty: restore into a new one.").format(
                name=name
            )
        )
    connection.close()
    read = tools.start(
        ["pg_restore", "--no-owner", "--no-privileges", "--file=-", str(backup)],
        stdout=subprocess.PIPE,
    )
    write = tools.start(
        [
            *("psql", "--no-psqlrc", "--quiet", "--single-transaction"),
            *("--set=ON_ERROR_STOP=1", "--output=/dev/null", "--file=-"),
        ],
        stdin=subprocess.PIPE,
    )
    if read.stdout is None or write.stdin is None:
        raise BackupError(_("PostgreSQL's programs could not be joined."))
    quoted = reason.replace("'", "''")
    hold = (
        f"INSERT INTO public.{TABLE} (reason, held_at)"  # noqa: S608  words of ours
        f" VALUES ('{quoted}', '{now.isoformat()}');\n"
    )
    try:
        shutil.copyfileobj(read.stdout, write.stdin)
        # Half of a backup would be committed if its end were taken for the whole's.
        tools.finish(read)
        write.stdin.write(hold.encode())
    except BrokenPipeError:
        read.kill()
    except BackupError:
        write.kill()
        raise
    finally:
        read.stdout.close()
        read.wait()
        _close(write)
    tools.finish(write)


def _close(process: subprocess.Popen[bytes]) -> None:
    try:
        if process.stdin:
            process.stdin.close()
    except BrokenPipeError:
        pass  # `finish` tells what went wrong


def _restore_sqlite(backup: Path, reason: str, now: datetime) -> None:
    target = Path(str(connection.settings_dict["NAME"]))
    if target.exists() and target.stat().st_size:
        raise BackupError(
            _("{path} is not empty: restore into a new file.").format(path=target)
        )
    connection.close()
    part = target.with_name(f"{target.name}.part")
    part.touch(mode=0o600)
    try:
        shutil.copyfile(backup, part)
        with closing(sqlite3.connect(part)) as copy, copy:
            copy.execute(
                f"INSERT INTO {TABLE} (reason, held_at) VALUES (?, ?)",  # noqa: S608
                (reason, now.strftime("%Y-%m-%d %H:%M:%S")),
            )
        part.rename(target)
    except sqlite3.Error as error:
        raise BackupError(
            _("{path} is not a whole backup: {error}").format(path=backup, error=error)
        ) from error
    finally:
        part.unlink(missing_ok=True)
