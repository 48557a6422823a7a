"""Many readers are planned together: as each alone, and none stops another."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from digest.models import Delivery, Digest, DigestItem, Schedule, Topic
from digest.pipeline import plan
from digest.reading import taste
from tests.digest.pipeline.planning import due_reader, papers_for, plan_for, titles
from tests.factories import (
    NOW,
    make_digest,
    make_item,
    make_paper,
    make_pick,
    make_topic,
)

A_DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def topics() -> list[Topic]:
    made = [
        make_topic("robots", position=1),
        make_topic("optics", position=2),
        make_topic("daily-papers", kind=Topic.Kind.DAILY, position=3),
    ]
    for topic in made[:2]:
        papers_for(topic, *(f"Of {topic.slug} {number}" for number in range(4)))
    make_pick(make_paper("The pick"))
    return made


def plan_all(readers: list[User]) -> list[int]:
    return plan.plan_digests([reader.schedule.pk for reader in readers], now=NOW)


def varied_readers(topics: list[Topic]) -> list[User]:
    """Readers who differ in all that planning looks at."""
    robots, optics, daily = topics
    plain = due_reader(robots)
    two = due_reader(robots, optics, max_papers=3)
    everything = due_reader(*topics, order="date")
    had_some = due_reader(optics)
    earlier = make_digest(had_some, period_key="2026-11-18", due_at=NOW - 2 * A_DAY)
    make_item(earlier, optics.matches.best_first()[0].paper)
    refusing = due_reader(robots, daily)
    taste.mark_less(refusing, robots.matches.best_first()[0].paper, now=NOW)
    muting = due_reader(optics)
    taste.mute_word(muting, "optics 1", now=NOW)
    return [plain, two, everything, had_some, refusing, muting]


def items_of(reader: User) -> list[tuple[object, ...]]:
    items = DigestItem.objects.filter(user=reader, digest__period_key="2026-11-20")
    fields = ("paper", "topic", "position", "is_in_mail", "is_pick", "also_in")
    return list(items.order_by("position").values_list(*fields))


def test_readers_who_are_planned_together_get_what_each_gets_alone(
    topics: list[Topic],
) -> None:
    together, alone = varied_readers(topics), varied_readers(topics)

    assert len(plan_all(together)) == len(together)
    for reader in alone:
        assert plan_for(reader)

    assert [items_of(r) for r in together] == [items_of(r) for r in alone]
    assert Delivery.objects.filter(state="planned").count() == 12


def test_more_readers_cost_no_more_queries(topics: list[Topic]) -> None:
    counts = []
    for number in (2, 20):
        readers = [due_reader(*topics) for _ in range(number)]
        with CaptureQueriesContext(connection) as asked:
            assert len(plan_all(readers)) == number
        # How many rows one INSERT takes is the database's affair.
        counts.append(sum("INSERT" not in each["sql"] for each in asked))

    assert counts[0] == counts[1]


def test_a_reader_who_cannot_be_planned_stays_due_and_stops_nobody(
    topics: list[Topic], caplog: pytest.LogCaptureFixture
) -> None:
    readers = [due_reader(topics[0]) for _ in range(3)]
    Schedule.objects.filter(user=readers[1]).update(zone="Mars/Base")

    assert len(plan_all(readers)) == 2

    assert [titles(reader) != [] for reader in readers] == [True, False, True]
    assert "cannot be planned" in caplog.text
    assert Schedule.objects.due(NOW).get().user == readers[1]


def test_planning_the_same_readers_again_plans_nothing(topics: list[Topic]) -> None:
    readers = [due_reader(topics[0]) for _ in range(3)]

    assert len(plan_all(readers)) == 3
    assert plan_all(readers) == []

    assert Digest.objects.count() == 3


def test_nobody_is_planned_by_an_empty_batch() -> None:
    assert plan.plan_digests([], now=NOW) == []
