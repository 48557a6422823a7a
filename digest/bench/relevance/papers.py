"""Papers of the last two weeks, as many as are asked for, and topics about them.

Promise: the same each time. Where there are fewer real papers than asked for, more
are put together: the title of one, and sentences of two of its category in turn.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain, count, islice, zip_longest
from typing import NamedTuple

from digest.bench.ingest import BenchPaper
from digest.bench.matching.subscriptions import (
    Vocabulary,
    make_subscriptions,
    read_vocabulary,
)
from digest.matching import PaperText
from digest.models import Paper
from digest.models.bulk import insert_new
from digest.pipeline.match.window import WINDOW_DAYS

_SEED = 20260422
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_VOCABULARY_PAPERS = 3000
_FEW = 30
_CLOSE_QUERIES = (
    '"large language models"',
    '"graph neural network" -survey',
    "title:diffus*",
    "abstract:learning -title:learning",
    "cat:cs.CV segmentation",
    "author:Wang",
    'optimi* OR "reinforcement learning from human feedback"',
)
"""Kinds of queries that keys alone may not decide; on any papers, of any field."""


class Typed(NamedTuple):
    """A topic as somebody types it."""

    query: str
    wish: str


def enlarge(papers: Sequence[BenchPaper], number: int) -> list[BenchPaper]:
    """Return the papers and as many made of their sentences as are missing."""
    made = _recombine(papers)
    missing = max(0, number - len(papers))
    return [*papers[:number], *islice(made, missing)]


def _recombine(papers: Sequence[BenchPaper]) -> Iterator[BenchPaper]:
    draw = random.Random(_SEED)  # noqa: S311  the same each time is the point
    alike: dict[tuple[str, ...], list[BenchPaper]] = defaultdict(list)
    for paper in papers:
        alike[paper.categories[:1]].append(paper)
    for number in count():
        one = draw.choice(papers)
        other, titled = draw.choices(alike[one.categories[:1]], k=2)
        parts = [_SENTENCE_END.split(paper.abstract) for paper in (one, other)]
        mixed = list(filter(None, chain.from_iterable(zip_longest(*parts))))
        kept = mixed[: max(1, len(mixed) // 2)]
        yield replace(
            one, bare_id=f"made.{number}", title=titled.title, abstract=" ".join(kept)
        )


def store(papers: Sequence[BenchPaper], *, now: datetime) -> None:
    """Write the papers as announced on the days of the window, oldest first."""
    insert_new([_row(at, paper, len(papers), now) for at, paper in enumerate(papers)])


def _row(at: int, paper: BenchPaper, number: int, now: datetime) -> Paper:
    days_ago = WINDOW_DAYS - 1 - at * WINDOW_DAYS // number
    return Paper(
        canonical_id=f"arxiv:{paper.bare_id}",
        slug=paper.bare_id,
        title=paper.title,
        abstract=paper.abstract,
        authors=[{"name": name, "affiliation": ""} for name in paper.authors],
        categories=list(paper.categories),
        url=f"https://arxiv.org/abs/{paper.bare_id}",
        announced_on=now.date() - timedelta(days=days_ago),
        first_seen_at=now,
        changed_at=now,
    )


def make_topics(papers: Sequence[BenchPaper]) -> dict[str, list[Typed]]:
    """Return topics of each kind: a query, a wish, both.

    Queries are those of the matching bench, and some that keys do not decide; wishes
    are pairs of words, titles, and titles with the first sentence.
    """
    texts = [PaperText(at, p.title, p.abstract) for at, p in enumerate(papers)]
    vocabulary = read_vocabulary(texts[:: max(1, len(texts) // _VOCABULARY_PAPERS)])
    queries = [*make_subscriptions(vocabulary, _FEW), *_CLOSE_QUERIES]
    wishes = list(_wishes(papers, vocabulary.phrases))
    words = [_word_of(paper, vocabulary) for paper in _some(papers)]
    return {
        "query": [Typed(query, "") for query in queries],
        "wish": [Typed("", wish) for wish in wishes],
        "both": [Typed(*pair) for pair in zip(words, wishes, strict=True)],
    }


def _wishes(papers: Sequence[BenchPaper], phrases: Sequence[str]) -> Iterator[str]:
    for at, paper in enumerate(_some(papers)):
        first = _SENTENCE_END.split(paper.abstract)[0]
        name = phrases[at % len(phrases)].strip('"')
        yield (name, paper.title, f"{paper.title}\n{first}")[at % 3]


def _word_of(paper: BenchPaper, vocabulary: Vocabulary) -> str:
    words = paper.title.lower().split()
    return next((w for w in words if w in vocabulary.words), vocabulary.words[0])


def _some(papers: Sequence[BenchPaper]) -> Sequence[BenchPaper]:
    return papers[:: max(1, len(papers) // _FEW)][:_FEW]
