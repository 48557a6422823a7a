"""Restores a backup into a database that is thrown away, and says if it is good."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from digest import backup
from digest.backup.rehearsal import rehearse


class Command(BaseCommand):
    """Beside the running service, which notices nothing of it."""

    help = "Restore a backup into a scratch database, compare rows, try to send."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the backup's file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Rehearse; anything but a good backup ends with an error."""
        try:
            found = rehearse(options["file"], now=timezone.now())
        except backup.BackupError as error:
            raise CommandError(str(error)) from error
        for table, (wanted, came) in sorted(found.missing.items()):
            self.stderr.write(
                _("{table}: {wanted} rows were saved, {came} came back.").format(
                    table=table, wanted=wanted, came=came
                )
            )
        if not found.is_good:
            raise CommandError(
                _("The backup is not good: {count} mails could leave at once.").format(
                    count=found.claimed
                )
                if not found.missing
                else _("The backup is not good: rows are missing.")
            )
        self.stdout.write(
            _(
                "The backup is good: {rows} rows of {tables} tables came back; "
                "{due} digests are due, and none would be sent before its release."
            ).format(rows=found.rows, tables=found.tables, due=found.due)
        )
