"""A rehearsal: a backup restored into a database that is thrown away afterwards.

It shows that every row is back, and that what is due there stays until it is released.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from digest.backup.manifest import count_rows, read_manifest
from digest.backup.restoring import TABLE, restore_backup
from digest.models import Delivery, Schedule
from digest.pipeline import states

State = Delivery.State


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a restored copy was like.

    `missing`: tables by what the backup's list says and what came back, where they
    differ; `due`: digests to plan and mails that wait; `claimed`: mails that a worker
    could take in spite of the hold.
    """

    rows: int
    tables: int
    missing: dict[str, tuple[int, int]]
    due: int
    claimed: int

    @property
    def is_good(self) -> bool:
        """Everything is back, and nothing would be sent."""
        return not self.missing and not self.claimed


def rehearse(backup: Path, *, now: datetime) -> Rehearsal:
    """Restore a backup beside the configured database and look at the copy.

    Nothing is sent, and what is tried there is undone. Raises BackupError.
    """
    wanted = dict(read_manifest(backup).rows)
    with _empty_database():
        restore_backup(backup, now=now)
        found = count_rows()
        found[TABLE] -= 1  # the hold that restoring adds
        waiting = Delivery.objects.filter(state__in=[State.PLANNED, State.QUEUED])
        due = Schedule.objects.due(now).count() + waiting.count()
        claimed = _claim(now)
    return Rehearsal(
        rows=sum(found.values()),
        tables=len(found),
        missing={
            table: (wanted.get(table, 0), found.get(table, 0))
            for table in wanted.keys() | found.keys()
            if wanted.get(table) != found.get(table)
        },
        due=due,
        claimed=claimed,
    )


def _claim(now: datetime) -> int:
    """How many waiting mails a worker could claim now; none is kept."""
    with transaction.atomic():
        queued = Delivery.objects.filter(state=State.QUEUED, next_attempt_at__lte=now)
        ids = list(queued.values_list("pk", flat=True))
        count = len(states.claim(ids, "rehearsal", now)) if ids else 0
        transaction.set_rollback(True)
    return count


@contextmanager
def _empty_database() -> Iterator[None]:
    """Have the connection speak to an empty database; gone afterwards."""
    configured = connection.settings_dict["NAME"]
    name = f"paperboy_rehearsal_{secrets.token_hex(4)}"
    with tempfile.TemporaryDirectory(prefix="paperboy-rehearsal-") as folder:
        is_server = connection.vendor == "postgresql"
        if is_server:
            _run(f"CREATE DATABASE {name}")
        connection.close()
        connection.settings_dict["NAME"] = name if is_server else f"{folder}/{name}"
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = configured
            if is_server:
                _run(f"DROP DATABASE {name}")


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
