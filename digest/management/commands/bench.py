"""Measures the product on a database made for it, and says whether bounds hold."""

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from digest.bench.command import start
from digest.bench.delivery import options as delivery_options
from digest.bench.disk import options as disk_options
from digest.bench.evaluate.collection import CollectionError
from digest.bench.ingest import (
    LEAST_RATIO,
    BenchPaper,
    Speed,
    make_papers,
    measure,
    read_corpus,
    write_feeds,
)
from digest.bench.matching.papers import make_texts, plain_texts
from digest.bench.matching.run import run
from digest.bench.matching.telling import describe, sum_up
from digest.bench.pages import options as pages_options
from digest.bench.planning import options as planning_options
from digest.bench.relevance import measure as relevance
from digest.bench.relevance import telling
from digest.bench.relevance.papers import enlarge
from digest.bench.run import options as run_options
from digest.bench.scratch import scratch_database
from digest.matching import PaperText

ROOT = Path(__file__).resolve().parents[3]
CORPUS = Path("../shared/data/corpus/arxiv_papers.jsonl.gz")
"""From the project's own folder; made-up papers stand in where it is missing."""


ARCHIVE = 12_000
"""How many papers the words of subscriptions are taken from."""


class Command(BaseCommand):
    """Exits with 1 if a bound does not hold. The bounds are meant for full feeds."""

    help = "Measure a part of the product on a scratch database."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what is to be measured, and on how much."""
        subparsers = parser.add_subparsers(dest="what", required=True)
        ingest = subparsers.add_parser("ingest", help="from feeds to papers")
        ingest.add_argument("--papers", type=int, default=10_000, metavar="N")
        ingest.add_argument("--corpus", type=Path, metavar="FILE")
        matching = subparsers.add_parser("matching", help="new papers and all topics")
        matching.add_argument("--topics", type=int, default=10_000, metavar="N")
        matching.add_argument("--papers", type=int, default=1_000, metavar="N")
        matching.add_argument("--corpus", type=Path, metavar="FILE")
        ranking = subparsers.add_parser("relevance", help="wishes, marks, archive")
        ranking.add_argument("--papers", type=int, default=30_000, metavar="N")
        ranking.add_argument("--corpus", type=Path, metavar="FILE")
        planning = subparsers.add_parser("plan", help="from matches to planned digests")
        planning_options.add_options(planning)
        delivery = subparsers.add_parser("delivery", help="from planned to accepted")
        delivery_options.add_options(delivery)
        whole = subparsers.add_parser("run", help="a day beside a plain Django script")
        run_options.add_options(whole)
        disk = subparsers.add_parser("disk", help="bytes of a reader's day")
        disk_options.add_options(disk)
        pages = subparsers.add_parser("pages", help="each page on one worker")
        pages_options.add_options(pages)

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure, say each figure, and sum up in the last line."""
        lines, is_good = _BENCHES[options["what"]](options)
        for line in lines:
            self.stdout.write(line)
        if not is_good:
            raise SystemExit(1)


def _ingest(options: dict[str, Any]) -> tuple[list[str], bool]:
    papers = _papers(options["corpus"], options["papers"])
    now = timezone.now()
    feeds = write_feeds(papers, now=now)
    with scratch_database():
        speed = measure(feeds, now=now)
    return [*_describe(speed, len(feeds)), _sum_up(speed)], speed.holds


def _match(options: dict[str, Any]) -> tuple[list[str], bool]:
    _require(options, "topics", "papers")
    with scratch_database():
        outcome = run(_texts(options["corpus"]), options["papers"], options["topics"])
    return [*describe(outcome), sum_up(outcome)], outcome.holds


def _rank(options: dict[str, Any]) -> tuple[list[str], bool]:
    wanted: int = options["papers"]
    real = _papers(options["corpus"], wanted)
    papers = enlarge(real, wanted)
    with scratch_database():
        try:
            outcome = relevance.measure(papers, wanted - len(real), now=timezone.now())
        except CollectionError as error:
            raise CommandError(str(error)) from error
        return [*telling.describe(outcome), telling.sum_up(outcome)], outcome.holds


