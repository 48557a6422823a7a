"""The words for how many papers a topic would bring."""

import pytest

from digest.models import Strictness
from digest.pipeline.match.backtest import BackTest
from digest.pipeline.render import volume


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, "Nothing in the last 14 days."),
        (1, "1 paper in the last 14 days, less than 1 a week."),
        (2, "2 papers in the last 14 days, about 1 a week."),
        (29, "29 papers in the last 14 days, about 14 a week."),
    ],
)
def test_it_says_what_came_and_what_to_expect(count: int, expected: str) -> None:
    assert volume.sentence(BackTest((), count, {})) == expected


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, "Few papers, if any, in the last 14 days."),
        (290, "About 290 papers in the last 14 days, about 145 a week."),
    ],
)
def test_it_says_that_a_number_is_an_estimate(count: int, expected: str) -> None:
    found = BackTest((), count, {}, is_estimate=True)
    assert volume.sentence(found) == expected


def test_each_step_says_what_it_would_send_a_week() -> None:
    counts = {Strictness.MORE: 8, Strictness.USUAL: 1, Strictness.FEWER: 0}

    found = volume.steps(BackTest((), 1, counts), Strictness.USUAL)

    assert [(step.label, step.per_week, step.is_chosen) for step in found] == [
        ("more papers", "4", False),
        ("as usual", "less than 1", True),
        ("fewer papers", "0", False),
    ]


def test_a_query_alone_has_no_steps() -> None:
    assert volume.steps(BackTest((), 3, {}), Strictness.USUAL) == ()
