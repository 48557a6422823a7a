"""How fast papers are taken in, beside feedparser alone on the same bytes.

Both are timed in one run, feed by feed, because a computer's speed is its own: the
ratio can be compared with that of another day or place, the speeds cannot.
"""

import gzip
import io
import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import partial
from itertools import islice
from pathlib import Path
from xml.sax.saxutils import escape

import feedparser

from digest.models import Source
from digest.pipeline.ingest.intake import take_in
from digest.pipeline.ingest.reading import Reading
from digest.sources import sandbox
from digest.sources.arxiv import ROW_LIMIT
from digest.sources.entry import SourceError

LEAST_RATIO = 0.5
"""The ingest is at least half as fast as feedparser alone."""

KIND = "arxiv_rss"
_TEXT = (
    "learning of sparse $x_{1}<y$ models under noise, graphs and trees where a bound "
    "holds for every measure on the lattice while data from the survey is small "
)
_ABSTRACT_LENGTH, _TITLE_LENGTH = 1_100, 70
_SUBJECTS = 60
"""Words of which each title has two: one in thirty papers is of a subject."""


@dataclass(frozen=True, slots=True)
class BenchPaper:
    """What a feed says about one paper."""

    bare_id: str
    title: str
    abstract: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Speed:
    """Seconds that each way took for the same papers."""

    papers: int
    feedparser_seconds: float
    first_seconds: float
    again_seconds: float

    @property
    def ratio(self) -> float:
        """Speed of the ingest as a share of feedparser's."""
        return self.feedparser_seconds / self.first_seconds

    @property
    def holds(self) -> bool:
        """Whether both bounds hold: the ratio, and known papers cost no more."""
        is_fast = self.ratio >= LEAST_RATIO
        return is_fast and self.again_seconds <= self.first_seconds


def read_corpus(path: Path, count: int) -> list[BenchPaper]:
    """The first papers of a gzipped file with one JSON object a line.

    Raises OSError, EOFError, ValueError or KeyError for anything else.
    """
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [_paper(json.loads(line)) for line in islice(lines, count)]


def make_papers(count: int) -> Iterator[BenchPaper]:
    """As many papers of the usual size, the same ones each time."""
    for number in range(count):
        turned = _TEXT[number % len(_TEXT) :] + _TEXT
        yield BenchPaper(
            f"{2001 + number // 90_000:04d}.{10_000 + number % 90_000}",
            f"Paper {number}: {_subjects(number)} {turned[:_TITLE_LENGTH]}",
            (turned * 10)[:_ABSTRACT_LENGTH],
            tuple(
                f"Ada {chr(65 + place)}. Author{number + place}" for place in range(5)
            ),
            ("cs.LG", "stat.ML"),
        )


def _subjects(number: int) -> str:
    places = number % _SUBJECTS, (7 * number + number // _SUBJECTS) % _SUBJECTS
    return " ".join(f"subject{chr(97 + at // 8)}{chr(97 + at % 8)}" for at in places)


def write_feeds(papers: Sequence[BenchPaper], *, now: datetime) -> list[bytes]:
    """The papers as arXiv's RSS, as many in a feed as arXiv puts into one."""
    return [
        _feed(papers[start : start + ROW_LIMIT], now)
        for start in range(0, len(papers), ROW_LIMIT)
    ]


def measure(feeds: Sequence[bytes], *, now: datetime) -> Speed:
    """Time feedparser, the ingest of unknown papers, and of the same once more.

    Writes sources, papers and batches: call it on a database made for it.
    """
    bare = first = again = 0.0
    papers = 0
    for place, feed in enumerate(feeds):
        source = _make_source(place, now)
        bare += _seconds(partial(_read_bare, feed))
        first += _seconds(partial(_take_in, source, feed, now))
        again += _seconds(partial(_take_in, source, feed, now))
        papers += source.batches.get().entry_count
    return Speed(papers, bare, first, again)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _read_bare(feed: bytes) -> None:
    """What `pip install feedparser` does with it."""
    parsed = feedparser.parse(io.BytesIO(feed))
    if parsed.bozo:
        raise SourceError(f"The feed is broken: {parsed.bozo_exception}")


def _take_in(source: Source, feed: bytes, now: datetime) -> None:
    """What happens to bytes that came from the network."""
    parsed = sandbox.parse(
        KIND, feed, content_type="application/rss+xml", today=now.date()
    )
    take_in(Reading(source, KIND, now), parsed)


def _make_source(place: int, now: datetime) -> Source:
    return Source.objects.create(
        slug=f"bench-{place}",
        name=f"Bench {place}",
        kind=KIND,
        address=f"https://rss.arxiv.org/rss/bench.{place}",
        next_fetch_at=now,
    )


def _paper(stored: dict[str, object]) -> BenchPaper:
    return BenchPaper(
        str(stored["id"]).removeprefix("arxiv:"),
        str(stored["title"]),
        str(stored["abstract"]),
        tuple(map(str, _listed(stored["authors"]))),
        tuple(map(str, _listed(stored["categories"]))),
    )


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _feed(papers: Iterable[BenchPaper], now: datetime) -> bytes:
    stamp = format_datetime(now)
    items = "".join(_item(paper, stamp) for paper in papers)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<rss xmlns:arxiv="http://arxiv.org/schemas/atom" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0"><channel>'
        "<title>bench updates on arXiv.org</title>"
        f"<link>https://rss.arxiv.org/rss/bench</link><pubDate>{stamp}</pubDate>"
        f"{items}</channel></rss>"
    ).encode()


def _item(paper: BenchPaper, stamp: str) -> str:
    categories = "".join(
        f"<category>{escape(name)}</category>" for name in paper.categories
    )
    return (
        f"<item><title>{escape(paper.title)}</title>"
        f"<link>https://arxiv.org/abs/{paper.bare_id}</link>"
        f"<description>arXiv:{paper.bare_id}v1 Announce Type: new \n"
        f"Abstract: {escape(paper.abstract)}</description>"
        f'<guid isPermaLink="false">oai:arXiv.org:{paper.bare_id}v1</guid>'
        f"{categories}<pubDate>{stamp}</pubDate>"
        "<arxiv:announce_type>new</arxiv:announce_type>"
        "<dc:rights>http://arxiv.org/licenses/nonexclusive-distrib/1.0/</dc:rights>"
        f"<dc:creator>{escape(', '.join(paper.authors))}</dc:creator></item>"
    )
