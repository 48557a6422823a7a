"""Choosing: the cap, the fair share of it, and one place for each paper."""

from collections import Counter
from itertools import groupby

from hypothesis import given, settings
from hypothesis import strategies as st

from digest.pipeline.plan.choosing import choose
from digest.pipeline.plan.turns import Candidate
from tests.digest.pipeline.candidates import (
    DAILY,
    OPTICS,
    ROBOTS,
    TOPICS,
    candidates,
    held,
    mailed,
    orders,
    papers,
    picked,
    picks,
)


def test_it_gives_each_topic_the_same_share_of_the_cap() -> None:
    chosen = choose(
        [*papers(ROBOTS, *range(100, 120), score=9.0), *papers(OPTICS, 201, 202, 203)],
        topic_order=[ROBOTS, OPTICS],
        cap=6,
    )

    assert mailed(chosen) == [100, 101, 102, 201, 202, 203]
    assert held(chosen) == list(range(103, 120))


def test_it_passes_on_what_a_topic_leaves() -> None:
    chosen = choose(
        [*papers(ROBOTS, *range(100, 120)), *papers(OPTICS, 201)],
        topic_order=[ROBOTS, OPTICS],
        cap=6,
    )

    assert mailed(chosen) == [100, 101, 102, 103, 104, 201]


def test_a_topic_keeps_to_its_limit_and_the_others_take_what_it_leaves() -> None:
    chosen = choose(
        [*papers(ROBOTS, *range(100, 110)), *papers(OPTICS, *range(200, 210))],
        topic_order=[ROBOTS, OPTICS],
        cap=6,
        limits={ROBOTS: 2},
    )

    assert mailed(chosen) == [100, 101, 200, 201, 202, 203]
    assert held(chosen) == [*range(102, 110), *range(204, 210)]


def test_a_limit_holds_back_papers_though_there_is_room() -> None:
    chosen = choose(
        papers(ROBOTS, 100, 101, 102), topic_order=[ROBOTS], cap=6, limits={ROBOTS: 1}
    )

    assert (mailed(chosen), held(chosen)) == ([100], [101, 102])


def test_what_leads_comes_before_the_score_and_after_picks() -> None:
    chosen = choose(
        [
            Candidate(1, DAILY, 9.0, lead=5),
            Candidate(2, DAILY, 1.0, lead=7),
            *picks(30),
        ],
        topic_order=[DAILY],
        cap=2,
    )

    assert (mailed(chosen), held(chosen)) == ([30, 2], [1])


def test_it_takes_the_best_of_each_topic() -> None:
    chosen = choose(
        [
            Candidate(1, ROBOTS, 0.2),
            Candidate(2, ROBOTS, 0.9),
            Candidate(3, ROBOTS, 0.5),
        ],
        topic_order=[ROBOTS],
        cap=2,
    )

    assert (mailed(chosen), held(chosen)) == ([2, 3], [1])


def test_it_puts_a_paper_of_two_topics_where_it_scores_best_and_names_the_other() -> (
    None
):
    chosen = choose(
        [Candidate(1, ROBOTS, 0.4), Candidate(1, OPTICS, 0.7)],
        topic_order=[ROBOTS, OPTICS],
        cap=5,
    )

    assert len(chosen) == 1
    assert (chosen[0].candidate.topic_id, chosen[0].also_in) == (OPTICS, (ROBOTS,))


def test_it_puts_the_picks_on_top_with_their_note() -> None:
    chosen = choose(
        [
            *papers(ROBOTS, 100, 101, score=9.9),
            *papers(DAILY, 10),
            *picks(31, 30, note="Read this."),
        ],
        topic_order=[ROBOTS, DAILY],
        cap=5,
    )

    assert mailed(chosen) == [31, 30, 10, 100, 101]
    assert [c.candidate.note for c in chosen][:2] == ["Read this."] * 2


def test_it_mails_a_pick_even_where_the_cap_is_one() -> None:
    chosen = choose(
        [*papers(ROBOTS, 100, score=9.9), *picks(30)],
        topic_order=[ROBOTS, DAILY],
        cap=1,
    )

    assert (mailed(chosen), held(chosen)) == ([30], [100])


def test_it_counts_the_picks_against_the_share_of_their_topic() -> None:
    chosen = choose(
        [
            *papers(ROBOTS, *range(100, 110)),
            *papers(DAILY, *range(10, 20)),
            *picks(30, 31, 32),
        ],
        topic_order=[ROBOTS, DAILY],
        cap=8,
    )

    assert mailed(chosen) == [30, 31, 32, 10, 100, 101, 102, 103]


