"""Takes sources in by hand: from the network, or from a file as received."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from digest.models import Source
from digest.pipeline import ingest, match
from digest.pipeline.ingest import Ingested
from digest.sources.entry import SourceError

MOST_DAYS = 60
"""A longer look back would keep arXiv's one queue busy for hours."""


class Command(BaseCommand):
    """Each source, or file, fails alone; the last line sums up."""

    help = (
        "Take in sources from the network, again from a day on if asked, "
        "or one source from files."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the short names of sources, and files."""
        parser.add_argument("sources", nargs="*", metavar="SOURCE")
        parser.add_argument(
            "--file", action="append", default=[], type=Path, metavar="PATH"
        )
        parser.add_argument(
            "--since", metavar="DATE", help="fill in all days from this one (ISO) on"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Take in what was asked for, then match what is new."""
        sources = self._find(options["sources"])
        since = _read_day(options["since"]) if options["since"] else None
        if options["file"]:
            if since:
                raise CommandError(_("--since asks the network, --file does not."))
            if len(sources) != 1:
                raise CommandError(_("With --file, name the one SOURCE it is from."))
            runs, failures = self._take_files(sources[0], options["file"])
        else:
            runs, failures = self._take_network(sources, since)
        paper_ids = {paper_id for run in runs for paper_id in run.paper_ids}
        matches = match.match_papers(now=timezone.now(), paper_ids=paper_ids)
        self.stdout.write(
            _(
                "{entries} entries, {new} new papers, {changed} changed, "
                "{matches} matches, {failures} failed."
            ).format(
                entries=sum(run.entry_count for run in runs),
                new=sum(run.new_count for run in runs),
                changed=len(paper_ids) - sum(run.new_count for run in runs),
                matches=matches,
                failures=failures,
            )
        )
        if failures:
            raise SystemExit(1)

    def _find(self, slugs: list[str]) -> list[Source]:
        sources = Source.objects.filter(is_active=True).order_by("slug")
        if not slugs:
            return list(sources)
        found = {source.slug: source for source in sources.filter(slug__in=slugs)}
        unknown = [slug for slug in slugs if slug not in found]
        if unknown:
            known = ", ".join(sources.values_list("slug", flat=True))
            raise CommandError(
                _("There is no source {unknown}. Sources: {known}").format(
                    unknown=", ".join(unknown), known=known
                )
            )
        return [found[slug] for slug in slugs]

    def _take_files(
        self, source: Source, paths: list[Path]
    ) -> tuple[list[Ingested], int]:
        runs, failures = [], 0
        for path in self._progress(paths):
            try:
                document = path.read_bytes()
                run = ingest.ingest_source(
                    source.pk, now=timezone.now(), document=document
                )
            except (OSError, SourceError) as error:
                failures += 1
                self.stderr.write(f"{path}: {error}")
                continue
            runs.append(run)
            self._report(path.name, run)
        return runs, failures

    def _take_network(
        self, sources: list[Source], since: date | None
    ) -> tuple[list[Ingested], int]:
        runs, failures = [], 0
        for source in self._progress(sources):
            Source.objects.filter(pk=source.pk).update(next_fetch_at=timezone.now())
            run = ingest.ingest_source(source.pk, now=timezone.now(), since=since)
            runs.append(run)
            self._report(source.slug, run)
            source.refresh_from_db()
            failures += bool(source.error)
        return runs, failures

    def _progress(self, things: list[Any]) -> Any:
        """A bar on a terminal; elsewhere the plain lines of `_report` suffice."""
        return tqdm(things, disable=None, leave=False)

    def _report(self, name: str, run: Ingested) -> None:
        self.stdout.write(
            _("{name}: {entries} entries, {new} new papers").format(
                name=name, entries=run.entry_count, new=run.new_count
            )
        )
        for problem in run.problems:
            self.stderr.write(f"{name}: {problem}")


def _read_day(text: str) -> date:
    """The day from which on is asked: an ISO date, neither to come nor too long ago."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        words = _("{text} is no day; write it like 2026-04-20.")
        raise CommandError(words.format(text=text)) from error
    ago = (timezone.now().date() - day).days
    if ago < 0:
        raise CommandError(_("{day} is still to come.").format(day=day))
    if ago > MOST_DAYS:
        words = _("{day} is {ago} days ago; at most {most} days are filled in.")
        raise CommandError(words.format(day=day, ago=ago, most=MOST_DAYS))
    return day
