"""The front page and the day pages: what they show, and in which order."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from digest.models import Topic
from digest.views.paging import PAGE_SIZE
from tests import factories as make
from tests.digest.views.pages import in_order, read
from tests.factories import TODAY

pytestmark = pytest.mark.django_db

YESTERDAY = TODAY - timedelta(days=1)


def test_the_front_page_shows_the_papers_of_today_and_the_form(client: Client) -> None:
    make.make_paper("Grasping with robots")

    text = read(client, "/")

    assert "Today's papers" in text
    assert "Grasping with robots" in text
    assert 'name="email"' in text
    assert "data-guess-zone" in text


def test_the_front_page_says_so_when_the_newest_papers_are_older(
    client: Client,
) -> None:
    make.make_paper(announced_on=YESTERDAY)

    text = read(client, "/")

    assert "The newest papers" in text
    assert "Thursday 19 November 2026" in text


def test_the_front_page_without_any_paper_leads_to_the_status(client: Client) -> None:
    text = read(client, "/")

    assert "No papers yet" in text
    assert 'href="/status/"' in text


def test_a_card_shows_what_is_known_of_a_paper(client: Client, robots: Topic) -> None:
    paper = make.make_paper(
        "Grasping with robots",
        authors=[f"Author Number {n}" for n in range(1, 8)],
        abstract="We grasp. " * 100,
        organisation="Sample Institute",
        upvotes=86,
        comment_count=1,
        signals={"code_url": "https://code.example.org/grasp", "code_stars": 310},
    )
    make.make_announcement(
        paper, make.make_batch(make.make_source(name="arXiv: robots"))
    )
    make.make_match(robots, paper)
    make.make_pick(paper, note="A clear step forward.")

    text = read(client, f"/day/{TODAY}/")

    assert "Author Number 1, Author Number 2, Author Number 3 and 4 more" in text
    for words in (
        "7 authors",
        "86 votes",
        "1 comment<",
        "Sample Institute",
        "20 November 2026",
        "from arXiv",
        'href="https://code.example.org/grasp"',
        "</a>, 310 stars",
        f'href="{paper.url}"',
        "A clear step forward.",
        "Picked by the curators",
        '<a href="/topic/robots/">Robotics</a>',
    ):
        assert words in text
    assert text.count("We grasp.") < 50


def test_a_day_has_picks_first_then_votes_then_matches(
    client: Client, robots: Topic
) -> None:
    make.make_paper("Plain paper")
    matched = make.make_paper("Matched paper")
    make.make_match(robots, matched)
    make.make_paper("Voted paper", upvotes=5)
    make.make_pick(make.make_paper("Second pick"), position=20)
    make.make_pick(make.make_paper("First pick"), position=10)

    text = read(client, f"/day/{TODAY}/")

    assert in_order(
        text, "First pick", "Second pick", "Voted paper", "Matched paper", "Plain paper"
    )


def test_an_older_paper_picked_today_stands_on_todays_page(client: Client) -> None:
    make.make_pick(make.make_paper("Old but good", announced_on=YESTERDAY), TODAY)

    assert "Old but good" in read(client, "/")


def test_a_pick_for_tomorrow_shows_nowhere_today(client: Client, daily: Topic) -> None:
    paper = make.make_paper("Tomorrow's star", announced_on=YESTERDAY, upvotes=1)
    make.make_pick(paper, TODAY + timedelta(days=1), note="For tomorrow.")

    assert "Thursday 19 November 2026" in read(client, "/")
    for path in (f"/day/{YESTERDAY}/", "/topic/daily-papers/", f"/paper/{paper.slug}/"):
        text = read(client, path)
        assert "For tomorrow." not in text
        assert 'rel="next"' not in text


def test_what_one_person_follows_does_not_show_on_a_public_page(client: Client) -> None:
    owner = make.make_reader()
    secret = make.make_topic("my-rivals", name="My rivals", owner=owner)
    make.make_paper("Aardvark paper")
    make.make_match(secret, make.make_paper("Rival paper"))

    text = read(client, f"/day/{TODAY}/")

    assert "My rivals" not in text
    assert in_order(text, "Aardvark paper", "Rival paper")


def test_a_day_leads_to_the_nearest_days_with_papers(client: Client) -> None:
    for days_ago in (0, 3, 7):
        make.make_paper(announced_on=TODAY - timedelta(days=days_ago))

    text = read(client, f"/day/{TODAY - timedelta(days=3)}/")

    assert f'rel="prev" href="/day/{TODAY - timedelta(days=7)}/"' in text
    assert f'rel="next" href="/day/{TODAY}/"' in text


def test_a_day_without_papers_says_so(client: Client) -> None:
    make.make_paper()

    assert "No papers were announced on this day." in read(client, "/day/2026-11-15/")


def test_a_large_day_is_cut_into_pages(client: Client) -> None:
    for number in range(PAGE_SIZE + 1):
        make.make_paper(f"Numbered {number:02d}")

    first, second = (read(client, f"/day/{TODAY}/?page={n}") for n in (1, 2))

    assert first.count("<article") == PAGE_SIZE
    assert second.count("<article") == 1
    assert f'href="/day/{TODAY}/?page=2"' in first


@pytest.mark.parametrize(
    "path",
    [
        "/day/2026-02-30/",
        "/day/2026-13-01/",
        "/day/2026-1-1/",
        "/day/2026-11-21/",
        "/day/2026-11-20/?page=2",
        "/day/2026-11-20/?page=zero",
        "/topic/no-such-topic/",
        "/paper/no-such-paper/",
        "/digest/00000000-0000-4000-8000-000000000000/",
        "/digest/1/",
    ],
)
def test_what_does_not_exist_is_a_404_with_a_way_forward(
    client: Client, path: str
) -> None:
    response = client.get(path)

    assert response.status_code == 404
    assert 'href="/"' in response.content.decode()
