"""The bench of pages in words: a table of times, bytes, and whether the bounds hold."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from digest.bench.bounds import verdict
from digest.bench.pages.outcome import (
    MOST_FRONT_BYTES,
    MOST_HELLOS,
    MOST_PAGE_MS,
    MOST_PREVIEW_MS,
    Outcome,
    Times,
)

_KIB = 1024


def describe(outcome: Outcome) -> Iterator[str]:
    """A line about the rows, one for each page, and what the front page moves."""
    yield _("{papers} papers and {readers} readers; each page {rounds} times").format(
        papers=outcome.papers,
        readers=outcome.readers,
        rounds=len(outcome.hello.later),
    )
    heads = (_("first"), "p50", "p95", _("CPU"), _("hellos"))
    yield f"{_('milliseconds'):<37}" + "".join(f" {head:>7}" for head in heads)
    rows = {_("hello"): outcome.hello, **outcome.pages, _("preview"): outcome.preview}
    for name, times in rows.items():
        yield _row(name, times, times.slow / outcome.hello.slow)
    for address, size in outcome.weight.parts.items():
        yield f"{address:<50} {size:>8} B"
    for host in sorted(outcome.weight.other_hosts):
        yield _("PROBLEM: the front page asks {host}").format(host=host)
    for name, status in outcome.odd.items():
        yield _("PROBLEM: {name} answered {status}").format(name=name, status=status)


def sum_up(outcome: Outcome) -> str:
    """The verdict, in one line."""
    return _(
        "{verdict}: slowest page ({name}) {page:.0f} ms at p95 (under {most_page:.0f}),"
        " {ratio:.1f} hellos (at most {most_hellos:.0f}); preview {preview:.0f} ms "
        "(under {most_preview:.0f}); front page {size:.1f} KB (under {most_size:.0f})."
    ).format(
        verdict=verdict(holds=outcome.holds),
        name=outcome.slowest,
        page=outcome.pages[outcome.slowest].slow,
        most_page=MOST_PAGE_MS,
        ratio=outcome.ratio,
        most_hellos=MOST_HELLOS,
        preview=outcome.preview.slow,
        most_preview=MOST_PREVIEW_MS,
        size=outcome.weight.total / _KIB,
        most_size=MOST_FRONT_BYTES / _KIB,
    )


def _row(name: str, times: Times, ratio: float) -> str:
    figures = (times.first, times.usual, times.slow, times.usual_cpu, ratio)
    return f"{name:<37}" + "".join(f" {figure:>7.1f}" for figure in figures)
