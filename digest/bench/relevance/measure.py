"""Times the back-test of typed topics, learning from marks, and the archive.

Each topic is tried once and each number of marks several times, after one that is not
counted: a process reads the window of papers once, and that is timed on its own.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import numpy as np

from digest import matching
from digest.bench.evaluate.collection import Document
from digest.bench.evaluate.rivals import Bm25, Classifier
from digest.bench.ingest import BenchPaper
from digest.bench.relevance.papers import Typed, make_topics, store
from digest.models import Paper
from digest.pipeline.match.archive import fit_archive
from digest.pipeline.match.backtest import back_test
from digest.pipeline.match.window import Window, current_window
from digest.pipeline.match.wishes import scorer_of
from digest.pipeline.match.words import read_bags

MOST_BACK_TEST_MS = 300.0
MOST_RETRAIN_MS = 50.0
"""Bounds, for the slowest of twenty back-tests and the usual retraining."""

MARKS = (1, 5, 20, 100)
TIMES = 5
"""How often a person is taught each number of marks."""

_SLOW = 95
"""The percentile that is called slow."""

_WISH = "learning from few examples"
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of ours and of the baseline, one after the other."""

    ours: Sequence[float]
    baseline: Sequence[float]

    @property
    def usual(self) -> float:
        """The median of ours."""
        return float(np.median(self.ours))

    @property
    def slow(self) -> float:
        """What one in twenty of ours exceeds."""
        return float(np.percentile(self.ours, _SLOW))

    @property
    def baseline_usual(self) -> float:
        """The median of the baseline."""
        return float(np.median(self.baseline))

    @property
    def ratio(self) -> float:
        """The usual time of ours as a multiple of the baseline's."""
        return self.usual / self.baseline_usual


@dataclass(frozen=True, slots=True)
class Outcome:
    """Back-tests by the kind of topic, retraining by marks, and seconds of the rest.

    background_bytes: how much is stored of an archive of all the papers.
    """

    papers: int
    made: int
    back_tests: dict[str, Times]
    retraining: dict[int, Times]
    judging: Times
    seconds: dict[str, float]
    background_bytes: int

    @property
    def holds(self) -> bool:
        """Whether both bounds hold."""
        return (
            self.slowest_back_test <= MOST_BACK_TEST_MS
            and self.slowest_retraining <= MOST_RETRAIN_MS
        )

    @property
    def slowest_back_test(self) -> float:
        """The slow time of the slowest kind of topic."""
        return max(times.slow for times in self.back_tests.values())

    @property
    def slowest_retraining(self) -> float:
        """The usual time of the slowest number of marks."""
        return max(times.usual for times in self.retraining.values())


def measure(papers: Sequence[BenchPaper], made: int, *, now: datetime) -> Outcome:
    """Store the papers and measure; `made`: how many of them are put together.

    Writes papers and an archive: call it on a database made for it.
    """
    store(papers, now=now)
    rows = list(Paper.objects.order_by("announced_on", "pk"))
    seconds: dict[str, float] = {}
    bags = _lap(seconds, "count", lambda: read_bags(rows))
    background = _lap(seconds, "learn", lambda: matching.Background.build(bags))
    archive = _lap(seconds, "archive", lambda: fit_archive(now=now))
    window = _lap(seconds, "window", lambda: current_window(now=now))
    _lap(seconds, "weights", lambda: archive.weights)
    documents = [Document(p.bare_id, p.title, p.abstract) for p in papers]
    bm25 = _lap(seconds, "bm25", lambda: Bm25(documents))
    classifier = _lap(seconds, "tf-idf", lambda: Classifier(documents))
    topics = make_topics(papers)
    return Outcome(
        len(papers),
        made,
        {kind: _try(typed, bm25, now) for kind, typed in topics.items()},
        dict(_teach(rows, archive.background, classifier)),
        _judge([one.wish for one in topics["wish"]], window, bm25),
        seconds,
        len(background.to_bytes()),
    )


def _try(topics: Sequence[Typed], bm25: Bm25, now: datetime) -> Times:
    def ours(typed: Typed) -> object:
        return back_test(typed.query, typed.wish, now=now)

    def baseline(typed: Typed) -> object:
        return bm25.score(typed.wish or typed.query)

    return Times(_times(ours, topics), _times(baseline, topics))


def _teach(
    rows: Sequence[Paper], background: matching.Background, classifier: Classifier
) -> Iterator[tuple[int, Times]]:
    """Yield the times for each number of marks, of papers here and there."""
    for marks in (number for number in MARKS if number < len(rows)):
        step = len(rows) // marks
        liked = [list(range(first, len(rows), step))[:marks] for first in range(TIMES)]

        def ours(places: Sequence[int]) -> object:
            return scorer_of(_WISH, background, [rows[place] for place in places])

        yield marks, Times(_times(ours, liked), _times(classifier.learn, liked))


def _judge(wishes: Sequence[str], window: Window, bm25: Bm25) -> Times:
    scorers = [scorer_of(wish, window.archive.background) for wish in wishes]
    return Times(
        _times(lambda scorer: scorer.judge(window.shelf), scorers),
        _times(bm25.score, wishes),
    )


def _times(work: Callable[[Any], object], things: Sequence[Any]) -> list[float]:
    """Milliseconds for each thing; the first is done once before."""
    work(things[0])
    taken = []
    for thing in things:
        start = time.perf_counter()
        work(thing)
        taken.append(1000 * (time.perf_counter() - start))
    return taken


def _lap(seconds: dict[str, float], name: str, work: Callable[[], _Result]) -> _Result:
    start = time.perf_counter()
    result = work()
    seconds[name] = time.perf_counter() - start
    return result
