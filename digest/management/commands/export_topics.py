"""Gives the curated topics out as a file for version control."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import ngettext

from digest.curating.topic_files import export_topics


class Command(BaseCommand):
    """Without a file the topics go to the output, with one the last line sums up."""

    help = "Write the curated topics as TOML, in the readers' order."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file."""
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write them."""
        text, count = export_topics()
        path: Path | None = options["file"]
        if path is None:
            self.stdout.write(text, ending="")
            return
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(str(error)) from error
        said = ngettext("{count} topic in {path}.", "{count} topics in {path}.", count)
        self.stdout.write(said.format(count=count, path=path))
