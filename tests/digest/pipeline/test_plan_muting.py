"""Muted words and authors leave papers out, whatever brings them; nothing is added."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from digest.models import Mute, Topic
from digest.pipeline.plan.gathering import Span
from digest.pipeline.plan.selection import select
from tests.digest.matching.strategies import AUTHORS, WORDS
from tests.digest.pipeline.planning import due_reader, plan_for, titles
from tests.digest.pipeline.tastes import mute
from tests.factories import (
    NOW,
    TODAY,
    make_match,
    make_paper,
    make_pick,
    make_reader,
    make_topic,
)

pytestmark = pytest.mark.django_db

KEPT = "Kept"


@pytest.mark.parametrize(
    ("kind", "text", "gone"),
    [
        (Mute.Kind.WORD, "survey", {"A survey of robots"}),
        (Mute.Kind.WORD, "Robot", {"A survey of robots", "Soft robot hands"}),
        (Mute.Kind.WORD, "soft robot hands", {"Soft robot hands"}),
        (Mute.Kind.WORD, "hands soft", set()),
        (Mute.Kind.AUTHOR, "Jane Doe", {"A survey of robots"}),
        (Mute.Kind.AUTHOR, "J. Doe", {"Soft robot hands"}),
        (Mute.Kind.AUTHOR, "John Doe", set()),
        (Mute.Kind.AUTHOR, "Doe", set()),
        (Mute.Kind.AUTHOR, "LIGO", {"By a group"}),
        (Mute.Kind.LEARNED, "survey", set()),
        (Mute.Kind.WORD, '"', set()),  # older rules may have let it through
    ],
)
def test_a_muted_word_or_author_leaves_papers_out(
    kind: Mute.Kind, text: str, gone: set[str]
) -> None:
    topic = make_topic()
    make_match(topic, make_paper("A survey of robots", authors=["Jane Q. Doe"]))
    make_match(topic, make_paper("Soft robot hands", authors=["J. Doe"]))
    make_match(topic, make_paper("By a group", authors=["LIGO"]))
    make_match(topic, make_paper(KEPT))
    reader = due_reader(topic)
    mute(reader, kind, text)

    plan_for(reader)

    every = {"A survey of robots", "Soft robot hands", "By a group", KEPT}
    assert set(titles(reader)) == every - gone


def test_a_pick_with_a_muted_word_is_left_out_too() -> None:
    reader = due_reader(make_topic(kind=Topic.Kind.DAILY))
    make_pick(make_paper("A survey of robots"))
    make_pick(make_paper(KEPT))
    mute(reader, Mute.Kind.WORD, "survey")

    plan_for(reader)

    assert titles(reader) == [KEPT]


def test_another_reader_is_not_meant() -> None:
    topic = make_topic()
    make_match(topic, make_paper("A survey of robots"))
    mute(make_reader("", topic), Mute.Kind.WORD, "survey")
    reader = due_reader(topic)

    plan_for(reader)

    assert titles(reader) == ["A survey of robots"]


class MuteTest(TestCase):
    """Whatever is muted."""

    @settings(max_examples=12, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.lists(st.sampled_from(WORDS), min_size=1, max_size=3),
                st.sampled_from(AUTHORS),
            ),
            max_size=5,
        ),
        st.lists(
            st.tuples(
                st.sampled_from(Mute.Kind),
                st.sampled_from((*WORDS, *AUTHORS, "deep net")),
            ),
            max_size=4,
            unique=True,
        ),
    )
    def test_a_mute_never_adds_a_paper(
        self,
        papers: list[tuple[list[str], str]],
        muted: list[tuple[Mute.Kind, str]],
    ) -> None:
        topic = make_topic()
        reader = make_reader("", topic)
        for words, author in papers:
            make_match(topic, make_paper(" ".join(words), authors=[author]))
        found = []
        for kind, text in [(Mute.Kind.LEARNED, "deep"), *muted]:
            Mute.objects.get_or_create(
                user=reader,
                kind=kind,
                text=text,
                defaults={"made_at": NOW},
            )
            chosen = select(reader.schedule, Span(TODAY, TODAY))
            found.append({item.candidate.paper_id for item in chosen})

        for before, after in pairwise(found):
            assert after <= before
