"""Tells what an address would give as a source, before it is added."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from digest.pipeline.ingest.preview import Preview, preview_source
from digest.sources.entry import Entry, Parsed, SourceError

SHOWN_PAPERS = 5
SHOWN_AUTHORS = 3


class Command(BaseCommand):
    """Fails, with the reason, for an address that could not be a source."""

    help = "Fetch an address once and show the papers, or the feeds, that it holds."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address."""
        parser.add_argument("url", metavar="URL")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what kind it is read as and what it holds."""
        try:
            preview = preview_source(options["url"], now=timezone.now())
        except SourceError as error:
            raise CommandError(str(error)) from error
        if preview.moved_to:
            moved = _("It has moved for good; add this address: {url}")
            self.stdout.write(moved.format(url=preview.moved_to))
        lines = _list_papers(preview.kind, preview.parsed) if preview.parsed else None
        self.stdout.write("\n".join(lines or _list_feeds(preview)))


def _list_feeds(preview: Preview) -> list[str]:
    """The feeds that a web page names, as something to check next."""
    lines = [_("This is a web page, not a feed. It names these feeds:")]
    return lines + [
        f"  {feed.url}  ({feed.kind}) {feed.title}".rstrip() for feed in preview.feeds
    ]


def _list_papers(kind: str, parsed: Parsed) -> list[str]:
    """Title, problems and the first papers; the last line sums up."""
    count = len(parsed.entries)
    lines = [
        _("{title}, read as {kind}").format(
            title=parsed.title or _("Without a title"), kind=kind
        )
    ]
    lines += [_("Problem: {words}").format(words=words) for words in parsed.problems]
    for entry in parsed.entries[:SHOWN_PAPERS]:
        lines += _describe(entry)
    papers = ngettext("{count} paper", "{count} papers", count).format(count=count)
    without = sum(not entry.abstract for entry in parsed.entries)
    lines.append(
        _("{papers}, {without} without an abstract.").format(
            papers=papers, without=without
        )
    )
    return lines


def _describe(entry: Entry) -> list[str]:
    names = ", ".join(author.name for author in entry.authors[:SHOWN_AUTHORS])
    if len(entry.authors) > SHOWN_AUTHORS:
        names = _("{names} and others").format(names=names)
    facts = (names, entry.url, ", ".join(entry.categories))
    return [f"- {entry.title}", *(f"  {fact}" for fact in facts if fact)]
