"""Times each part of matching on its own, and compares what it found.

The timed parts are the product's own functions: papers are prepared and turned round
(`PaperIndex`), candidates read by key (`candidates_by_key`) and tried (`find_queries`),
hits ranked (`rank_query`).
"""

import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TypeVar

from django.db import connection

from digest import matching
from digest.bench.matching.oracle import Oracle, count_pairs
from digest.models import CanonicalQuery
from digest.pipeline.match.candidates import Candidate, candidates_by_key, find_queries
from digest.pipeline.match.filing import file_queries
from digest.pipeline.match.writing import rank_query

SAMPLE = 1000
"""How many queries the oracle is asked one by one."""

MOST_SECONDS = 4.0
"""For the boolean part, whatever the number of topics, up to a million."""

MANY_TOPICS = 1_000_000
"""From here on, one join of queries and papers in PostgreSQL must not be faster."""

_CHUNK = 5000
_Result = TypeVar("_Result")


@dataclass(slots=True)
class Laps:
    """Seconds of each part; megabytes that matching took beyond what was there."""

    seconds: dict[str, float] = field(default_factory=dict)
    megabytes: float = 0.0

    def time(self, name: str, work: Callable[[], _Result]) -> _Result:
        """Do something and note how long it took."""
        start = time.perf_counter()
        result = work()
        self.seconds[name] = time.perf_counter() - start
        return result


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was asked, what was found, and how long each way took."""

    papers: int
    subscriptions: int
    queries: int
    candidates: int
    pairs: int
    joined_pairs: int
    sample: int
    differing: int
    laps: Laps

    @property
    def boolean_seconds(self) -> float:
        """Which queries hold for which new papers, from their text on."""
        return self.laps.seconds["prepare"] + self.match_seconds

    @property
    def match_seconds(self) -> float:
        """The same from prepared papers on, as the oracle has them indexed before."""
        return sum(self.laps.seconds[part] for part in ("index", "fetch", "try"))

    @property
    def oracle_seconds(self) -> float:
        """What the oracle would take for all queries, one by one."""
        return self.laps.seconds["oracle"] / self.sample * self.queries

    @property
    def agrees(self) -> bool:
        """Whether the oracle found the same."""
        return not self.differing and self.pairs == self.joined_pairs

    @property
    def holds(self) -> bool:
        """Whether all bounds hold; that of the join is for many topics."""
        is_quick = self.boolean_seconds <= MOST_SECONDS
        is_few = self.subscriptions < MANY_TOPICS or connection.vendor == "sqlite"
        return (
            self.agrees
            and is_quick
            and (is_few or self.match_seconds <= self.laps.seconds["join"])
        )


def store_queries(texts: Iterable[str], weights: matching.TermWeights) -> None:
    """File canonical queries as the match stage does."""
    rest = iter(texts)
    while chunk := list(islice(rest, _CHUNK)):
        file_queries(map(matching.parse_query, chunk), weights)
    if connection.vendor == "postgresql":
        # What autovacuum does within a minute after so many rows.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE digest_canonicalquery, digest_querykey")


def measure(
    papers: Sequence[matching.PaperText],
    subscriptions: int,
    weights: matching.TermWeights,
) -> Outcome:
    """Match the papers with all stored queries, and ask the oracle the same."""
    laps = Laps()
    before = _resident("VmRSS")
    _forget_peak()
    prepared = laps.time("prepare", lambda: matching.prepare_all(papers))
    index = laps.time("index", lambda: matching.PaperIndex(prepared))
    candidates = _Timed(candidates_by_key(index.keys))
    found = laps.time("try", lambda: find_queries(index, candidates))
    laps.seconds["fetch"] = candidates.seconds
    laps.seconds["try"] -= candidates.seconds
    laps.megabytes = _resident("VmHWM") - before
    laps.time("rank", lambda: _rank(index, found, weights))
    return _compare(papers, subscriptions, candidates.count, index, found, laps)


class _Timed:
    """Candidates, and how long the database took to hand them out."""

    def __init__(self, candidates: Iterator[Candidate]) -> None:
        self._candidates = candidates
        self.seconds, self.count = 0.0, 0

    def __iter__(self) -> Iterator[Candidate]:
        while True:
            start = time.perf_counter()
            chunk = list(islice(self._candidates, _CHUNK))
            self.seconds += time.perf_counter() - start
            if not chunk:
                return
            self.count += len(chunk)
            yield from chunk


def _rank(
    index: matching.PaperIndex,
    found: Mapping[int, int],
    weights: matching.TermWeights,
) -> None:
    query_ids = sorted(found)
    for start in range(0, len(query_ids), _CHUNK):
        chosen = CanonicalQuery.objects.filter(pk__in=query_ids[start : start + _CHUNK])
        for pk, text in chosen.values_list("pk", "text"):
            for _hit in rank_query(text, found[pk], index, weights):
                pass


def _compare(
    papers: Sequence[matching.PaperText],
    subscriptions: int,
    candidates: int,
    index: matching.PaperIndex,
    found: Mapping[int, int],
    laps: Laps,
) -> Outcome:
    oracle = Oracle(papers)
    asked = {
        pk: oracle.translate(matching.parse_query(text))
        for pk, text in CanonicalQuery.objects.values_list("pk", "text").iterator()
    }
    step = max(1, len(asked) // SAMPLE)
    sample = dict(islice(sorted(asked.items()), 0, None, step))
    answers = laps.time(
        "oracle", lambda: {pk: oracle.ask(text) for pk, text in sample.items()}
    )
    oracle.write_queries(list(asked.values()))
    joined = laps.time("join", oracle.join)
    differing = sum(
        answer != {paper.paper.key for paper in index.papers(found.get(pk, 0))}
        for pk, answer in answers.items()
    )
    return Outcome(
        len(papers),
        subscriptions,
        len(asked),
        candidates,
        count_pairs(found),
        joined,
        len(sample),
        differing,
        laps,
    )


def _forget_peak() -> None:
    """Let the kernel count this process's peak of memory from here on."""
    clear = Path("/proc/self/clear_refs")
    if clear.exists():
        clear.write_text("5")


def _resident(name: str) -> float:
    """Megabytes of this process in memory: now ("VmRSS") or at most ("VmHWM")."""
    status = Path("/proc/self/status")
    if not status.exists():  # no Linux: the peak since the start, for both
        unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    line = next(ln for ln in status.read_text().splitlines() if ln.startswith(name))
    return int(line.split()[1]) / 1024
