"""A topic begun from a paper, or from a curated topic."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from digest.models import Example, Paper, Topic
from digest.reading import subscriptions
from tests.digest.views.steps import all_rows
from tests.factories import hide_paper, make_example, make_paper, make_topic

ADD = "/preferences/topics/add/"


@pytest.fixture
def soft(db: None) -> Paper:
    """A paper of last month, and two of today of which one is like it."""
    today = timezone.now().date()
    for number in range(40):
        make_paper(f"Proofs about matrices, part {number}", announced_on=today)
    make_paper(
        "Walls that robots climb",
        abstract="Climbing with soft robots and suction.",
        announced_on=today,
    )
    return make_paper(
        "Soft $\\beta$-robots",
        abstract="Soft robots climb by suction.",
        announced_on=today.replace(year=today.year - 1, day=1),
    )


def test_a_paper_begins_a_topic_and_stays_with_it(
    reader: Client,
    ada: User,
    soft: Paper,
    django_capture_on_commit_callbacks: Any,
) -> None:
    before = all_rows()
    page = reader.get(ADD, {"like": soft.slug}).content.decode()

    assert all_rows() == before
    assert 'value="Soft β-robots"' in page
    assert f'name="examples" value="{soft.slug}" checked' in page

    with django_capture_on_commit_callbacks(execute=True):
        reader.post(
            ADD,
            {"name": "Soft", "wish": "Soft robots", "examples": soft.slug},
        )

    topic = Topic.objects.get(owner=ada)
    assert [row.paper for row in topic.examples.all()] == [soft]
    match = topic.matches.get()
    assert match.paper.title == "Walls that robots climb"
    assert "example" in {piece["field"] for piece in match.evidence}


def test_a_trial_says_which_example_a_paper_is_close_to(
    reader: Client, soft: Paper
) -> None:
    page = reader.post(
        ADD, {"wish": "robots", "examples": soft.slug, "try": "1"}
    ).content.decode()

    assert "close to <em>Soft β-robots</em>, an example of this topic" in page
    assert f'name="examples" value="{soft.slug}" checked' in page


def test_several_papers_begin_one_topic(reader: Client, soft: Paper) -> None:
    other = make_paper("Octopus arms")

    page = reader.get(ADD, {"like": [soft.slug, other.slug]}).content.decode()

    assert "Soft β-robots\nOctopus arms</textarea>" in page


def test_examples_without_words_are_asked_by_their_titles(
    reader: Client, ada: User, soft: Paper
) -> None:
    reader.post(ADD, {"name": "Soft", "examples": soft.slug})

    assert Topic.objects.get(owner=ada).wish == "Soft β-robots"


def test_an_example_is_unticked(reader: Client, ada: User, soft: Paper) -> None:
    topic = make_topic("own", owner=ada, query="", wish="robots")
    make_example(topic, soft)
    address = f"/preferences/topics/{topic.slug}/edit/"

    page = reader.get(address).content.decode()
    assert f'name="examples" value="{soft.slug}" checked' in page
    reader.post(address, {"name": "Own", "wish": "robots"})

    assert not Example.objects.exists()


@pytest.mark.parametrize("slug", ["no-such-paper", "a\x00b", "1", "'"])
def test_what_is_no_paper_is_no_example(reader: Client, ada: User, slug: str) -> None:
    page = reader.post(
        ADD, {"name": "Soft", "wish": "robots", "examples": slug}
    ).content.decode()

    assert '<p class="error">' in page
    assert not Topic.objects.filter(owner=ada).exists()
    assert reader.get(ADD, {"like": slug}).status_code == 404


def test_a_hidden_paper_is_no_example(reader: Client, soft: Paper) -> None:
    hide_paper(soft)

    assert reader.get(ADD, {"like": soft.slug}).status_code == 404


def test_more_examples_than_a_topic_holds_are_refused(
    reader: Client, ada: User
) -> None:
    slugs = [make_paper().slug for _ in range(subscriptions.MOST_EXAMPLES + 1)]

    page = reader.post(ADD, {"name": "Soft", "wish": "robots", "examples": slugs})

    assert "At most 50 papers can be examples." in page.content.decode()
    assert not Topic.objects.filter(owner=ada).exists()


def test_a_curated_topic_is_refined(reader: Client, ada: User) -> None:
    topic = make_topic("grippers", query="cat:cs.RO", wish="soft robots", strictness=1)
    link = f"{ADD}?topic=grippers"
    assert link in reader.get(topic.get_absolute_url()).content.decode()

    page = reader.get(link).content.decode()

    assert f'value="{topic.name} (mine)"' in page
    assert "soft robots</textarea>" in page
    assert "cat:cs.RO</textarea>" in page
    assert 'value="1" checked' in page


def test_only_a_curated_topic_that_asks_is_refined(reader: Client) -> None:
    make_topic("daily", kind="daily", query="")
    stranger = User.objects.create(email="eve@example.org")
    make_topic("hers", owner=stranger)

    for slug in ("daily", "hers", "nothing"):
        assert reader.get(ADD, {"topic": slug}).status_code == 404
    assert "Refine it" not in reader.get("/topic/daily/").content.decode()
