"""The table and the verdict in words."""

from collections.abc import Iterator, Sequence
from statistics import median

from django.utils.translation import gettext as _

from digest.bench import bounds
from digest.bench.run.outcome import Lap, Outcome


def describe(outcome: Outcome) -> Iterator[str]:
    """What was done, and a line for each of the two."""
    yield _(
        "{readers} readers, {papers} papers, {workers} workers; rounds: {rounds}"
    ).format(
        readers=outcome.readers,
        papers=outcome.papers,
        workers=outcome.workers,
        rounds=len(outcome.ours),
    )
    yield _row(
        "", _("mails"), _("papers each"), _("seconds"), _("mails/s"), _("CPU ms each")
    )
    yield _describe(_("this service"), outcome.ours)
    yield _describe(_("a plain Django script"), outcome.plain)
    yield _("Of the service's seconds, matching took {seconds:.2f}.").format(
        seconds=median(lap.matching for lap in outcome.ours)
    )
    for problem in outcome.problems:
        yield _("PROBLEM {problem}").format(problem=problem)


def sum_up(outcome: Outcome) -> str:
    """The last line."""
    names = {"plain": _("{value:.1f} times as fast as a plain Django script")}
    remark = _("not every mail went once") if outcome.problems else ""
    return bounds.sum_up(outcome.bounds, names, holds=outcome.holds, remark=remark)


def _describe(name: str, laps: Sequence[Lap]) -> str:
    return _row(
        name,
        str(laps[0].mails),
        f"{median(lap.size for lap in laps):.1f}",
        f"{median(lap.seconds for lap in laps):.2f}",
        f"{median(lap.rate for lap in laps):.0f}",
        f"{median(1000 * lap.cpu / lap.mails for lap in laps):.1f}",
    )


def _row(name: str, *figures: str) -> str:
    return f"{name:<24}" + "".join(f"{figure:>14}" for figure in figures)
