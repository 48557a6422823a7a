"""Takes curated topics in from a file in version control."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from digest.curating.topic_files import Fate, Judged, StarterError, judge, take_in


class Command(BaseCommand):
    """Tells what each topic comes to; the last line sums up.

    What is refused is told with the reason, and the rest is taken in. The sweep has the
    topics matched that are new or ask for something else.
    """

    help = "Make and change curated topics as a TOML file says; none is retired."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--dry-run", action="store_true", help="only say what would be done"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, judge, and unless it is a dry run, write."""
        path: Path = options["file"]
        try:
            judged = judge(path.read_text(encoding="utf-8"), path.name)
        except (OSError, UnicodeDecodeError, StarterError) as error:
            raise CommandError(str(error)) from error
        for one in judged:
            self.stdout.write(_describe(one))
        if not options["dry_run"]:
            take_in(judged)
        fates = [one.fate for one in judged]
        sentence = _("{new} new, {changed} changed, {same} same, {refused} refused.")
        if options["dry_run"]:
            sentence = _(
                "{new} new, {changed} changed, {same} same, {refused} refused; "
                "nothing written."
            )
        counts = {fate.value: fates.count(fate) for fate in Fate}
        self.stdout.write(sentence.format(**counts))


def _describe(one: Judged) -> str:
    said = one.reason or ", ".join(one.fields)
    return f"{one.fate:<8} {one.topic.slug}" + (f": {said}" if said else "")
