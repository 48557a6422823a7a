"""`manage.py bench relevance`: the same papers and topics each time, a verdict last."""

import numpy as np
import pytest

from digest.bench.ingest import BenchPaper
from digest.bench.matching.papers import make_texts
from digest.bench.relevance.measure import MARKS, Outcome, Times, measure
from digest.bench.relevance.papers import enlarge, make_topics, store
from digest.bench.relevance.telling import describe, sum_up
from digest.matching import parse_query
from digest.models import Paper
from digest.pipeline.match.window import WINDOW_DAYS, in_window
from tests.factories import NOW


def papers() -> list[BenchPaper]:
    return [
        BenchPaper(
            f"2611.{text.key:05d}",
            text.title,
            f"{text.abstract[:300]}. {text.abstract[300:600]}. We end {text.key}.",
            ("Ada Author",),
            ("cs.LG",),
        )
        for text in make_texts(330)
    ]


def test_missing_papers_are_made_of_the_sentences_of_others() -> None:
    real = papers()[:20]

    more = enlarge(real, 50)

    assert more == enlarge(real, 50)
    assert (more[:20], len(more)) == (real, 50)
    assert enlarge(real, 5) == real[:5]
    assert len({paper.bare_id for paper in more}) == 50
    whole = " ".join(paper.abstract for paper in real)
    made = [paper.abstract for paper in more[20:]]
    assert all(part in whole for text in made for part in text.split(". ") if part)
    assert len(set(made)) > 20


def test_topics_of_each_kind_can_be_read() -> None:
    topics = make_topics(papers())

    assert topics == make_topics(papers())
    assert all(parse_query(one.query) for one in (*topics["query"], *topics["both"]))
    assert all(one.wish for one in (*topics["wish"], *topics["both"]))
    assert not any(one.wish for one in topics["query"])


@pytest.mark.django_db
def test_the_papers_lie_in_the_window_on_each_of_its_days() -> None:
    store(papers(), now=NOW)

    days = set(in_window(NOW).values_list("announced_on", flat=True))
    assert len(days) == WINDOW_DAYS
    assert in_window(NOW).count() == Paper.objects.count() == len(papers())


@pytest.mark.django_db
def test_it_measures_every_part_and_says_so() -> None:
    outcome = measure(papers(), 0, now=NOW)

    assert set(outcome.back_tests) == {"query", "wish", "both"}
    assert tuple(outcome.retraining) == MARKS
    parts = (*outcome.back_tests.values(), *outcome.retraining.values())
    assert all(min(*one.ours, *one.baseline) > 0 for one in (*parts, outcome.judging))
    lines = [*describe(outcome), sum_up(outcome)]
    assert lines[0].startswith("330 papers of the last days (0 put together) on ")
    assert " of one fit of the SVM." in lines[-1]


def outcome_of(back_test: float, retraining: float) -> Outcome:
    return Outcome(
        papers=1,
        made=0,
        back_tests={"wish": Times(np.full(20, back_test).tolist(), [10.0])},
        retraining={5: Times([retraining], [100.0])},
        judging=Times([1.0], [1.0]),
        seconds={},
        background_bytes=1,
    )


@pytest.mark.parametrize(
    ("back_test", "retraining", "holds"),
    [(200.0, 20.0, True), (301.0, 20.0, False), (200.0, 51.0, False)],
)
def test_the_bounds_decide_about_the_verdict(
    back_test: float,
    retraining: float,
    holds: bool,  # noqa: FBT001
) -> None:
    outcome = outcome_of(back_test, retraining)
    assert outcome.holds == holds
    assert sum_up(outcome).startswith("Bounds hold: " if holds else "Bounds broken: ")


def test_the_last_line_says_how_it_compares() -> None:
    assert sum_up(outcome_of(200, 20)) == (
        "Bounds hold: a back-test in 200 ms (at most 300), 20.0 times one BM25 "
        "ranking; marks learned in 20 ms (at most 50), 0.200 of one fit of the SVM."
    )
