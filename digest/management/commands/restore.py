"""Restores a backup into the configured database, which must be empty."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from digest import backup


class Command(BaseCommand):
    """Nothing is sent from the copy before an operator releases the hold in it."""

    help = "Fill an empty database from a backup, with a hold on all sending."
    # There is no table yet that could be checked.
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the backup's file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore, and say what to do next."""
        try:
            manifest = backup.restore_backup(options["file"], now=timezone.now())
        except backup.BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            _(
                "{rows} rows of {tables} tables are back, as of {made_at}.\n"
                "Sending is on hold. Run `manage.py migrate`, start everything, look "
                "at what is due, and release the hold in the admin."
            ).format(
                rows=sum(manifest.rows.values()),
                tables=len(manifest.rows),
                made_at=manifest.made_at,
            )
        )
