"""The measures, against values worked out by hand."""

import math

import numpy as np
import pytest

from digest.bench.evaluate.measures import bootstrap, bootstrap_share, f1, rate


def test_it_rates_a_ranking() -> None:
    found = rate(np.array([3.0, 2.0, 1.0, 0.0]), {0: 1.0, 2: 2.0})
    ideal = 2 + 1 / math.log2(3)
    assert found.ndcg == pytest.approx((1 + 2 / 2) / ideal)
    assert found.average_precision == pytest.approx((1 + 2 / 3) / 2)
    assert found.recall == 1
    assert found.precision == pytest.approx(0.2)
    assert found.best_f1 == pytest.approx(2 * 2 / (3 + 2))


def test_it_rates_what_is_sent() -> None:
    assert f1(np.array([True, True, False]), {0: 1.0, 2: 1.0}) == pytest.approx(0.5)
    assert f1(np.array([False, False]), {0: 1.0}) == 0


def test_it_says_how_sure_it_is() -> None:
    interval = bootstrap([0.0, 1.0] * 50, seed=1)
    assert interval.low < interval.mean == 0.5 < interval.high
    assert interval == bootstrap([0.0, 1.0] * 50, seed=1)
    share = bootstrap_share([0.5, 0.5], [1.0, 1.0], seed=1)
    assert share == (0.5, 0.5, 0.5)
    assert bootstrap([], seed=1).mean == bootstrap_share([], [], seed=1).mean == 0
