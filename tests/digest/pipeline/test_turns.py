"""Taking turns: papers that say nearly the same fall together, and none is lost."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from digest.pipeline.plan.choosing import Chosen, choose
from digest.pipeline.plan.turns import Candidate
from tests.digest.pipeline.candidates import (
    DAILY,
    OPTICS,
    ROBOTS,
    candidates,
    each_way,
    held,
    mailed,
    orders,
    papers,
    picked,
    picks,
)


def above(chosen: list[Chosen]) -> dict[int, int]:
    """Under which paper each of those stands that have no place of their own."""
    return {c.candidate.paper_id: c.beneath for c in chosen if c.beneath is not None}


def test_it_lets_papers_fall_together_without_using_up_the_cap() -> None:
    chosen = choose(
        [*papers(ROBOTS, 100, 101, 102, 103), *papers(OPTICS, 201, 202)],
        topic_order=[ROBOTS, OPTICS],
        cap=3,
        alike=each_way((100, 101), (100, 202), (101, 103)),
    )

    assert mailed(chosen) == [100, 101, 202, 102, 201]
    # 103 is like 101 alone, which has no place: it keeps its own.
    assert held(chosen) == [103]
    assert above(chosen) == {101: 100, 202: 100}


def test_it_lets_a_topic_take_another_where_one_fell_beneath() -> None:
    chosen = choose(
        [*papers(ROBOTS, 100, 101, 102), *papers(OPTICS, 201, 202, 203)],
        topic_order=[ROBOTS, OPTICS],
        cap=4,
        alike=each_way((100, 201)),
    )

    assert mailed(chosen) == [100, 201, 101, 202, 203]
    assert held(chosen) == [102]


def test_a_pick_keeps_its_own_place() -> None:
    chosen = choose(
        [*papers(ROBOTS, 100), *picks(30, 31)],
        topic_order=[ROBOTS, DAILY],
        cap=5,
        alike=each_way((30, 31), (30, 100)),
    )

    assert mailed(chosen) == [30, 100, 31]
    assert above(chosen) == {100: 30}


likeness = st.lists(
    st.tuples(st.integers(1, 40), st.integers(1, 40)).filter(lambda p: p[0] != p[1]),
    max_size=40,
).map(lambda pairs: each_way(*pairs))


@settings(deadline=None)
@given(candidates, picked, orders, st.integers(1, 50), likeness)
def test_no_paper_is_lost_by_falling_together(
    some: list[Candidate],
    chosen_by_hand: list[Candidate],
    order: list[int],
    cap: int,
    alike: dict[int, set[int]],
) -> None:
    every = [*some, *chosen_by_hand]
    chosen = choose(every, topic_order=order, cap=cap, alike=alike)

    assert Counter(c.candidate.paper_id for c in chosen) == Counter(
        {candidate.paper_id for candidate in every}
    )
    places = [c for c in chosen if c.beneath is None]
    assert sum(c.is_in_mail for c in places) == min(cap, len(places))
    seen: dict[int, Chosen] = {}
    for item in chosen:
        if item.beneath is None:
            seen[item.candidate.paper_id] = item
        else:  # beneath one that came before, has a place, and says nearly the same
            leader = seen[item.beneath]
            assert leader.is_in_mail == item.is_in_mail
            assert item.candidate.paper_id in alike[item.beneath]
            assert not item.candidate.is_pick
