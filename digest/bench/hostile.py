"""Runs documents that break rules through the whole ingest, and counts what breaks.

Each is read in the bounded child process, as from the network, and filed in a
transaction of its own that is rolled back: each meets an empty database.
"""

import re
import tarfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from django.db import transaction

from digest.models import Paper, Source
from digest.pipeline.ingest.intake import take_in
from digest.pipeline.ingest.reading import Reading
from digest.sources import sandbox
from digest.sources.entry import Parsed, SourceError
from digest.sources.sniff import kind_of_document

SLOW_SECONDS = 10
READERS = 2
"""Children that read at the same time."""

TAG = re.compile(
    r"</?(?:a|b|base|body|br|div|em|embed|form|h[1-6]|i|iframe|img|input|li|link|meta"
    r"|object|ol|p|script|span|strong|style|sub|sup|svg|table|td|tr|ul)\b[^<>]*>",
    re.IGNORECASE,
)
"""A tag of HTML. `$a<b$` and `<y>` are maths."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one file; `crash` names an exception that must not be."""

    name: str
    papers: int = 0
    rejected: str = ""
    crash: str = ""
    seconds: float = 0.0
    markup: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Read:
    """One document as the child process read it."""

    name: str
    kind: str
    parsed: Parsed | None
    rejected: str
    crash: str
    seconds: float


def read_files(place: Path) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every file under a folder, or in a tar archive.

    Raises OSError or tarfile.TarError if the place is neither.
    """
    if place.is_dir():
        for path in sorted(place.rglob("*")):
            if path.is_file():
                yield str(path.relative_to(place)), path.read_bytes()
        return
    with tarfile.open(place) as archive:
        for member in archive:
            content = archive.extractfile(member) if member.isfile() else None
            if content:
                yield member.name, content.read()


def run_files(files: Iterable[tuple[str, bytes]], *, now: datetime) -> Iterator[Result]:
    """Take each file in, in a transaction that is rolled back; one result a file."""
    with ThreadPoolExecutor(READERS) as pool:
        for read in pool.map(partial(_read, now=now), files):
            yield _file(read, now)


def count_reasons(results: Iterable[Result]) -> Counter[str]:
    """How many files were rejected for each reason, in words."""
    return Counter(result.rejected for result in results if result.rejected)


def _read(file: tuple[str, bytes], *, now: datetime) -> _Read:
    name, data = file
    kind, start = kind_of_document(data), time.monotonic()
    parsed, rejected, crash = None, "", ""
    try:
        parsed = sandbox.parse(kind, data, content_type="", today=now.date())
    except SourceError as error:
        rejected = str(error)
    except Exception as error:  # noqa: BLE001  what this is here to find
        crash = f"{type(error).__name__}: {error}"
    return _Read(name, kind, parsed, rejected, crash, time.monotonic() - start)


def _file(read: _Read, now: datetime) -> Result:
    start = time.monotonic()
    papers, crash = 0, read.crash
    markup: tuple[str, ...] = ()
    if read.parsed is not None:
        try:
            papers, markup = _store(read.kind, read.parsed, now)
        except Exception as error:  # noqa: BLE001  what this is here to find
            crash = f"{type(error).__name__}: {error}"
    seconds = read.seconds + time.monotonic() - start
    return Result(read.name, papers, read.rejected, crash, seconds, markup)


def _store(kind: str, parsed: Parsed, now: datetime) -> tuple[int, tuple[str, ...]]:
    """Number of papers the document made or changed, and tags in their texts."""
    with transaction.atomic():
        source = Source.objects.create(
            slug="hostile-file", name="hostile", kind=kind, next_fetch_at=now
        )
        run = take_in(Reading(source, kind, now, is_live=False), parsed)
        papers = Paper.objects.filter(pk__in=run.paper_ids)
        found = tuple(tag for paper in papers for tag in _find_tags(paper))
        transaction.set_rollback(True)
    return len(run.paper_ids), found


def _find_tags(paper: Paper) -> list[str]:
    texts = [paper.title, paper.abstract, *paper.categories, *paper.author_names]
    return [found.group() for text in texts for found in TAG.finditer(text)]
