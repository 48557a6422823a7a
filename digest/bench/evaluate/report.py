"""The figures of all runs as lines of text, and the sentence that sums them up.

Promise: one line per way and collection, then the means over collections, which count
each collection once, and the differences to BM25.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from digest.bench.evaluate.measures import (
    Interval,
    Ranking,
    bootstrap,
    bootstrap_share,
)
from digest.bench.evaluate.runs import Run, Runs

BASELINE = "BM25"
MEASURES = ("nDCG@10", "MAP", "R@20", "P@10", "F1", "kept")
_NAME_WIDTH = 40
_SHOWN = "{0.mean:.3f} [{0.low:.3f} {0.high:.3f}]"
_WIDTH = 22


def intervals(run: Run, seed: int) -> tuple[Interval | None, ...]:
    """Return the measures of a run in the order of `MEASURES`."""
    columns: list[Callable[[Ranking], float]] = [
        lambda one: one.ndcg,
        lambda one: one.average_precision,
        lambda one: one.recall,
        lambda one: one.precision,
    ]
    shown: list[Interval | None] = [
        bootstrap([column(one) for one in run.rankings], seed) for column in columns
    ]
    if not run.f1:
        return (*shown, None, None)
    best = [one.best_f1 for one in run.rankings]
    return (*shown, bootstrap(run.f1, seed), bootstrap_share(run.f1, best, seed))


def heading() -> str:
    """Return the names of the columns."""
    return " " * _NAME_WIDTH + "".join(f"{name:<{_WIDTH}}" for name in MEASURES)


def table(runs: Runs, seed: int) -> Iterator[str]:
    """Yield a line for each way."""
    for name, run in runs.items():
        cells = [_SHOWN.format(one) if one else "-" for one in intervals(run, seed)]
        sent = f"sends {np.mean(run.sent):.1f}" if run.sent else ""
        line = "".join(f"{cell:<{_WIDTH}}" for cell in cells)
        yield f"  {name:<{_NAME_WIDTH - 2}}{line}{sent}".rstrip()


def mean_table(by_collection: Sequence[Runs], seed: int) -> Iterator[str]:
    """Yield the mean over collections of each way that all of them have."""
    for name in _common(by_collection):
        cells = []
        for at in range(len(MEASURES)):
            found = mean_over(by_collection, name, at, seed)
            cells.append("-" if found is None else f"{found:.3f}")
        yield (
            f"  {name:<{_NAME_WIDTH - 2}}"
            + "".join(f"{cell:<{_WIDTH}}" for cell in cells).rstrip()
        )


def _common(by_collection: Sequence[Runs]) -> list[str]:
    first = by_collection[0] if by_collection else {}
    return [name for name in first if all(name in runs for runs in by_collection)]


def mean_over(
    by_collection: Sequence[Runs], name: str, measure: int, seed: int
) -> float | None:
    """Return the mean over collections of a way's measure; None where it has none."""
    found = [intervals(runs[name], seed)[measure] for runs in by_collection]
    known = [one.mean for one in found if one is not None]
    return float(np.mean(known)) if known and len(known) == len(found) else None


def gains(by_collection: dict[str, Runs], baseline: str, seed: int) -> Iterator[str]:
    """Yield the paired difference of each other way to one, per collection."""
    names = [n for n in _common(list(by_collection.values())) if n != baseline]
    for name in names:
        for collection, runs in by_collection.items():
            ndcg, precision = paired(runs[name], runs[baseline], seed)
            yield (
                f"  {name} against {baseline}, {collection}: "
                f"nDCG@10 {_signed(ndcg)}, MAP {_signed(precision)}"
            )


def paired(run: Run, other: Run, seed: int) -> tuple[Interval, Interval]:
    """Return the mean differences of nDCG@10 and MAP, query by query."""
    pairs = list(zip(run.rankings, other.rankings, strict=True))
    return (
        bootstrap([one.ndcg - two.ndcg for one, two in pairs], seed),
        bootstrap(
            [one.average_precision - two.average_precision for one, two in pairs], seed
        ),
    )


def _signed(one: Interval) -> str:
    return f"{one.mean:+.3f} [{one.low:+.3f} {one.high:+.3f}]"
