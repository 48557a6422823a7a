"""Five variants of one theme do not fill a cap of five, if others come near."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest import matching
from digest.matching.tf_idf import tf_idf
from digest.models import Paper, Topic
from digest.pipeline.match import match_papers
from digest.pipeline.plan.choosing import choose
from digest.pipeline.plan.gathering import Span
from digest.pipeline.plan.selection import select
from digest.pipeline.plan.turns import Candidate, Likeness
from tests.digest.pipeline.candidates import (
    OPTICS,
    ROBOTS,
    candidates,
    held,
    mailed,
    orders,
    papers,
    picked,
)
from tests.digest.pipeline.tastes import fill_archive, legged, suction
from tests.factories import NOW, TODAY, make_match, make_paper, make_reader, make_topic

THEME = "Suction cups hold robots on glass walls"
OTHERS = (
    "Legged robots walk over rubble",
    "Robots that pour tea for guests",
    "A map of mines drawn by crawling machines",
    "Welding arms learn from experts",
)


def compare_texts(texts: Sequence[str]) -> Any:
    """The papers with the ids 100, 101 … have these texts."""
    bags = [matching.read_bag(text) for text in texts]
    frequencies = matching.Background.build(bags).frequencies

    def compare(paper_ids: Sequence[int]) -> Likeness:
        rows = [tf_idf(bags[pk - 100].stems, frequencies) for pk in paper_ids]
        places = {pk: place for place, pk in enumerate(paper_ids)}
        return Likeness(places, matching.Cosines(rows))

    return compare


def never(_paper_ids: Sequence[int]) -> Likeness:
    raise AssertionError("There was nothing to choose.")


def choose_five(behind: float) -> list[int]:
    """Five variants, and four others that are so far behind."""
    texts = [*(f"{THEME}, variant {number}" for number in range(5)), *OTHERS]
    chosen = choose(
        [
            *papers(ROBOTS, *range(100, 105), score=5.0),
            *papers(ROBOTS, *range(105, 109), score=5.0 - behind),
        ],
        topic_order=[ROBOTS],
        cap=5,
        compare=compare_texts(texts),
    )
    return mailed(chosen)


def test_five_variants_of_one_theme_do_not_fill_a_cap_of_five() -> None:
    assert choose_five(behind=0.5) == [100, 105, 106, 107, 108]


def test_if_the_others_are_far_behind_the_variants_come() -> None:
    assert choose_five(behind=2.5) == [100, 101, 102, 103, 104]


def test_nothing_is_compared_when_everything_fits() -> None:
    chosen = choose(
        [*papers(ROBOTS, 100, 101), *papers(OPTICS, 102)],
        topic_order=[ROBOTS, OPTICS],
        cap=3,
        compare=never,
    )

    assert mailed(chosen) == [100, 101, 102]


def test_what_is_held_back_stands_best_first() -> None:
    texts = [THEME] * 3 + list(OTHERS)
    chosen = choose(
        papers(ROBOTS, *range(100, 107)),
        topic_order=[ROBOTS],
        cap=2,
        compare=compare_texts(texts),
    )

    assert mailed(chosen) == [100, 105]
    assert held(chosen) == [101, 102, 103, 104, 106]


def test_the_order_of_votes_is_left_alone() -> None:
    voted = [Candidate(100 + at, ROBOTS, 0.9, is_voted=True) for at in range(4)]
    chosen = choose(
        voted, topic_order=[ROBOTS], cap=2, compare=compare_texts([THEME] * 4)
    )

    assert mailed(chosen) == [100, 101]


@settings(deadline=None)
@given(candidates, picked, orders, st.integers(1, 50))
def test_variety_changes_only_who_is_mailed_and_only_where_the_cap_bites(
    some: list[Candidate], chosen_by_hand: list[Candidate], order: list[int], cap: int
) -> None:
    every = [*some, *chosen_by_hand]
    texts = [f"{THEME} {'again ' * (n % 3)}{OTHERS[n % 4]}" for n in range(41)]
    by_id = compare_texts(texts)

    def compare(paper_ids: Sequence[int]) -> Likeness:
        found = by_id([100 + pk for pk in paper_ids])
        return Likeness(
            {pk - 100: at for pk, at in found.places.items()}, found.cosines
        )

    plain = choose(every, topic_order=order, cap=cap)
    varied = choose(every, topic_order=order, cap=cap, compare=compare)

    assert sorted(mailed(varied) + held(varied)) == sorted(mailed(plain) + held(plain))
    assert len(mailed(varied)) == len(mailed(plain))
    if len(plain) <= cap:
        assert varied == plain


@pytest.fixture
def crowded() -> Topic:
    """Five papers on suction, a little better than five on other things."""
    fill_archive()
    topic = make_topic("robots", query="nothing")
    for number in range(5):
        make_match(topic, suction(f"Suction cups, {number}"), score=5 - number / 100)
    make_match(topic, legged(), score=4.9)
    for number, text in enumerate(OTHERS[1:]):
        make_match(topic, make_paper(text, abstract=text), score=4.8 - number / 100)
    match_papers(now=NOW, paper_ids=[])  # learns the archive
    return topic


@pytest.mark.django_db
def test_a_crowded_mail_is_varied(crowded: Topic) -> None:
    reader = make_reader("", crowded, max_papers=5)

    chosen = mailed(select(reader.schedule, Span(TODAY, TODAY)))

    titles = Paper.objects.in_bulk(chosen)
    assert sum("Suction" in titles[pk].title for pk in chosen) == 1
    assert len(chosen) == 5


@pytest.mark.django_db
def test_a_second_reader_of_the_same_papers_costs_two_queries_more(
    crowded: Topic, django_assert_num_queries: Any
) -> None:
    easy = make_reader("", crowded, max_papers=20)
    first, second = (make_reader("", crowded, max_papers=5) for _ in range(2))
    select(first.schedule, Span(TODAY, TODAY))

    with django_assert_num_queries(4):
        select(easy.schedule, Span(TODAY, TODAY))
    with django_assert_num_queries(6):
        select(second.schedule, Span(TODAY, TODAY))
