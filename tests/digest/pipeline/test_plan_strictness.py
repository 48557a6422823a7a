"""How sure matching must be of a paper before a reader gets it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from digest.models import Strictness, Subscription, Topic
from digest.pipeline.plan.gathering import Span
from digest.pipeline.plan.selection import select
from tests.digest.pipeline.planning import due_reader, plan_for, titles
from tests.factories import TODAY, make_match, make_paper, make_reader, make_topic

MARGINS = {
    "Sure": 2.0,
    "Likely": 0.8,
    "Just so": 0.0,
    "Hardly": -0.8,
    "Barely": -1.5,
}


def graded_topic(**fields: Any) -> Topic:
    """A topic in plain words with papers of every margin."""
    topic = make_topic(query="", wish="robots", **fields)
    for title, margin in MARGINS.items():
        make_match(topic, make_paper(title), margin=margin, score=4 + margin)
    return topic


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("level", "count"),
    [
        (Strictness.MOST, 5),
        (Strictness.MORE, 3),
        (Strictness.USUAL, 3),
        (Strictness.FEWER, 2),
        (Strictness.FEWEST, 1),
    ],
)
def test_a_reader_gets_what_passes_their_own_strictness(
    level: Strictness, count: int
) -> None:
    reader = due_reader(graded_topic())
    Subscription.objects.update(strictness=level)

    plan_for(reader)

    assert titles(reader) == list(MARGINS)[:count]


@pytest.mark.django_db
def test_without_a_word_of_their_own_the_topic_says() -> None:
    reader = due_reader(graded_topic(strictness=Strictness.FEWEST))

    plan_for(reader)

    assert titles(reader) == ["Sure"]


@pytest.mark.django_db
def test_what_a_query_alone_found_always_comes() -> None:
    topic = make_topic(strictness=Strictness.FEWEST)
    make_match(topic, make_paper("Found by its words"))
    reader = due_reader(topic)

    plan_for(reader)

    assert titles(reader) == ["Found by its words"]


class StricterTest(TestCase):
    """Whatever the margins are."""

    @settings(max_examples=15, deadline=None)
    @given(
        margins=st.lists(st.none() | st.floats(-1.5, 3), max_size=6),
        levels=st.tuples(*[st.sampled_from(Strictness)] * 2).map(sorted),
    )
    def test_a_stricter_reader_never_gets_what_a_laxer_one_would_not(
        self, margins: list[float | None], levels: list[Strictness]
    ) -> None:
        topic = make_topic(query="", wish="robots")
        for margin in margins:
            make_match(topic, make_paper(), margin=margin)
        found = []
        for level in levels:
            reader = make_reader("", topic)
            reader.subscriptions.update(strictness=level)
            chosen = select(reader.schedule, Span(TODAY, TODAY))
            found.append({item.candidate.paper_id for item in chosen})

        lax, strict = found
        assert strict <= lax
