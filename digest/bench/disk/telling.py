"""The figures as lines."""

from collections.abc import Iterator

from digest.bench.disk.measure import Outcome, Weight


def describe(outcome: Outcome) -> Iterator[str]:
    """A line for each table: of one reader and day, rows and bytes, now and later."""
    yield f"{outcome.readers} readers, {outcome.accepted} mails accepted"
    columns = ("of a reader and day", "rows", "bytes", "45 days", "a year")
    yield "{:<22}{:>8}{:>9}{:>10}{:>9}".format(*columns)
    for name, weight in outcome.added.items():
        later = outcome.after_30_days[name], outcome.after_a_year[name]
        yield (
            f"{name.removeprefix('digest_'):<22}"
            f"{weight.rows / outcome.readers:>8.2f}"
            f"{weight.size / outcome.readers:>9.0f}"
            f"{later[0].size / outcome.readers:>10.0f}"
            f"{later[1].size / outcome.readers:>9.0f}"
        )


def sum_up(outcome: Outcome) -> str:
    """All tables together."""

    def total(weights: dict[str, Weight]) -> float:
        return sum(weight.size for weight in weights.values()) / outcome.readers

    return (
        f"A reader's day takes {total(outcome.added):.0f} bytes, "
        f"{total(outcome.after_30_days):.0f} without its body, and "
        f"{total(outcome.after_a_year):.0f} after a year."
    )
