"""Which papers a digest brings: matched, not had yet, not hidden, not too old."""

from datetime import date, timedelta
from typing import Any

import pytest

from digest.models import DigestItem, Match, Paper, Topic
from digest.pipeline import states
from digest.reading import subscriptions
from tests.digest.pipeline.planning import (
    due_reader,
    papers_for,
    plan_for,
    titles,
)
from tests.factories import (
    NOW,
    TODAY,
    hide_paper,
    make_announcement,
    make_batch,
    make_match,
    make_paper,
    make_pick,
    make_subscription,
    make_topic,
)

pytestmark = pytest.mark.django_db

A_DAY = timedelta(days=1)


def make_daily(**fields: Any) -> Topic:
    return make_topic("daily-papers", kind=Topic.Kind.DAILY, **fields)


def make_voted(title: str, upvotes: int, day: date = TODAY) -> Paper:
    paper = make_paper(title, upvotes=upvotes, announced_on=day)
    batch = make_batch(announced_on=TODAY)
    make_announcement(paper, batch, announced_on=day)
    return paper


def test_it_never_brings_a_paper_again() -> None:
    topic = make_topic()
    reader = due_reader(topic)
    papers_for(topic, "Old")
    plan_for(reader)
    papers_for(topic, "New")

    plan_for(reader, NOW + A_DAY)

    assert titles(reader) == ["Old", "New"]


def test_it_never_brings_a_paper_again_by_another_topic_or_as_a_pick() -> None:
    first, second, daily = make_topic(), make_topic(), make_daily()
    reader = due_reader(first)
    papers_for(first, "Old")
    plan_for(reader)
    paper = Paper.objects.get()
    make_match(second, paper)
    make_pick(paper, TODAY + A_DAY)
    make_subscription(reader, second)
    make_subscription(reader, daily)

    plan_for(reader, NOW + A_DAY)

    assert titles(reader) == ["Old"]


def test_it_brings_to_one_reader_what_another_had() -> None:
    topic = make_topic()
    papers_for(topic, "Paper")
    readers = [due_reader(topic), due_reader(topic)]

    for reader in readers:
        plan_for(reader)

    assert [titles(reader) for reader in readers] == [["Paper"], ["Paper"]]


def test_it_reserves_what_the_cap_held_back() -> None:
    topic = make_topic()
    reader = due_reader(topic, max_papers=2)
    papers_for(topic, "First", "Second", "Third", "Fourth")

    plan_for(reader)
    plan_for(reader, NOW + A_DAY)

    assert titles(reader) == ["First", "Second"]
    assert titles(reader, is_in_mail=False) == ["Third", "Fourth"]


def test_it_brings_papers_again_whose_mail_did_not_go() -> None:
    topic = make_topic()
    reader = due_reader(topic, max_papers=1)
    papers_for(topic, "First", "Held")
    delivery = plan_for(reader)
    assert delivery is not None
    states.fail_rendering(delivery.pk, "broken", NOW)

    plan_for(reader, NOW + A_DAY)

    items = DigestItem.objects.filter(released_at__isnull=True).order_by("position")
    assert [(i.paper.title, i.is_in_mail) for i in items] == [
        ("First", True),
        ("Held", False),
    ]
    assert items[0].digest.period_key == "2026-11-21"


def test_it_leaves_out_what_a_curator_hid() -> None:
    topic, daily = make_topic(), make_daily()
    reader = due_reader(topic, daily)
    papers_for(topic, "Shown", "Hidden")
    hidden = Paper.objects.get(title="Hidden")
    make_pick(hidden)
    hide_paper(hidden)
    hide_paper(make_voted("Voted but hidden", 90))

    plan_for(reader)

    assert titles(reader) == ["Shown"]


def test_it_leaves_out_what_was_never_announced_as_new() -> None:
    topic = make_topic()
    reader = due_reader(topic)
    papers_for(topic, "Only replaced", announced_on=None)

    plan_for(reader)

    assert titles(reader) == []


def test_it_looks_two_weeks_back() -> None:
    topic = make_topic()
    reader = due_reader(topic)
    papers_for(topic, "On the first day", announced_on=TODAY - 13 * A_DAY)
    papers_for(topic, "Before it", announced_on=TODAY - 14 * A_DAY)

    plan_for(reader)

    assert titles(reader) == ["On the first day"]


