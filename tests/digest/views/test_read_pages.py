"""The pages of topics, single papers, digests and sources: what they show."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from digest.models import Topic
from tests import factories as make
from tests.digest.views.pages import in_order, read
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db

YESTERDAY = TODAY - timedelta(days=1)


def test_the_topics_page_lists_curated_topics_alone(
    client: Client, robots: Topic
) -> None:
    make.make_topic("mine", name="My own", owner=make.make_reader())
    make.make_topic("gone", name="Retired topic", is_retired=True)
    make.make_match(robots, make.make_paper())
    hidden = make.make_paper()
    make.make_match(robots, hidden)
    make.hide_paper(hidden)

    text = read(client, "/topics/")

    assert "Robotics" in text
    assert "All about robots." in text
    assert "1 paper in the last 7 days" in text
    assert "My own" not in text
    assert "Retired topic" not in text


def test_a_topic_shows_its_papers_of_14_days_with_the_reason(
    client: Client, robots: Topic
) -> None:
    make.make_match(robots, make.make_paper("Walking robots"), score=1)
    make.make_match(robots, make.make_paper("Grasping robots"), score=2)
    old = make.make_paper("Ancient robots", announced_on=TODAY - timedelta(days=14))
    make.make_match(robots, old)

    text = read(client, "/topic/robots/")

    assert in_order(text, "<mark>Grasping</mark> robots", "<mark>Walking</mark> robots")
    assert "<em>Walking</em> in the title" in text
    assert "Ancient robots" not in text


def test_the_daily_topic_shows_picks_and_what_was_voted_for(
    client: Client, daily: Topic
) -> None:
    make.make_paper("Unnoticed paper")
    make.make_paper("Voted paper", upvotes=9)
    make.make_pick(make.make_paper("Picked paper"))

    text = read(client, "/topic/daily-papers/")

    assert in_order(text, "Picked paper", "Voted paper")
    assert "Unnoticed paper" not in text


def test_a_personal_topic_is_there_for_its_owner_alone(client: Client) -> None:
    owner, other = make.make_reader(), make.make_reader()
    make.make_topic("mine", name="My own", owner=owner)

    assert client.get("/topic/mine/").status_code == 404
    client.force_login(other)
    assert client.get("/topic/mine/").status_code == 404
    client.force_login(owner)
    response = client.get("/topic/mine/")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


def test_a_paper_has_all_its_authors_and_the_whole_abstract(
    client: Client, robots: Topic
) -> None:
    paper = make.make_paper(
        "Grasping with robots",
        authors=[
            {"name": "Ada Author", "affiliation": "Example Institute"},
            *[f"Author Number {n}" for n in range(1, 8)],
        ],
        abstract="We grasp. " * 100 + "The end.",
        doi="10.1234/grasp",
        signals={"code_url": "https://code.example.org/grasp", "code_stars": 12},
    )
    batch = make.make_batch(make.make_source(name="arXiv: robots"))
    make.make_announcement(paper, batch, announce_type="replace", version=2)
    make.make_match(robots, paper)
    make.make_pick(paper, note="A clear step forward.")

    text = read(client, paper.get_absolute_url())

    for words in (
        "Example Institute",
        "Author Number 7",
        "The end.",
        "https://doi.org/10.1234/grasp",
        f"https://arxiv.org/pdf/{paper.arxiv_id}",
        "https://code.example.org/grasp",
        "<em>Grasping</em> in the title",
        "A clear step forward.",
        "arXiv: robots, 20 November 2026: new version (v2)",
    ):
        assert words in text


def test_a_digest_shows_what_was_mailed_then_what_was_held_back(
    client: Client, robots: Topic
) -> None:
    reader = make.make_reader("ada@example.org")
    digest = make.make_digest(
        reader,
        coverage=[
            {"name": "bioRxiv", "status": "failed", "papers": 0, "announced_on": ""}
        ],
    )
    make.make_item(digest, make.make_paper("Mailed paper"), robots, note="Read it.")
    make.make_item(digest, make.make_paper("Held paper"), robots, is_in_mail=False)
    make.make_item(digest, make.make_paper("Freed paper"), robots, released_at=NOW)

    response = client.get(digest.get_absolute_url())
    text = response.content.decode()

    assert in_order(text, "Robotics", "Mailed paper", "More that matched", "Held paper")
    assert "Read it." in text
    assert "bioRxiv did not answer" in text
    assert "Freed paper" not in text
    assert "ada@example.org" not in text
    assert '<meta name="robots" content="noindex">' in text
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
