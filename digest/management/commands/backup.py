"""Makes a backup of the whole database while everything runs."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from digest import backup


class Command(BaseCommand):
    """For the nightly timer: one new file, and the old ones go."""

    help = "Copy the database into a new file of a folder, and drop what is too old."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder, and how long backups are kept."""
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--keep", type=int, default=backup.KEPT.days, metavar="DAYS"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, then drop the old ones; the last line names the new one."""
        now = timezone.now()
        try:
            made = backup.make_backup(options["folder"], now=now)
        except backup.BackupError as error:
            raise CommandError(str(error)) from error
        kept = timedelta(days=options["keep"])
        for path in backup.drop_old(options["folder"], now=now, kept=kept):
            self.stdout.write(_("Dropped {path}.").format(path=path))
        rows = backup.read_manifest(made).rows
        self.stdout.write(
            _("{path}: {rows} rows of {tables} tables, {size} bytes.").format(
                path=made,
                rows=sum(rows.values()),
                tables=len(rows),
                size=made.stat().st_size,
            )
        )
