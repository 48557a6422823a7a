"""Topics of one's own: made, changed, refused, removed."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from digest import subscriptions
from digest.forms.personal_topic import QUERY_SENTENCES
from digest.matching import QUERY_ERRORS
from digest.models import Match, Subscription, Topic
from tests.digest.views.steps import page_of
from tests.factories import make_paper, make_topic

PLAN = {
    "action": "schedule",
    "cadence": "weekly",
    "weekday": "5",
    "hour": "18",
    "zone": "America/New_York",
    "max_papers": "7",
}


def add_topic(reader: Client, **fields: str) -> Any:
    sent = {"name": "Grippers", "query": "gripper", **fields}
    return reader.post("/preferences/topics/add/", sent)


def test_a_topic_of_ones_own_is_matched_with_the_last_days_at_once(
    reader: Client, ada: User, django_capture_on_commit_callbacks: Any
) -> None:
    make_paper("A soft gripper for berries")

    with django_capture_on_commit_callbacks(execute=True):
        add_topic(reader)

    topic = Topic.objects.get(owner=ada)
    assert Match.objects.filter(topic=topic).count() == 1
    assert Subscription.objects.active().filter(user=ada, topic=topic).exists()
    assert "Grippers" in page_of(reader)


def test_an_edited_topic_is_matched_anew(
    reader: Client, ada: User, django_capture_on_commit_callbacks: Any
) -> None:
    make_paper("A soft gripper for berries")
    add_topic(reader)
    topic = Topic.objects.get(owner=ada)

    with django_capture_on_commit_callbacks(execute=True):
        reader.post(
            f"/preferences/topics/{topic.slug}/edit/",
            {"name": "Berries", "query": "berries"},
        )

    topic.refresh_from_db()
    assert (topic.name, topic.query) == ("Berries", "berries")
    assert Match.objects.filter(topic=topic).count() == 1


def test_a_topic_of_ones_own_is_removed(reader: Client, ada: User) -> None:
    add_topic(reader)
    topic = Topic.objects.get(owner=ada)

    assert reader.get(f"/preferences/topics/{topic.slug}/remove/").status_code == 405
    reader.post(f"/preferences/topics/{topic.slug}/remove/")

    assert not Subscription.objects.active().filter(topic=topic).exists()
    assert "Grippers" not in page_of(reader)
    add_topic(reader)
    assert "Grippers" in page_of(reader)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "This field is required."),
        ("-survey", "Say what you want before what to leave out."),
        ('robot "open', "It is at character 7"),
        ("robot OR", "Something to look for is missing"),
        ("colour:red", "There is no field"),
        ("word " * 1000, "at most 2000 characters"),
        ("w " * 900, "more than 100 terms"),
        ("(a+)+$", "It is at"),
    ],
)
def test_b49_a_query_is_refused_with_the_place(
    reader: Client, ada: User, query: str, sentence: str
) -> None:
    response = add_topic(reader, query=query)

    assert sentence in response.content.decode()
    assert not Topic.objects.filter(owner=ada).exists()


def test_every_error_of_a_query_has_its_translated_sentence() -> None:
    assert {
        code: str(sentence) % {"detail": "X"}
        for code, sentence in QUERY_SENTENCES.items()
    } == {code: text.format(detail="X") for code, text in QUERY_ERRORS.items()}


def test_a_name_is_one_line_and_ones_own(reader: Client, ada: User) -> None:
    add_topic(reader, name="Grip\r\nBcc: eve@example.org")
    assert Topic.objects.get(owner=ada).name == "Grip Bcc: eve@example.org"

    again = add_topic(reader, name="Grip\r\nBcc: eve@example.org")
    assert "of this name already" in again.content.decode()
    assert Topic.objects.filter(owner=ada).count() == 1


def test_thirty_topics_of_ones_own_are_the_limit(reader: Client, ada: User) -> None:
    for number in range(subscriptions.MAX_PERSONAL_TOPICS):
        make_topic(f"own-{number}", owner=ada)

    response = add_topic(reader)

    assert "remove one first" in response.content.decode()
    assert Topic.objects.filter(owner=ada).count() == 30
