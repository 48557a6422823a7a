"""A topic that would ask for something else is looked at before it is saved."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from digest.models import Topic
from tests import factories
from tests.digest.admin.desk import address, sit_down

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic() -> Topic:
    return factories.make_topic("machines", name="Machines", query="robots")


@pytest.fixture
def today() -> date:
    return timezone.now().date()


def typed(topic: Topic, **fields: Any) -> dict[str, Any]:
    """What the form sends."""
    return {
        "name": topic.name,
        "description": topic.description,
        "query": topic.query,
        "wish": topic.wish,
        "strictness": topic.strictness,
        "position": topic.position,
        **fields,
    }


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page."""
    found = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


def save(client: Client, topic: Topic, **fields: Any) -> Any:
    return client.post(address(Topic, "change", topic.pk), typed(topic, **fields))


def test_it_shows_what_is_gained_and_lost_and_saves_when_told(
    topic: Topic, today: date
) -> None:
    for title in ("Walking robots", "Robots <b> that swim", "Gliding drones"):
        factories.make_paper(title, announced_on=today)
    old = today.replace(year=today.year - 1)
    factories.make_paper("Drones of last year", announced_on=old)
    factories.make_subscription(factories.make_reader(), topic)
    factories.make_subscription(factories.make_reader(), topic, strictness=1)
    client = sit_down()

    page = save(client, topic, query="drones").content.decode()

    topic.refresh_from_db()
    assert topic.query == "robots"
    assert "Gained: 1 paper</h2>" in page
    assert "Lost: 2 papers</h2>" in page
    assert "Robots &lt;b&gt; that swim" in page
    assert "last year" not in page
    rows = re.findall(r'<th scope="row">(.*?)</th>(?:<td>(.*?)</td>){1}', page)
    assert rows == [("as the topic says", "1"), ("fewer papers", "1")]

    answers = hidden(page)
    assert answers["query"] == "drones"
    response = client.post(address(Topic, "change", topic.pk), answers)
    assert response.status_code == 302
    topic.refresh_from_db()
    assert topic.query == "drones"
    assert LogEntry.objects.count() == 1


def test_what_is_changed_once_more_is_looked_at_once_more(topic: Topic) -> None:
    client = sit_down()
    seen = hidden(save(client, topic, query="drones").content.decode())["looked_at"]

    page = save(client, topic, query="kites", looked_at=seen)

    assert "is not saved yet" in page.content.decode()
    again = save(client, topic, query="drones", looked_at=seen, again="yes")
    assert "Nothing is saved yet." in again.content.decode()
    assert 'name="query"' in again.content.decode()
    topic.refresh_from_db()
    assert topic.query == "robots"


def test_a_name_is_changed_without_further_ado(topic: Topic) -> None:
    assert save(sit_down(), topic, name="Robots").status_code == 302

    topic.refresh_from_db()
    assert topic.name == "Robots"


def test_a_wish_is_compared_as_it_would_send(topic: Topic, today: date) -> None:
    for number in range(40):
        factories.make_paper(f"Proofs on matrices, part {number}", announced_on=today)
    factories.make_paper("Soft robots that climb", announced_on=today)
    factories.make_paper("Gliding drones in the wind", announced_on=today)

    page = save(
        sit_down(), topic, query="", wish="gliding drones", strictness=0
    ).content.decode()

    assert "Gained: 1 paper</h2>" in page
    assert "Gliding drones in the wind" in page
    assert "Lost: 1 paper</h2>" in page


def test_two_curators_do_not_overwrite_each_others_topic(topic: Topic) -> None:
    ann, ben = sit_down("ann@example.org"), sit_down("ben@example.org")
    path = address(Topic, "change", topic.pk)
    at_ann, at_ben = (hidden(c.get(path).content.decode())["state"] for c in (ann, ben))

    save(ann, topic, description="Ann's words.", state=at_ann)
    refused = save(ben, topic, description="Ben's words.", state=at_ben)

    assert refused.status_code == 200
    page = html.unescape(refused.content.decode())
    assert "Changed meanwhile by ann@example.org. It says now: Ann's words." in page
    topic.refresh_from_db()
    assert topic.description == "Ann's words."
    newer = hidden(refused.content.decode())["state"]
    save(ben, topic, description="Ben's words.", state=newer)
    topic.refresh_from_db()
    assert topic.description == "Ben's words."


def test_a_state_that_makes_no_sense_is_refused(topic: Topic) -> None:
    client = sit_down()
    for state in ("nonsense", "[]"):
        page = save(client, topic, state=state)
        assert "Changed meanwhile" in page.content.decode()
