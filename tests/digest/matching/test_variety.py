"""Of papers that score alike, one that repeats another comes a little later."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from digest.matching import Cosines, Variety, read_bag
from digest.matching.tf_idf import tf_idf
from tests.digest.matching import archive


def take_all(scores: list[float], alike: list[list[float]]) -> list[int]:
    rows = np.array(alike, np.float32)
    variety = Variety(scores, lambda place: rows[place])
    return [variety.take() for _ in scores]


def no_likeness(count: int) -> list[list[float]]:
    return [[0.0] * count for _ in range(count)]


def test_without_likeness_the_best_comes_first_and_equals_in_their_order() -> None:
    assert take_all([1.0, 3.0, 2.0, 3.0], no_likeness(4)) == [1, 3, 2, 0]


def test_what_repeats_a_taken_paper_waits_for_one_that_is_nearly_as_good() -> None:
    alike = [[1.0, 0.8, 0.0], [0.8, 1.0, 0.0], [0.0, 0.0, 1.0]]

    assert take_all([5.0, 4.9, 4.0], alike) == [0, 2, 1]


def test_what_is_much_better_comes_first_all_the_same() -> None:
    alike = [[1.0, 0.8, 0.0], [0.8, 1.0, 0.0], [0.0, 0.0, 1.0]]

    assert take_all([5.0, 4.9, 2.0], alike) == [0, 1, 2]


@given(st.lists(st.floats(0, 10), max_size=12))
def test_each_paper_is_taken_once(scores: list[float]) -> None:
    count = len(scores)
    alike = np.random.default_rng(count).random((count, count)).tolist()

    taken = take_all(scores, alike)

    assert sorted(taken) == list(range(count))
    assert taken == take_all(scores, alike)


def test_cosines_are_those_of_the_papers_words() -> None:
    background = archive.background()
    bags = [*archive.bags()[:6], read_bag("")]
    cosines = Cosines([tf_idf(bag.stems, background.frequencies) for bag in bags])

    rows = np.array([cosines.row(place) for place in range(len(bags))])

    assert np.allclose(rows, rows.T, atol=1e-6)
    assert np.allclose(np.diag(rows), [1, 1, 1, 1, 1, 1, 0], atol=1e-5)
    assert not rows[-1].any()


def test_there_may_be_no_papers() -> None:
    Cosines([])
