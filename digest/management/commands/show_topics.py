"""Pages that show what the starter topics would have sent, from a file of papers."""

from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from digest.bench.scratch import scratch_database
from digest.bench.topics.corpus import load_corpus
from digest.bench.topics.look import look_at_topics
from digest.bench.topics.pages import index_page, topic_page
from digest.pipeline.match.window import WINDOW_DAYS


class Command(BaseCommand):
    """Works on a scratch database; writes `DIR/<topic>.md` and `DIR/README.md`."""

    help = "Write a page for each starter topic: what it would have sent, and why."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder, the papers and how many days to look at."""
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--corpus", type=Path, required=True, metavar="FILE")
        parser.add_argument("--days", type=_days, default=7, metavar="N")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, match, write; sum up in the last line."""
        folder: Path = options["folder"]
        days: int = options["days"]
        with scratch_database():
            try:
                now = load_corpus(options["corpus"])
            except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
                raise CommandError(str(error)) from error
            looks = list(look_at_topics(now=now, days=days))
            folder.mkdir(parents=True, exist_ok=True)
            day = now.date()
            (folder / "README.md").write_text(index_page(looks, now=day, days=days))
            for look in looks:
                page = topic_page(look, now=day, days=days)
                (folder / f"{look.topic.slug}.md").write_text(page)
        self.stdout.write(
            _(
                "{topics} topics, {sent} papers sent of {papers}, {silent} silent."
            ).format(
                topics=len(looks),
                sent=sum(look.count for look in looks),
                papers=looks[0].papers,
                silent=sum(not look.count for look in looks),
            )
        )


def _days(text: str) -> int:
    days = int(text)
    if not 1 <= days <= WINDOW_DAYS:
        raise ArgumentTypeError(_("1 to {days} days").format(days=WINDOW_DAYS))
    return days