def test_it_brings_a_new_subscription_nothing_from_before_it_began() -> None:
    topic, other = make_topic(), make_topic()
    reader = due_reader()
    make_subscription(reader, topic, started_at=NOW - A_DAY)
    make_subscription(reader, other)
    papers_for(topic, "Before", announced_on=TODAY - 2 * A_DAY)
    papers_for(topic, "Since", announced_on=TODAY - A_DAY)
    papers_for(other, "Of the older one", announced_on=TODAY - 2 * A_DAY)

    plan_for(reader)

    assert set(titles(reader)) == {"Since", "Of the older one"}


def test_it_brings_nothing_of_a_topic_that_was_left_or_retired() -> None:
    left, retired, kept = make_topic(), make_topic(is_retired=True), make_topic()
    reader = due_reader(retired, kept)
    subscriptions.leave(make_subscription(reader, left), now=NOW)
    for topic in (left, retired, kept):
        papers_for(topic, f"Of topic {topic.pk}")

    plan_for(reader)

    assert titles(reader) == [f"Of topic {kept.pk}"]


def test_it_puts_picks_on_top_with_note_and_order() -> None:
    daily, topic = make_daily(position=500), make_topic(position=1)
    reader = due_reader(daily, topic)
    papers_for(topic, "Matched")
    make_voted("Voted", 12)
    make_pick(make_paper("Second pick"), position=20, note="And this.")
    make_pick(make_paper("First pick"), position=10, note="Read this.")
    make_pick(make_paper("Tomorrow's pick"), TODAY + A_DAY)

    plan_for(reader)

    assert titles(reader) == ["First pick", "Second pick", "Voted", "Matched"]
    first = DigestItem.objects.get(paper__title="First pick")
    assert (first.is_pick, first.note, first.topic) == (True, "Read this.", daily)


def test_it_shows_a_pick_of_an_old_paper_on_the_day_it_was_picked() -> None:
    reader = due_reader(make_daily())
    classic = make_paper("A classic", announced_on=TODAY - 400 * A_DAY)
    make_pick(classic)

    plan_for(reader)

    assert titles(reader) == ["A classic"]


def test_it_brings_daily_papers_the_most_voted_with_the_votes_as_reason() -> None:
    reader = due_reader(make_daily(), max_papers=50)
    for votes in range(40):
        make_voted(f"With {votes} votes", votes)

    plan_for(reader)

    assert titles(reader)[:3] == ["With 39 votes", "With 38 votes", "With 37 votes"]
    assert "With 0 votes" not in titles(reader)
    assert DigestItem.objects.earliest("position").evidence == [
        {"kind": "votes", "text": "39", "field": "popularity"}
    ]


def test_it_brings_daily_papers_nothing_that_nobody_voted_for() -> None:
    reader = due_reader(make_daily())
    make_voted("Without votes", 0)

    plan_for(reader)

    assert titles(reader) == []


def test_it_names_the_other_topics_of_a_paper() -> None:
    robots, optics = make_topic("robots"), make_topic("optics")
    reader = due_reader(robots, optics)
    paper = make_paper("Both")
    make_match(robots, paper, score=2.0)
    make_match(optics, paper, score=1.0)

    plan_for(reader)

    item = DigestItem.objects.get()
    assert (item.topic, item.also_in) == (robots, ["Optics"])
    assert item.evidence == Match.objects.get(topic=robots).evidence


def test_it_shares_the_cap_between_the_topics() -> None:
    robots, optics = make_topic(position=1), make_topic(position=2)
    reader = due_reader(robots, optics, max_papers=4)
    papers_for(robots, *(f"Robots {n}" for n in range(9)))
    papers_for(optics, *(f"Optics {n}" for n in range(9)))

    plan_for(reader)

    assert titles(reader) == ["Robots 0", "Robots 1", "Optics 0", "Optics 1"]
    assert len(titles(reader, is_in_mail=False)) == 14


def test_it_plans_with_few_queries_whatever_the_number_of_papers(
    django_assert_max_num_queries: Any,
) -> None:
    topics = [make_topic() for _ in range(3)]
    reader = due_reader(*topics)
    for topic in topics:
        papers_for(topic, *(f"Paper {n} of {topic.pk}" for n in range(30)))

    with django_assert_max_num_queries(40):
        plan_for(reader)

    assert len(titles(reader)) == 20