def test_it_keeps_each_topic_together() -> None:
    chosen = choose(
        [*papers(ROBOTS, 100, 101), *papers(DAILY, 10, 11), *picks(30)],
        topic_order=[ROBOTS, DAILY],
        cap=4,
    )

    topics = [c.candidate.topic_id for c in chosen if c.is_in_mail]
    assert [topic for topic, _ in groupby(topics)] == [DAILY, ROBOTS]


def test_it_keeps_the_reason_of_a_topic_that_a_pick_also_matches() -> None:
    reason: list[dict[str, object]] = [{"kind": "word", "text": "x", "field": "title"}]
    chosen = choose(
        [*picks(30, note="Read this."), Candidate(30, ROBOTS, 0.5, reason)],
        topic_order=[ROBOTS, DAILY],
        cap=5,
    )

    assert len(chosen) == 1
    candidate = chosen[0].candidate
    assert (candidate.is_pick, candidate.note) == (True, "Read this.")
    assert (candidate.evidence, chosen[0].also_in) == (reason, (ROBOTS,))


def test_it_chooses_nothing_from_nothing() -> None:
    assert choose([], topic_order=[ROBOTS], cap=5) == []


@settings(deadline=None)
@given(candidates, picked, orders, st.integers(1, 50))
def test_it_fills_the_cap_and_names_each_paper_once(
    some: list[Candidate], chosen_by_hand: list[Candidate], order: list[int], cap: int
) -> None:
    chosen = choose([*some, *chosen_by_hand], topic_order=order, cap=cap)

    wanted = {c.paper_id for c in [*some, *chosen_by_hand]}
    assert sorted(mailed(chosen) + held(chosen)) == sorted(wanted)
    assert len(mailed(chosen)) == min(cap, len(wanted))
    # What is mailed comes first, and each topic stands together.
    assert (
        mailed(chosen) == [c.candidate.paper_id for c in chosen][: len(mailed(chosen))]
    )
    runs = [
        topic
        for topic, _ in groupby(c.candidate.topic_id for c in chosen if c.is_in_mail)
    ]
    assert len(runs) == len(set(runs))


@settings(deadline=None)
@given(candidates, picked, orders, st.integers(1, 50))
def test_it_gives_each_due_topic_its_equal_share(
    some: list[Candidate], chosen_by_hand: list[Candidate], order: list[int], cap: int
) -> None:
    chosen = choose([*some, *chosen_by_hand], topic_order=order, cap=cap)

    has = Counter(c.candidate.topic_id for c in chosen)
    gets = Counter(c.candidate.topic_id for c in chosen if c.is_in_mail)
    share = cap // len(has) if has else 0
    for topic, count in has.items():
        assert gets[topic] >= min(share, count)
        # Nobody has much more than another who was left with something.
        for other, other_count in has.items():
            if gets[other] < other_count:
                assert gets[topic] <= gets[other] + 1


@settings(deadline=None)
@given(candidates, picked, orders, st.integers(1, 50))
def test_it_holds_back_nothing_better_than_what_it_mails(
    some: list[Candidate], chosen_by_hand: list[Candidate], order: list[int], cap: int
) -> None:
    chosen = choose([*some, *chosen_by_hand], topic_order=order, cap=cap)

    for topic in TOPICS:
        ranked = [c.candidate for c in chosen if c.candidate.topic_id == topic]
        assert ranked == sorted(ranked, key=lambda c: -c.score)


@settings(deadline=None)
@given(
    candidates,
    orders,
    st.integers(1, 20),
    st.dictionaries(st.sampled_from(TOPICS), st.integers(1, 4)),
)
def test_no_limit_is_passed_and_no_place_wasted(
    some: list[Candidate], order: list[int], cap: int, limits: dict[int, int]
) -> None:
    chosen = choose(some, topic_order=order, cap=cap, limits=limits)

    shares = Counter(c.candidate.topic_id for c in chosen if c.is_in_mail)
    waiting = {c.candidate.topic_id for c in chosen if not c.is_in_mail}
    assert all(share <= limits.get(pk, cap) for pk, share in shares.items())
    assert sum(shares.values()) <= cap
    if sum(shares.values()) < cap:
        assert all(shares[pk] == limits.get(pk) for pk in waiting)
    for one in waiting:
        # Nobody waits who has had less than another, but for a limit.
        if shares[one] < limits.get(one, cap):
            assert all(share <= shares[one] + 1 for share in shares.values())
