"""Gives the sources out as a list of feeds (OPML), and takes such a list in."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from digest.pipeline.ingest.feed_lists import (
    Fate,
    JudgedFeed,
    add_feeds,
    export_list,
    judge_list,
)
from digest.sources.entry import SourceError


class Command(BaseCommand):
    """A feed that is refused is told with the reason; the last line sums up."""

    help = "Export the sources as a list of feeds (OPML), or import such a list."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the direction and the file."""
        directions = parser.add_subparsers(dest="direction", required=True)
        export = directions.add_parser("export", help="write the sources to FILE")
        export.add_argument("file", type=Path, metavar="FILE")
        take_in = directions.add_parser("import", help="make sources of FILE")
        take_in.add_argument("file", type=Path, metavar="FILE")
        take_in.add_argument(
            "--dry-run", action="store_true", help="only say what would be made"
        )
        take_in.add_argument(
            "--inactive", action="store_true", help="do not fetch them yet"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write or read the file."""
        try:
            if options["direction"] == "export":
                self._export(options["file"])
            else:
                self._import(options)
        except (OSError, SourceError) as error:
            raise CommandError(str(error)) from error

    def _export(self, path: Path) -> None:
        document, count = export_list()
        path.write_bytes(document)
        said = ngettext(
            "{count} source in {path}.", "{count} sources in {path}.", count
        )
        self.stdout.write(said.format(count=count, path=path))

    def _import(self, options: dict[str, Any]) -> None:
        judged = judge_list(options["file"].read_bytes())
        for one in judged:
            self.stdout.write(_describe(one))
        if not options["dry_run"]:
            add_feeds(judged, is_active=not options["inactive"], now=timezone.now())
        fates = [one.fate for one in judged]
        sentence = _("{new} new, {known} known, {refused} refused.")
        if options["dry_run"]:
            sentence = _("{new} new, {known} known, {refused} refused; nothing made.")
        self.stdout.write(
            sentence.format(**{fate.value: fates.count(fate) for fate in Fate})
        )


def _describe(one: JudgedFeed) -> str:
    line = f"{one.fate:<8} {one.kind:<9} {one.feed.url}  {one.feed.title}".rstrip()
    return f"{line}: {one.reason}" if one.reason else line
