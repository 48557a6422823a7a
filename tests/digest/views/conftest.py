"""The clock and the topics that the tests of the reader's pages share."""

from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from digest import links
from digest.models import Paper, Schedule, Subscription, Topic
from tests.digest.views.steps import manage
from tests.factories import NOW, make_paper, make_pick, make_reader, make_topic


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """A clock that stands at NOW; a test turns it by putting another time into it."""
    hands = [NOW]
    monkeypatch.setattr(timezone, "now", lambda: hands[0])
    return hands


@pytest.fixture
def daily(db: None) -> Topic:
    """The topic that is ticked at first."""
    return make_topic("daily-papers", name="Daily Papers", kind=Topic.Kind.DAILY)


@pytest.fixture
def robots(db: None) -> Topic:
    """A curated topic that chooses by a query."""
    return make_topic("robots", name="Robotics", query="robot")


@pytest.fixture
def ada(daily: Topic, robots: Topic) -> User:
    """A reader of two topics, in Paris, at seven."""
    return make_reader("ada@example.org", daily, robots, zone="Europe/Paris")


@pytest.fixture
def schedule(ada: User) -> Schedule:
    """Ada's schedule."""
    return Schedule.objects.select_related("user").get(user=ada)


@pytest.fixture
def picked(daily: Topic) -> None:
    """One paper, picked for today with a note."""
    make_pick(make_paper("Grasping with robots"), note="A clear step forward.")


@pytest.fixture
def reader(client: Client, schedule: Schedule) -> Client:
    """Ada's browser, after a click on the link in her mail."""
    manage(client, schedule)
    return client


@pytest.fixture
def machine() -> Client:
    """A mail provider: no cookies, no Referer, no Origin; CSRF checks are on."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def url(schedule: Schedule) -> str:
    """The path that stands in the List-Unsubscribe header."""
    return links.unsubscribe_url(schedule.unsubscribe_token).removeprefix(
        "https://papers.example.org"
    )


@pytest.fixture
def subscription(ada: User, robots: Topic) -> Subscription:
    """Ada's order for the topic Robotics."""
    return Subscription.objects.get(user=ada, topic=robots)


@pytest.fixture
def leave_url(subscription: Subscription) -> str:
    """The path that stands below the topic's papers."""
    return f"/l/{subscription.leave_token}/"


@pytest.fixture
def paper(db: None) -> Paper:
    """A paper that Ada's mail may speak of."""
    return make_paper("Grasping with robots", authors=["Ada Author", "Ben Writer"])


@pytest.fixture
def link(schedule: Schedule, paper: Paper) -> str:
    """The path that stands below the paper in Ada's mail."""
    base = links.feedback_url(schedule.feedback_token, 0).removesuffix("/0")
    return f"{base.removeprefix('https://papers.example.org')}/{paper.pk}"
