"""The bench of matching in words: each part's time, and whether the bounds hold."""

from django.db import connection
from django.utils.translation import gettext as _

from digest.bench.bounds import verdict
from digest.bench.matching.measure import MOST_SECONDS, Outcome


def describe(outcome: Outcome) -> list[str]:
    """One line about what was asked, one for each time, two for the oracle."""
    seconds = outcome.laps.seconds
    rows = [
        (_("papers taken apart"), seconds["prepare"]),
        (_("papers turned round"), seconds["index"]),
        (_("candidates read by key"), seconds["fetch"]),
        (_("candidates tried"), seconds["try"]),
        (_("boolean part"), outcome.boolean_seconds),
        (_("ranking part"), seconds["rank"]),
        (_("oracle, a query each"), outcome.oracle_seconds),
        (_("oracle, one join"), seconds["join"]),
    ]
    head = _(
        "{papers} papers and {subscriptions} subscriptions to {queries} different "
        "queries on {database}: {candidates} candidates, {pairs} matches"
    ).format(
        papers=outcome.papers,
        subscriptions=outcome.subscriptions,
        queries=outcome.queries,
        database=connection.display_name,
        candidates=outcome.candidates,
        pairs=outcome.pairs,
    )
    return [
        head,
        *(
            _("{name:<24} {seconds:>9.3f} s").format(name=name, seconds=value)
            for name, value in rows
        ),
        _("{name:<24} {size:>9.0f} MB").format(
            name=_("memory, at its peak"), size=outcome.laps.megabytes
        ),
        _(
            "The oracle finds {differing} of {sample} queries to differ, and "
            "{joined} matches in all."
        ).format(
            differing=outcome.differing,
            sample=outcome.sample,
            joined=outcome.joined_pairs,
        ),
    ]


def sum_up(outcome: Outcome) -> str:
    """The last line."""
    return _(
        "{verdict}: {same}, boolean part {seconds:.2f} s (at most {most:.0f}), "
        "{each:.2f} of the oracle's time a query each, {join:.2f} of one join's from "
        "prepared papers on."
    ).format(
        verdict=verdict(holds=outcome.holds),
        same=_("same matches") if outcome.agrees else _("other matches"),
        seconds=outcome.boolean_seconds,
        most=MOST_SECONDS,
        each=outcome.boolean_seconds / outcome.oracle_seconds,
        join=outcome.match_seconds / outcome.laps.seconds["join"],
    )
