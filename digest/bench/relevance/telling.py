"""The bench of relevance in words: times, baselines, and whether the bounds hold."""

from django.db import connection
from django.utils.translation import gettext as _

from digest.bench.bounds import verdict
from digest.bench.relevance.measure import (
    MOST_BACK_TEST_MS,
    MOST_RETRAIN_MS,
    Outcome,
    Times,
)


def describe(outcome: Outcome) -> list[str]:
    """One line about the papers, then one for each time."""
    kinds = {
        "query": _("a query"),
        "wish": _("a wish"),
        "both": _("a query and a wish"),
    }
    done_once = {
        "count": _("words of all papers counted and stored"),
        "learn": _("background of all papers"),
        "archive": _("background of the newest, stored"),
        "window": _("window read by a process"),
        "weights": _("rarity of words read by a process"),
        "bm25": _("BM25 of all papers"),
        "tf-idf": _("tf-idf of all papers, for the SVM"),
    }
    return [
        _(
            "{papers} papers of the last days ({made} put together) on {database}"
        ).format(
            papers=outcome.papers, made=outcome.made, database=connection.display_name
        ),
        _("Back-test of a typed topic, beside one BM25 ranking:"),
        *(_line(kinds[kind], times) for kind, times in outcome.back_tests.items()),
        _("Learning from marks, beside one fit of a linear SVM:"),
        *(
            _line(_("{marks} liked").format(marks=marks), times)
            for marks, times in outcome.retraining.items()
        ),
        _("All papers judged by a wish, beside one BM25 ranking:"),
        _line(_("a wish"), outcome.judging),
        _("Once:"),
        *(
            _("  {name:<40} {seconds:>8.2f} s").format(name=name, seconds=seconds)
            for name, seconds in (
                (done_once[key], taken) for key, taken in outcome.seconds.items()
            )
        ),
        _("  {name:<40} {size:>8.1f} MB").format(
            name=_("background of all papers, stored"),
            size=outcome.background_bytes / 1e6,
        ),
    ]


def _line(name: str, times: Times) -> str:
    return _(
        "  {name:<20} {usual:>7.1f} ms (slow {slow:.1f}), baseline {baseline:.1f}, "
        "ratio {ratio:.2f}"
    ).format(
        name=name,
        usual=times.usual,
        slow=times.slow,
        baseline=times.baseline_usual,
        ratio=times.ratio,
    )


def sum_up(outcome: Outcome) -> str:
    """The last line."""
    back_test = max(outcome.back_tests.values(), key=lambda times: times.slow)
    retraining = max(outcome.retraining.values(), key=lambda times: times.usual)
    return _(
        "{verdict}: a back-test in {back_test:.0f} ms (at most {most:.0f}), "
        "{ranking:.1f} times one BM25 ranking; marks learned in {retrain:.0f} ms (at "
        "most {least:.0f}), {fit:.3f} of one fit of the SVM."
    ).format(
        verdict=verdict(holds=outcome.holds),
        back_test=outcome.slowest_back_test,
        most=MOST_BACK_TEST_MS,
        ranking=back_test.ratio,
        retrain=outcome.slowest_retraining,
        least=MOST_RETRAIN_MS,
        fit=retraining.ratio,
    )
