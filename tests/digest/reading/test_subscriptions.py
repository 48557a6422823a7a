"""Topics joined and left, digests ended and resumed, at once and without harm."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from digest.models import Delivery, DigestItem, Schedule, Subscription, Topic
from digest.reading import subscriptions
from tests.digest.pipeline.planning import (
    due_reader,
    outcomes,
    papers_for,
    plan_for,
    titles,
    topics_of,
)
from tests.factories import (
    NOW,
    make_reader,
    make_topic,
)

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=3)


@pytest.fixture
def person() -> User:
    """Somebody who confirmed an address and has no schedule yet."""
    return User.objects.create_user("new@example.org", confirmed_at=NOW)


def wishes(*slugs: str, **others: Any) -> dict[str, Any]:
    return {"topics": list(slugs), "zone": "Europe/Berlin", **others}


def test_it_gives_a_new_reader_a_schedule_and_the_ticked_topics(person: User) -> None:
    make_topic("robots")
    make_topic("optics")
    make_topic("others")

    schedule = subscriptions.start(person, wishes("robots", "optics"), now=NOW)

    assert topics_of(person) == {"robots", "optics"}
    assert (schedule.zone, schedule.cadence, schedule.hour) == (
        "Europe/Berlin",
        "daily",
        7,
    )
    # It was 13:00 in Berlin: the first digest comes at 7:00 tomorrow.
    assert schedule.next_due_at.isoformat() == "2026-11-21T06:00:00+00:00"
    assert schedule.created_at == NOW
    tokens = {schedule.unsubscribe_token, schedule.manage_token}
    tokens |= set(Subscription.objects.values_list("leave_token", flat=True))
    assert len(tokens) == 4


def test_it_leaves_out_topics_that_nobody_can_join(person: User) -> None:
    make_topic("robots")
    make_topic("retired", is_retired=True)
    make_topic("private", owner=make_reader())

    subscriptions.start(
        person, wishes("robots", "retired", "private", "no-such"), now=NOW
    )

    assert topics_of(person) == {"robots"}


def test_it_takes_utc_where_no_zone_is_known(person: User) -> None:
    schedule = subscriptions.start(person, {"topics": [], "zone": ""}, now=NOW)

    assert schedule.zone == "UTC"


def test_it_adds_topics_to_what_a_reader_has(person: User) -> None:
    make_topic("robots")
    make_topic("optics")
    first = subscriptions.start(person, wishes("robots"), now=NOW)
    Schedule.objects.update(hour=20, max_papers=5)

    again = subscriptions.start(person, wishes("optics", zone="Asia/Tokyo"), now=LATER)

    assert topics_of(person) == {"robots", "optics"}
    assert again.pk == first.pk
    assert (again.zone, again.hour, again.max_papers) == ("Europe/Berlin", 20, 5)
    assert again.unsubscribe_token == first.unsubscribe_token


def test_it_begins_again_for_a_reader_who_had_left(person: User) -> None:
    make_topic("robots")
    schedule = subscriptions.start(person, wishes("robots"), now=NOW)
    subscriptions.end_all(schedule, now=NOW)

    again = subscriptions.start(person, wishes(), now=LATER)

    assert again.ended_at is None
    assert again.next_due_at > LATER


def test_it_joins_a_topic_once() -> None:
    topic, reader = make_topic(), make_reader()

    first = subscriptions.join(reader, topic, now=NOW)
    second = subscriptions.join(reader, topic, now=LATER)

    assert (first.pk, first.started_at) == (second.pk, second.started_at)
    assert Subscription.objects.count() == 1


def test_it_begins_anew_where_a_topic_was_left() -> None:
    topic, reader = make_topic(), make_reader()
    subscription = subscriptions.join(reader, topic, now=NOW)
    subscriptions.leave(subscription, now=NOW)

    again = subscriptions.join(reader, topic, now=LATER)

    assert again.pk == subscription.pk
    assert (again.started_at, again.ended_at) == (LATER, None)
    assert again.leave_token == subscription.leave_token


def test_it_makes_the_ticked_topics_the_readers_topics() -> None:
    one, two, three = make_topic("one"), make_topic("two"), make_topic("three")
    reader = make_reader("", one, two)

    subscriptions.set_topics(reader, [two.pk, three.pk], now=NOW)

    assert topics_of(reader) == {"two", "three"}


def test_it_never_subscribes_anybody_to_a_topic_that_is_not_theirs_to_join() -> None:
    own, foreign = make_topic("own"), make_topic("foreign", owner=make_reader())
    reader = make_reader()
    Topic.objects.filter(pk=own.pk).update(owner=reader)
    retired = make_topic("retired", is_retired=True)

    subscriptions.set_topics(reader, [own.pk, foreign.pk, retired.pk, 999_999], now=NOW)

    assert topics_of(reader) == {"own"}
    assert Subscription.objects.filter(user=reader).count() == 1


def test_it_ends_all_digests_at_once_and_leaves_the_topics_ticked() -> None:
    topic = make_topic("robots")
    reader = due_reader(topic)
    papers_for(topic, "Paper")
    plan_for(reader)

    assert subscriptions.end_all(reader.schedule, now=NOW) is True
    assert subscriptions.end_all(reader.schedule, now=LATER) is False

    reader.schedule.refresh_from_db()
    assert reader.schedule.ended_at == NOW
    assert Delivery.objects.get().state == Delivery.State.SKIPPED
    assert topics_of(reader) == {"robots"}
    assert not Schedule.objects.due(LATER).exists()


def test_it_resumes_from_the_next_hour_and_brings_what_was_cancelled() -> None:
    topic = make_topic()
    reader = due_reader(topic)
    papers_for(topic, "Paper")
    plan_for(reader)
    subscriptions.end_all(reader.schedule, now=NOW)
    Schedule.objects.update(next_due_at=NOW - timedelta(days=30))

    subscriptions.resume(reader.schedule, now=NOW)

    reader.schedule.refresh_from_db()
    assert reader.schedule.ended_at is None
    assert reader.schedule.next_due_at.isoformat() == "2026-11-21T07:00:00+00:00"
    plan_for(reader, NOW + timedelta(days=1))
    assert outcomes(reader) == [("2026-11-20", ""), ("2026-11-21", "")]
    assert titles(reader) == ["Paper", "Paper"]
    assert DigestItem.objects.filter(released_at__isnull=True).count() == 1


def test_it_makes_a_personal_topic_and_subscribes_its_owner() -> None:
    reader = make_reader()

    subscription = subscriptions.add_personal_topic(
        reader, name="Größe & 机器人", query="robots", now=NOW
    )

    topic = subscription.topic
    assert (topic.owner, topic.name, topic.query) == (
        reader,
        "Größe & 机器人",
        "robots",
    )
    assert topics_of(reader) == {topic.slug}
    assert topic not in Topic.objects.public()


def test_it_refuses_the_thirty_first_personal_topic() -> None:
    reader, other = make_reader(), make_reader()
    for number in range(subscriptions.MAX_PERSONAL_TOPICS):
        subscriptions.add_personal_topic(
            reader, name=f"Topic {number}", query="robots", now=NOW
        )

    with pytest.raises(subscriptions.TooManyTopicsError):
        subscriptions.add_personal_topic(
            reader, name="One more", query="robots", now=NOW
        )

    assert Topic.objects.filter(owner=reader).count() == 30
    subscriptions.add_personal_topic(other, name="First", query="robots", now=NOW)
    removed = Topic.objects.filter(owner=reader).earliest("pk")
    subscriptions.remove_personal_topic(removed, now=NOW)
    subscriptions.add_personal_topic(reader, name="One more", query="robots", now=NOW)


def test_it_retires_a_personal_topic_and_frees_its_name() -> None:
    reader = due_reader()
    topic = subscriptions.add_personal_topic(
        reader, name="Mine", query="robots", now=NOW - timedelta(days=9)
    ).topic
    papers_for(topic, "Paper")
    plan_for(reader)

    subscriptions.remove_personal_topic(topic, now=NOW)

    assert topics_of(reader) == set()
    assert DigestItem.objects.get().topic == topic
    assert Delivery.objects.get().state == Delivery.State.SKIPPED
    subscriptions.add_personal_topic(reader, name="Mine", query="optics", now=NOW)
