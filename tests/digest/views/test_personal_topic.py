"""Topics of one's own: made, changed, refused, removed."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from digest.forms.asking import QUERY_SENTENCES
from digest.matching import QUERY_ERRORS
from digest.models import Match, Subscription, Topic
from digest.reading import subscriptions
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


LADDER = [
    ("Robots that climb glass walls", "Walls of glass."),
    ("Robots in gardens", "They climb, seldom, on hedges or plants that grow there."),
    ("Soft walls", "Foam in houses, with no robots."),
]
"""Less and less about soft climbing robots."""


def try_it(reader: Client, **fields: str) -> str:
    sent = {"name": "", "query": "", "try": "1", **fields}
    return str(reader.post("/preferences/topics/add/", sent).content.decode())


@pytest.fixture
def robots_among_proofs(db: None) -> None:
    today = timezone.now().date()
    for number in range(40):
        make_paper(f"Proofs about matrices, part {number}", announced_on=today)
    make_paper(
        "Soft robots that climb",
        abstract="We build climbing soft robots.",
        announced_on=today,
    )
    make_paper("Soft cheese", abstract="A climbing market.", announced_on=today)


def test_a_wish_of_small_words_is_refused(reader: Client, ada: User) -> None:
    response = add_topic(reader, query="", wish="of the")

    assert "say too little" in response.content.decode()
    assert not Topic.objects.filter(owner=ada).exists()


@pytest.mark.usefixtures("robots_among_proofs")
def test_a_wish_and_its_strictness_are_changed_and_matched_anew(
    reader: Client, ada: User, django_capture_on_commit_callbacks: Any
) -> None:
    add_topic(reader)
    topic = Topic.objects.get(owner=ada)

    with django_capture_on_commit_callbacks(execute=True):
        reader.post(
            f"/preferences/topics/{topic.slug}/edit/",
            {"name": "Robots", "query": "", "wish": "soft robots", "strictness": "-1"},
        )

    topic.refresh_from_db()
    assert (topic.query, topic.wish, topic.strictness) == ("", "soft robots", -1)
    titles = {match.paper.title for match in topic.matches.filter(margin__gte=0)}
    assert titles == {"Soft robots that climb"}


@pytest.mark.usefixtures("robots_among_proofs")
def test_a_topic_is_tried_before_it_has_a_name_and_nothing_is_saved(
    reader: Client, ada: User
) -> None:
    page = try_it(reader, wish="climbing robots")

    assert "Soft <mark>robots that climb</mark>" in page
    assert "in the title" in page
    assert "<small>less than 1 a week</small>" in page
    assert "Papers a week at each setting" in page
    assert "Proofs about" not in page
    assert not Topic.objects.filter(owner=ada).exists()


@pytest.mark.usefixtures("robots_among_proofs")
def test_a_query_is_tried_without_steps(reader: Client) -> None:
    page = try_it(reader, query="title:soft")

    assert "2 papers in the last 14 days" in page
    assert "at each setting" not in page
    assert "One step looser" not in page


@pytest.mark.usefixtures("robots_among_proofs")
def test_the_trial_names_what_the_next_steps_add_and_take_away(reader: Client) -> None:
    today = timezone.now().date()
    for title, abstract in LADDER:
        make_paper(title, abstract=abstract, announced_on=today)

    page = try_it(reader, wish="soft climbing robots", strictness="0")
    looser, _, stricter = page.partition("One step stricter")
    looser = looser.partition("One step looser")[2]

    assert "“more papers” would add 1 paper:" in looser
    assert ">Robots in gardens</a>" in looser
    assert 'name="step" value="-1"' in looser
    assert "“fewer papers” would take away 1 paper:" in stricter
    assert ">Robots that climb glass walls</a>" in stricter
    assert 'name="step" value="1"' in stricter


@pytest.mark.usefixtures("robots_among_proofs")
def test_settings_that_change_nothing_are_one_sentence(reader: Client) -> None:
    page = try_it(reader, wish="climbing robots", strictness="0")

    assert "The settings beside this one would change nothing." in page
    assert "One step" not in page


@pytest.mark.usefixtures("robots_among_proofs")
def test_a_button_moves_the_slider_and_tries_again(reader: Client, ada: User) -> None:
    page = try_it(reader, wish="climbing robots", strictness="0", step="-2")

    assert 'value="-2" checked' in page
    assert not Topic.objects.filter(owner=ada).exists()


def test_a_place_that_the_slider_has_not_is_refused(reader: Client) -> None:
    page = try_it(reader, wish="climbing robots", step="9")

    assert "Select a valid choice" in page
    assert "What it would have brought" not in page


@pytest.mark.usefixtures("robots_among_proofs")
def test_a_topic_that_finds_nothing_says_so(reader: Client) -> None:
    assert "Nothing in the last 14 days" in try_it(reader, wish="elliptic curves")


def test_what_cannot_be_read_is_not_tried(reader: Client) -> None:
    page = try_it(reader, query="(robots", wish="robots")

    assert "never closed" in page
    assert "What it would have brought" not in page


@pytest.mark.usefixtures("robots_among_proofs")
def test_trying_a_topic_that_exists_leaves_it_as_it_is(
    reader: Client, ada: User
) -> None:
    add_topic(reader)
    topic = Topic.objects.get(owner=ada)

    response = reader.post(
        f"/preferences/topics/{topic.slug}/edit/",
        {"name": "Other", "query": "soft", "try": "1"},
    )

    assert "<mark>Soft</mark> cheese" in response.content.decode()
    topic.refresh_from_db()
    assert (topic.name, topic.query) == ("Grippers", "gripper")
