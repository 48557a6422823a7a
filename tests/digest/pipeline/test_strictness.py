"""How sure matching must be: the topic's word, and the reader's own over it."""

import pytest

from digest.models import Match, Strictness, Subscription, Topic
from digest.pipeline.match.strictness import cut, wanted, wanted_of
from digest.pipeline.plan.gathering import Span
from digest.pipeline.plan.selection import select
from tests.factories import (
    TODAY,
    make_match,
    make_paper,
    make_reader,
    make_topic,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic() -> Topic:
    """A topic with a paper at each step of the slider, and one below all."""
    topic = make_topic("robots")
    for level in Strictness:
        make_match(topic, make_paper(f"At {level.name}"), margin=cut(level) + 0.01)
    make_match(topic, make_paper("Below"), margin=cut(Strictness.MOST) - 1)
    return topic


def titles(topic: Topic) -> set[str]:
    return {m.paper.title for m in Match.objects.filter(wanted(), topic=topic)}


@pytest.mark.parametrize("level", list(Strictness))
def test_a_stricter_topic_wants_fewer_papers(topic: Topic, level: Strictness) -> None:
    Topic.objects.update(strictness=level)

    assert titles(topic) == {f"At {one.name}" for one in Strictness if one >= level}


@pytest.mark.parametrize("level", list(Strictness))
def test_named_topics_want_the_same_papers(topic: Topic, level: Strictness) -> None:
    Topic.objects.update(strictness=level)
    make_match(make_topic("other"), make_paper("Of another topic"))

    found = Match.objects.filter(wanted_of([(topic.pk, level)]))

    assert {match.paper.title for match in found} == titles(topic)
    assert not Match.objects.filter(wanted_of([])).exists()


def test_a_query_alone_wants_all_that_it_holds_for(topic: Topic) -> None:
    Match.objects.update(margin=None)
    Topic.objects.update(strictness=Strictness.FEWEST)

    assert len(titles(topic)) == len(Strictness) + 1


@pytest.mark.parametrize(
    ("own", "count"), [(None, 3), (Strictness.MOST, 5), (Strictness.FEWEST, 1)]
)
def test_the_reader_is_asked_before_the_topic(
    topic: Topic, own: Strictness | None, count: int
) -> None:
    reader = make_reader("reader@example.org", topic)
    Subscription.objects.update(strictness=own)

    chosen = select(reader.schedule, Span(TODAY, TODAY))

    assert len(chosen) == count
