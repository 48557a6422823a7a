"""One paper outside the topics: asked for, marked, with its reason, and no more."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from accounts.models import User
from digest.models import DigestItem, Mark, Mute, Paper, Subscription, Topic
from digest.pipeline.plan import preview
from digest.pipeline.render.reason import as_text
from digest.views import outlook
from tests.digest.pipeline.alike import make_companion
from tests.digest.pipeline.mails import mail_for
from tests.digest.pipeline.planning import due_reader, plan_for, titles
from tests.digest.pipeline.tastes import mute
from tests.factories import (
    NOW,
    hide_paper,
    make_mark,
    make_match,
    make_paper,
    make_pick,
    make_topic,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def robots() -> Topic:
    """A topic that wants two papers, and just misses two."""
    topic = make_topic("robots", query="", wish="robots")
    for title, margin in {"Sure": 1, "Likely": 0.5, "Near": -0.2, "Far": -0.9}.items():
        make_match(topic, make_paper(title), margin=margin, score=4 + margin)
    return topic


def explorer(*topics: Topic, **schedule: Any) -> User:
    return due_reader(*topics, explores=True, **schedule)


def outside(reader: User) -> list[str]:
    """Titles of what was outside; all of it was mailed."""
    items = DigestItem.objects.filter(user=reader, is_outside=True)
    assert all(item.is_in_mail for item in items)
    return list(items.order_by("pk").values_list("paper__title", flat=True))


def paper(title: str) -> Paper:
    return Paper.objects.get(title=title)


def test_who_did_not_ask_gets_none(robots: Topic) -> None:
    reader = due_reader(robots)
    plan_for(reader)

    assert (titles(reader), outside(reader)) == (["Sure", "Likely"], [])


def test_the_nearest_miss_comes_last_with_its_reason(robots: Topic) -> None:
    reader = explorer(robots)
    plan_for(reader)

    assert titles(reader) == ["Sure", "Likely", "Near"]
    item = DigestItem.objects.get(is_outside=True)
    assert as_text(item.evidence).startswith(
        "Outside your topics: close to *Robots*, if less sure than you ask; "
    )


def test_it_comes_once_and_counts_as_had(robots: Topic) -> None:
    reader = explorer(robots)
    plan_for(reader)
    tomorrow = NOW + timedelta(days=1)
    make_match(robots, make_paper("New", announced_on=tomorrow.date()), margin=1)

    plan_for(reader, tomorrow)

    assert titles(reader) == ["Sure", "Likely", "Near", "New", "Far"]
    assert outside(reader) == ["Near", "Far"]


def test_it_takes_one_of_the_places(robots: Topic) -> None:
    reader = explorer(robots, max_papers=2)
    plan_for(reader)

    assert titles(reader) == ["Sure", "Near"]
    assert titles(reader, is_in_mail=False) == ["Likely"]


def test_the_only_place_is_the_topics(robots: Topic) -> None:
    reader = explorer(robots, max_papers=1)
    plan_for(reader)

    assert titles(reader) == ["Sure"]


def test_it_makes_no_mail_of_its_own(robots: Topic) -> None:
    robots.matches.filter(margin__gt=0).delete()

    assert plan_for(explorer(robots)) is None


def muting(reader: User) -> None:
    mute(reader, Mute.Kind.WORD, "near")


def refusing(reader: User) -> None:
    make_mark(reader, paper("Near"), Mark.Verdict.LESS)


def hiding(_reader: User) -> None:
    hide_paper(paper("Near"))


def resembling(_reader: User) -> None:
    make_companion(paper("Sure"), paper("Near"))


@pytest.mark.parametrize("befall", [muting, refusing, hiding, resembling])
def test_a_muted_refused_hidden_or_similar_one_never_comes(
    robots: Topic, befall: Callable[[User], None]
) -> None:
    reader = explorer(robots)
    befall(reader)
    plan_for(reader)

    assert outside(reader) == ["Far"]


@pytest.fixture
def arms(robots: Topic) -> Topic:
    """A curated topic close to robots, which missed nothing."""
    robots.matches.filter(margin__lt=0).delete()
    arms = make_topic("arms")
    make_match(arms, paper("Sure"))
    make_match(arms, make_paper("Unknown"))
    make_match(arms, make_paper("Voted", upvotes=9))
    make_match(make_topic("far-away"), make_paper("Most voted", upvotes=99))
    return arms


def test_else_what_many_voted_for_in_a_topic_close_by(
    robots: Topic, arms: Topic
) -> None:
    reader = explorer(robots)
    plan_for(reader)

    assert outside(reader) == ["Voted"]
    assert as_text(DigestItem.objects.get(is_outside=True).evidence).startswith(
        "Outside your topics: among the most voted of *Arms*, a topic close to yours"
    )


def test_a_pick_comes_before_votes(robots: Topic, arms: Topic) -> None:
    make_pick(paper("Unknown"))
    reader = explorer(robots)
    plan_for(reader)

    assert outside(reader) == ["Unknown"]
    assert as_text(DigestItem.objects.get(is_outside=True).evidence).startswith(
        "Outside your topics: picked by the curators, and matched by *Arms*"
    )


def test_a_topic_that_the_reader_left_brings_nothing(
    robots: Topic, arms: Topic
) -> None:
    reader = explorer(robots, arms)
    Subscription.objects.filter(topic=arms).update(
        status=Subscription.Status.ENDED, ended_at=NOW
    )
    plan_for(reader)

    assert (titles(reader), outside(reader)) == (["Sure", "Likely"], [])


def test_another_persons_own_topic_brings_nothing(robots: Topic, arms: Topic) -> None:
    Topic.objects.filter(pk=arms.pk).update(owner=due_reader(robots))
    reader = explorer(robots)
    plan_for(reader)

    assert outside(reader) == []


def test_mail_and_page_say_that_it_is_outside(robots: Topic, client: Client) -> None:
    reader = explorer(robots)
    mail = mail_for(reader)
    response = client.get(reader.digests.get().get_absolute_url())
    page = strip_tags(response.content.decode())

    assert "OUTSIDE YOUR TOPICS\n" in mail.text
    assert "Outside your topics: close to <em" in mail.html
    assert "3 papers: 2 in Robots, 1 outside your topics." in mail.text
    assert mail.text.count("Leave the topic") == 1
    assert "because you subscribed to\nRobots\n" in mail.text
    assert "Outside" not in mail.headers["Subject"]
    assert page.index("Likely") < page.index("Outside your topics") < page.index("Near")


def test_the_outlook_shows_it_apart(robots: Topic) -> None:
    sections = outlook.sections(preview(explorer(robots).pk, now=NOW))

    assert [section.name for section in sections] == ["Robots", "Outside your topics"]
