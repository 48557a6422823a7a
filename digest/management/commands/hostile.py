"""Runs every file of a folder or archive through the ingest, on a scratch database."""

import tarfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from digest.bench.hostile import SLOW_SECONDS, Result, count_reasons, run_files
from digest.bench.hostile import read_files as read_place
from digest.bench.scratch import scratch_database


class Command(BaseCommand):
    """Exits with 1 if a file crashed the ingest, was slow, or left markup."""

    help = "Try documents that break rules, on a scratch database."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take folders and tar archives."""
        parser.add_argument("places", nargs="+", type=Path, metavar="DIR-OR-TAR")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the files, name what broke, and sum up in the last line."""
        try:
            files = [file for place in options["places"] for file in read_place(place)]
        except (OSError, tarfile.TarError) as error:
            raise CommandError(str(error)) from error
        with scratch_database():
            runs = run_files(files, now=timezone.now())
            results = list(tqdm(runs, total=len(files), disable=None, leave=False))
        for reason, count in count_reasons(results).most_common():
            self.stdout.write(f"{count:>6}  {reason}")
        broken = [result for result in results if _describe(result)]
        for result in broken:
            self.stdout.write(f"{result.name}: {_describe(result)}")
        self.stdout.write(_sum_up(results))
        if broken:
            raise SystemExit(1)


def _describe(result: Result) -> str:
    """What must not be, or nothing."""
    if result.crash:
        return _("crashed: {error}").format(error=result.crash)
    if result.seconds > SLOW_SECONDS:
        return _("took {seconds:.1f} s").format(seconds=result.seconds)
    if result.markup:
        return _("markup in a text: {tag}").format(tag=result.markup[0])
    return ""


def _sum_up(results: list[Result]) -> str:
    return _(
        "{files} files, {papers} papers, {rejected} rejected, {crashes} crashes, "
        "{slow} over {limit} s, {markup} tags in stored text."
    ).format(
        files=len(results),
        papers=sum(result.papers for result in results),
        rejected=sum(bool(result.rejected) for result in results),
        crashes=sum(bool(result.crash) for result in results),
        slow=sum(result.seconds > SLOW_SECONDS for result in results),
        limit=SLOW_SECONDS,
        markup=sum(len(result.markup) for result in results),
    )
