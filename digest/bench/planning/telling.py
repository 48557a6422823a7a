"""The table and the verdict in words."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from digest.bench import bounds
from digest.bench.planning.outcome import Lap, Outcome
from digest.bench.planning.scene import MOST_TOPICS, PAPERS


def describe(outcome: Outcome) -> Iterator[str]:
    """What was planned, and a line for each size of batch."""
    yield _(
        "{readers} readers of 1 to {topics} topics over {papers} papers; "
        "{rows:.0f} rows a reader"
    ).format(
        readers=outcome.subscribers,
        topics=MOST_TOPICS,
        papers=PAPERS,
        rows=outcome.laps[0].rows / outcome.subscribers,
    )
    yield _row(
        "", _("readers/s"), _("COPY/s"), _("ratio"), _("queries"), _("of a third")
    )
    for lap in outcome.laps:
        yield _describe_lap(lap)
    yield _("The planner's memory at its peak: {size:.0f} MB").format(
        size=outcome.peak_megabytes
    )


def _describe_lap(lap: Lap) -> str:
    return _row(
        _("planned, {size} together").format(size=lap.size),
        f"{lap.rate:.0f}",
        f"{lap.copy_rate:.0f}",
        f"{lap.ratio:.2f}",
        str(lap.queries),
        f"{lap.growth:.2f}",
    )


def _row(name: str, *figures: str) -> str:
    return f"{name:<24}" + "".join(f"{figure:>12}" for figure in figures)


def sum_up(outcome: Outcome) -> str:
    """The last line."""
    names = {
        "copy": _("planning at {value:.2f} of a bare COPY"),
        "growth": _("all cost {value:.2f} times the first third"),
        "memory": _("{value:.0f} MB of memory"),
    }
    is_whole = all(lap.readers == outcome.subscribers for lap in outcome.laps)
    remark = "" if is_whole else _("not every reader was planned")
    return bounds.sum_up(outcome.bounds, names, holds=outcome.holds, remark=remark)
