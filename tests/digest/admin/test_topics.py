"""Curated topics are edited with care; readers' own topics stay theirs."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from digest.models import Match, Subscription, Topic
from tests import factories
from tests.digest.admin.desk import (
    address,
    answer,
    press,
    save_topic,
    sit_down,
    sit_down_with,
)

pytestmark = pytest.mark.django_db

TYPED = {
    "name": "Robots",
    "slug": "robots",
    "description": "Machines that move.",
    "kind": "query",
    "position": "10",
}


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ('robots "walking', "quotation mark is never closed"),
        ("robots colour:red", "There is no field “colour”"),
        ("robots colour:red", "at character 8: “colour:red”"),
    ],
)
def test_it_refuses_a_bad_query_and_names_the_place(query: str, words: str) -> None:
    response = sit_down().post(address(Topic, "add"), {**TYPED, "query": query})

    assert words in str(response.context["adminform"].form.errors["query"])
    assert not Topic.objects.exists()


def test_it_refuses_a_query_for_a_kind_that_has_none() -> None:
    typed = {**TYPED, "kind": "daily", "query": "robots"}

    response = sit_down().post(address(Topic, "add"), typed)

    assert "has no query" in str(response.context["adminform"].form.errors)


def test_it_makes_a_topic_without_a_query_of_the_daily_kind() -> None:
    sit_down().post(address(Topic, "add"), {**TYPED, "kind": "daily", "query": ""})

    assert Topic.objects.get().kind == "daily"


def test_it_matches_a_new_and_an_edited_topic_with_the_last_days(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    client = sit_down()
    today = timezone.localdate()
    robots = factories.make_paper("Walking robots", announced_on=today)
    fish = factories.make_paper("Swimming fish", announced_on=today)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(address(Topic, "add"), {**TYPED, "query": "robots"})
    topic = Topic.objects.get()
    assert [match.paper for match in Match.objects.all()] == [robots]
    with django_capture_on_commit_callbacks(execute=True):
        save_topic(client, topic, {**TYPED, "query": "title:fish"})

    assert [match.paper for match in Match.objects.all()] == [fish]
    topic.refresh_from_db()
    assert topic.matched_at is not None


def test_a_topic_that_only_has_a_wish_is_made_and_saved_again() -> None:
    client = sit_down()
    typed = {**TYPED, "query": "", "wish": "walking robots"}

    client.post(address(Topic, "add"), typed)
    topic = Topic.objects.get()
    save_topic(client, topic, {**typed, "wish": "swimming"})

    topic.refresh_from_db()
    assert (topic.query, topic.wish) == ("", "swimming")


def test_examples_are_shown_added_and_taken_away_and_the_topic_is_matched_anew(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    client, today = sit_down(), timezone.localdate()
    kept, gone, new = (
        factories.make_paper(f"Robots that climb, part {n}", announced_on=today)
        for n in range(3)
    )
    typed = {**TYPED, "query": ""}
    named = f"{kept.slug}\n\n https://arxiv.org/abs/{gone.arxiv_id}v2 and words"
    client.post(address(Topic, "add"), {**typed, "examples": named})
    topic = Topic.objects.get()
    assert set(topic.wish.splitlines()) == {kept.title, gone.title}

    path = address(Topic, "change", topic.pk)
    page = client.get(path).content.decode()
    shown = f"{kept.slug} {kept.title}\n{gone.slug} {gone.title}"
    assert shown in page
    Topic.objects.update(matched_at=timezone.now())
    with django_capture_on_commit_callbacks():
        sent = {**typed, "wish": topic.wish, "examples": f"{kept.slug}\n{new.slug}"}
        save_topic(client, topic, sent)

    topic.refresh_from_db()
    assert topic.matched_at is None
    assert {one.paper for one in topic.examples.all()} == {kept, new}


def test_a_topic_has_so_many_examples_and_the_curators_own_has_none() -> None:
    client = sit_down()
    slugs = [factories.make_paper().slug for _ in range(51)]
    typed = {**TYPED, "query": "robots"}

    for sent, words in (
        ({**typed, "examples": "\n".join(slugs)}, "At most 50 papers"),
        (
            {**typed, "examples": f"{slugs[0]}\n<b> is none"},
            "Not here: &lt;b&gt; is none",
        ),
        ({**TYPED, "kind": "daily", "examples": slugs[0]}, "has no examples"),
    ):
        answer = client.post(address(Topic, "add"), sent)
        assert words in answer.content.decode()

    assert not Topic.objects.exists()


def test_it_keeps_the_short_name_that_addresses_are_made_of() -> None:
    topic = factories.make_topic("robots")
    typed = {**TYPED, "slug": "machines", "query": "robots"}

    save_topic(sit_down(), topic, typed)

    topic.refresh_from_db()
    assert (topic.slug, topic.description) == ("robots", "Machines that move.")


def test_it_counts_subscribers_and_fresh_matches() -> None:
    topic = factories.make_topic()
    today = timezone.localdate()
    for status in Subscription.Status.values:
        factories.make_subscription(factories.make_reader(), topic, status=status)
    for ago in (0, 13, 14):
        day = today - timedelta(days=ago)
        factories.make_match(topic, factories.make_paper(announced_on=day))

    listed = sit_down().get(address(Topic)).context["cl"].result_list[0]

    assert (listed.subscriber_count, listed.match_count) == (2, 2)


def test_it_shows_the_best_matches_with_the_reason() -> None:
    topic = factories.make_topic()
    paper = factories.make_paper("Robots <b>", announced_on=timezone.localdate())
    factories.make_match(topic, paper)

    page = sit_down().get(address(Topic, "change", topic.pk)).content.decode()

    assert "Robots &lt;b&gt; (*Robots* in the title)" in page


def test_it_lists_a_readers_topic_without_the_address_and_lets_nobody_edit_it() -> None:
    client = sit_down()
    reader = factories.make_reader("mallory.secret@example.org")
    topic = factories.make_topic("own", owner=reader, name="Own", query="fish")

    listed = client.get(address(Topic)).content.decode()
    opened = client.get(address(Topic, "change", topic.pk)).content.decode()
    refused = client.post(address(Topic, "change", topic.pk), {**TYPED, "query": "x"})
    deleted = client.post(address(Topic, "delete", topic.pk), {"post": "yes"})
    answer(client, "retire", topic, words="")

    for page in (listed, opened):
        assert "m…t@e…e.org" in page
        assert "secret" not in page
    assert refused.status_code == deleted.status_code == 403
    topic.refresh_from_db()
    assert (topic.query, topic.is_retired) == ("fish", False)


def test_it_refuses_to_delete_a_topic_that_somebody_follows() -> None:
    client = sit_down()
    followed, lonely = factories.make_topic(name="Followed"), factories.make_topic()
    factories.make_subscription(factories.make_reader(), followed)

    single = client.post(address(Topic, "delete", followed.pk), {"post": "yes"})
    both = press(client, "delete_selected", followed, lonely, post="yes")

    for response in (single, both):
        words = "“Followed” has 1 subscriber: retire it instead."
        assert words in response.content.decode()
    assert Topic.objects.count() == 2
    client.post(address(Topic, "delete", lonely.pk), {"post": "yes"})
    assert list(Topic.objects.all()) == [followed]


def test_it_deletes_no_readers_topic_among_others() -> None:
    own = factories.make_topic(owner=factories.make_reader())

    press(sit_down(), "delete_selected", own, factories.make_topic(), post="yes")

    assert Topic.objects.count() == 2


def test_it_retires_and_restores_and_writes_it_down(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    client = sit_down()
    topic = factories.make_topic(query="robots")
    factories.make_paper("Walking robots", announced_on=timezone.localdate())

    asked = press(client, "retire", topic)
    assert "0 mails go out." in asked.content.decode()
    answer(client, "retire", topic, words="")
    topic.refresh_from_db()
    assert topic.is_retired
    with django_capture_on_commit_callbacks(execute=True):
        press(client, "restore", topic)

    topic.refresh_from_db()
    assert not topic.is_retired
    assert Match.objects.count() == 1
    assert LogEntry.objects.count() == 2


def test_it_retires_nothing_for_staff_who_may_only_look() -> None:
    topic = factories.make_topic()

    answer(sit_down_with("view_topic"), "retire", topic, words="")

    topic.refresh_from_db()
    assert not topic.is_retired


def test_it_changes_what_a_topic_wants_in_plain_words() -> None:
    topic = factories.make_topic("robots", query="", wish="robots")
    typed = {**TYPED, "query": "", "wish": "climbing robots", "strictness": "1"}

    response = save_topic(sit_down(), topic, typed)

    assert response.status_code == 302
    topic.refresh_from_db()
    assert (topic.query, topic.wish, topic.strictness) == ("", "climbing robots", 1)
    assert topic.matched_at is None


def test_it_refuses_a_topic_that_asks_for_nothing() -> None:
    response = sit_down().post(address(Topic, "add"), {**TYPED, "query": ""})

    assert "Say what you want" in str(response.context["adminform"].form.errors["wish"])


def test_the_curators_own_topic_asks_for_nothing() -> None:
    topic = factories.make_topic("daily", kind="daily", query="")
    client, path = sit_down(), address(Topic, "change", topic.pk)

    page = client.get(path).content.decode()
    client.post(path, {"name": "Our picks", "position": "5"})

    assert 'name="wish"' not in page
    assert 'name="strictness"' not in page
    topic.refresh_from_db()
    assert (topic.name, topic.strictness) == ("Our picks", 0)


def test_it_merges_topics_into_another_and_writes_it_down() -> None:
    client = sit_down()
    old, new = factories.make_topic("old"), factories.make_topic("new")
    reader = factories.make_reader("ada@example.org", old)

    asked = press(client, "merge", old).content.decode()
    assert "1 mail goes out." in asked
    answer(client, "merge", old, into="", words="")
    assert not LogEntry.objects.exists()
    page = answer(client, "merge", old, into=new.pk, words="Nearly the same.")

    assert "Merged; 1 subscription moved." in page.content.decode()
    assert Subscription.objects.get(user=reader).topic == new
    said = set(LogEntry.objects.values_list("change_message", flat=True))
    assert said == {
        "Merged into new: 1 subscriptions moved, 1 told.",
        "old was merged into it.",
    }
