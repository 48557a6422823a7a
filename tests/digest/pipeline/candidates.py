"""Candidates made by hand or at random, and what was chosen of them."""

from collections import defaultdict

from hypothesis import strategies as st

from digest.pipeline.plan.choosing import Chosen
from digest.pipeline.plan.turns import Candidate

DAILY, ROBOTS, OPTICS = 1, 2, 3


def papers(topic_id: int, *paper_ids: int, score: float = 1.0) -> list[Candidate]:
    """Candidates of one topic, the first one best."""
    return [
        Candidate(paper_id, topic_id, score - place / 1000)
        for place, paper_id in enumerate(paper_ids)
    ]


def picks(*paper_ids: int, note: str = "") -> list[Candidate]:
    return [
        Candidate(paper_id, DAILY, 1000.0 - place, is_pick=True, note=note)
        for place, paper_id in enumerate(paper_ids)
    ]


def mailed(chosen: list[Chosen]) -> list[int]:
    return [item.candidate.paper_id for item in chosen if item.is_in_mail]


def held(chosen: list[Chosen]) -> list[int]:
    return [item.candidate.paper_id for item in chosen if not item.is_in_mail]


def each_way(*pairs: tuple[int, int]) -> dict[int, set[int]]:
    """Papers that say nearly the same."""
    alike: dict[int, set[int]] = defaultdict(set)
    for one, other in pairs:
        alike[one].add(other)
        alike[other].add(one)
    return alike


TOPICS = [1, 2, 3, 4, 5]
candidates = st.lists(
    st.builds(
        Candidate,
        st.integers(1, 40),
        st.sampled_from(TOPICS),
        st.floats(0.01, 10),
    ),
    max_size=120,
    unique_by=lambda c: (c.paper_id, c.topic_id),
)
picked = st.lists(st.integers(1, 40), max_size=6, unique=True).map(
    lambda ids: picks(*ids)
)
orders = st.permutations(TOPICS)
