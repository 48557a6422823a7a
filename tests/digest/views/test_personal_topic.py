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
        ("", "Say what you want: in plain words"),
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


def test_a_topic_in_plain_words_is_matched_and_decided(
    reader: Client, ada: User, django_capture_on_commit_callbacks: Any
) -> None:
    make_paper("A soft gripper for berries")
    make_paper("Proofs about matrices")

    with django_capture_on_commit_callbacks(execute=True):
        add_topic(reader, query="", wish="soft grippers\n\n gripping  fruit ")

    topic = Topic.objects.get(owner=ada)
    assert topic.wish == "soft grippers\ngripping fruit"
    match = Match.objects.get(topic=topic)
    assert match.paper.title == "A soft gripper for berries"
    assert match.margin is not None


def test_a_topic_that_asks_for_nothing_is_refused(reader: Client, ada: User) -> None:
    page = add_topic(reader, query="", wish=" \n ").content.decode()

    assert "Say what you want: in plain words, or by what must hold." in page
    assert not Topic.objects.filter(owner=ada).exists()


def test_trying_shows_papers_with_reasons_and_saves_nothing(
    reader: Client, ada: User
) -> None:
    make_paper("A soft gripper for berries")

    page = add_topic(reader, query="", wish="soft grippers", **{"try": "1"})

    text = page.content.decode()
    assert "About 0 papers a week" in text
    assert "it would have brought 1 paper. Nothing is saved yet." in text
    assert "only the surest" in text
    assert "A soft gripper for berries" in text
    assert "<em>soft gripper</em> in the title" in text
    assert not Topic.objects.filter(owner=ada).exists()


def test_trying_a_query_that_cannot_be_read_says_where(reader: Client) -> None:
    page = add_topic(reader, query="(gripper", **{"try": "1"}).content.decode()

    assert "This bracket is never closed." in page