def _plan(options: dict[str, Any]) -> tuple[list[str], bool]:
    if options["subscribers"] < 1:
        raise CommandError(_("There is nothing to measure without readers."))
    return _start("digest.bench.planning", planning_options.add_options, options)


def _deliver(options: dict[str, Any]) -> tuple[list[str], bool]:
    _require(options, "digests", "papers", "rounds", "hand_off", "workers")
    return _start("digest.bench.delivery", delivery_options.add_options, options)


def _run(options: dict[str, Any]) -> tuple[list[str], bool]:
    _require(options, "readers", "papers", "script_readers", "rounds", "workers")
    return _start("digest.bench.run", run_options.add_options, options)


def _weigh(options: dict[str, Any]) -> tuple[list[str], bool]:
    _require(options, "readers")
    return _start("digest.bench.disk", disk_options.add_options, options)


def _read_pages(options: dict[str, Any]) -> tuple[list[str], bool]:
    _require(options, "papers", "readers", "rounds")
    return _start("digest.bench.pages", pages_options.add_options, options)


def _start(
    module: str,
    add_options: Callable[[ArgumentParser], None],
    options: dict[str, Any],
) -> tuple[list[str], bool]:
    """Such a bench tells its lines itself."""
    wanted = {**options, "corpus": _find_corpus(options["corpus"])}
    return [], start(module, add_options, wanted) == 0


def _require(options: dict[str, Any], *counts: str) -> None:
    if min(options[name] for name in counts) < 1:
        raise CommandError(_("There is nothing to measure without papers."))


_BENCHES = {
    "ingest": _ingest,
    "matching": _match,
    "relevance": _rank,
    "plan": _plan,
    "delivery": _deliver,
    "run": _run,
    "disk": _weigh,
    "pages": _read_pages,
}


def _texts(corpus: Path | None) -> list[PaperText]:
    """An archive's worth of papers; the first ones are the new ones."""
    path = _find_corpus(corpus)
    if path is None:
        return list(make_texts(ARCHIVE))
    return list(plain_texts(_papers(path, ARCHIVE)))


def _papers(corpus: Path | None, count: int) -> list[BenchPaper]:
    if count < 1:
        raise CommandError(_("There is nothing to measure without papers."))
    path = _find_corpus(corpus)
    if path is None:
        return list(make_papers(count))
    try:
        return read_corpus(path, count)
    except (OSError, EOFError, ValueError, KeyError) as error:
        raise CommandError(
            _("{path} is no list of papers: {error}").format(path=path, error=error)
        ) from error


def _find_corpus(corpus: Path | None) -> Path | None:
    usual = ROOT / CORPUS
    return corpus or (usual if usual.exists() else None)


def _describe(speed: Speed, feeds: int) -> list[str]:
    rows = [
        (_("feedparser alone"), speed.feedparser_seconds),
        (_("ingest of new papers"), speed.first_seconds),
        (_("ingest of known papers"), speed.again_seconds),
    ]
    head = _("{papers} papers in {feeds} feeds on {database}").format(
        papers=speed.papers, feeds=feeds, database=connection.display_name
    )
    return [head] + [
        _("{name:<24} {seconds:>7.2f} s {speed:>8.0f} papers/s").format(
            name=name, seconds=seconds, speed=speed.papers / seconds
        )
        for name, seconds in rows
    ]


def _sum_up(speed: Speed) -> str:
    return _(
        "{verdict}: new papers at {ratio:.2f} of feedparser's speed (at least "
        "{least}), known papers in {again:.2f} of the time of new ones (at most 1)."
    ).format(
        verdict=_("Bounds hold") if speed.holds else _("Bounds broken"),
        ratio=speed.ratio,
        least=LEAST_RATIO,
        again=speed.again_seconds / speed.first_seconds,
    )
