"""The pages of a week, of a month, and of what is trending."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from digest.models import Paper, Topic
from tests import factories as make
from tests.digest.views.pages import in_order, read
from tests.factories import TODAY

pytestmark = pytest.mark.django_db

WEEK, MONTH = "/week/2026-W47/", "/month/2026-11/"


def test_a_week_has_picks_first_then_votes_then_the_newest(client: Client) -> None:
    make.make_paper("Monday paper", announced_on=date(2026, 11, 16))
    make.make_paper("Friday paper", announced_on=TODAY)
    make.make_paper("Voted paper", announced_on=date(2026, 11, 17), upvotes=3)
    picked = make.make_paper("Picked paper", announced_on=date(2026, 11, 18))
    make.make_pick(picked, date(2026, 11, 19), note="Look here.")
    make.make_paper("Sunday before", announced_on=date(2026, 11, 15))

    text = read(client, WEEK)

    assert in_order(text, "Picked paper", "Voted paper", "Friday paper", "Monday paper")
    assert "Look here." in text
    assert "4 new papers so far, 16 November \u2013 22 November 2026." in text
    assert "Sunday before" not in text


def test_a_month_has_its_days_and_no_other(client: Client) -> None:
    make.make_paper("First day", announced_on=date(2026, 10, 1))
    make.make_paper("Last day", announced_on=date(2026, 10, 31))
    make.make_paper("Day before", announced_on=date(2026, 9, 30))
    make.make_paper("Day after", announced_on=date(2026, 11, 1))

    text = read(client, "/month/2026-10/")

    assert "<h1>October 2026</h1>" in text
    assert in_order(text, "Last day", "First day")
    assert "Day before" not in text
    assert "Day after" not in text


def test_a_period_leads_to_the_nearest_ones_with_papers(client: Client) -> None:
    for day in (date(2026, 7, 1), date(2026, 9, 3), TODAY):
        make.make_paper(announced_on=day)

    of_month, of_week = read(client, "/month/2026-09/"), read(client, "/week/2026-W36/")

    assert '<a rel="prev" href="/month/2026-07/">← July 2026</a>' in of_month
    assert '<a rel="next" href="/month/2026-11/">November 2026 →</a>' in of_month
    assert '<a rel="prev" href="/week/2026-W27/">← Week 27, 2026</a>' in of_week
    assert '<a rel="next" href="/week/2026-W47/">Week 47, 2026 →</a>' in of_week


@pytest.mark.parametrize("path", ["/week/2026-W40/", "/month/2026-02/"])
def test_a_period_without_papers_says_so(client: Client, path: str) -> None:
    make.make_paper()

    assert "No papers were announced in this time." in read(client, path)


@pytest.mark.parametrize("path", [WEEK, MONTH])
def test_a_period_that_runs_may_be_empty_so_far(client: Client, path: str) -> None:
    assert "Nothing has been announced yet." in read(client, path)


@pytest.mark.parametrize(
    "path",
    [
        "/week/2026-W54/",
        "/week/2025-W53/",
        "/week/2026-W00/",
        "/week/0000-W01/",
        "/week/2026-W48/",
        "/week/9999-W52/",
        "/week/2026-47/",
        "/month/2026-13/",
        "/month/2026-00/",
        "/month/0000-01/",
        "/month/2026-12/",
        "/month/9999-12/",
        "/month/2026-11/?page=2",
        "/trending/?page=zero",
    ],
)
def test_nonsense_is_a_404(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/week/0001-W01/", "/month/0001-01/"])
def test_the_first_period_of_all_is_a_page(client: Client, path: str) -> None:
    assert "No papers were announced in this time." in read(client, path)


def test_newer_votes_weigh_more(client: Client) -> None:
    for votes, age in [(40, 9), (20, 0), (100, 30), (0, 0), (30, 2)]:
        make.make_paper(
            f"{votes} votes {age} days ago",
            upvotes=votes,
            announced_on=TODAY - timedelta(days=age),
        )

    text = read(client, "/trending/")

    assert in_order(
        text, "20 votes 0 days ago", "30 votes 2 days ago", "40 votes 9 days ago"
    )
    assert "100 votes" not in text
    assert "0 votes 0 days ago<" not in text.replace("20 votes 0 days ago", "")


def test_trending_without_votes_says_so(client: Client) -> None:
    make.make_paper()

    assert "No paper of the last 30 days has a vote yet." in read(client, "/trending/")


def test_a_hidden_or_personal_thing_does_not_show(client: Client) -> None:
    hidden = make.make_paper("Hidden thing", upvotes=9)
    make.make_pick(hidden)
    make.hide_paper(hidden)
    secret = make.make_topic("mine", name="My rivals", owner=make.make_reader())
    make.make_match(secret, make.make_paper(upvotes=1))

    for path in (WEEK, MONTH, "/trending/"):
        text = read(client, path)
        assert "Hidden thing" not in text
        assert "My rivals" not in text


def test_pages_know_their_own_address(client: Client, settings: object) -> None:
    for _ in range(51):
        make.make_paper(upvotes=1)

    site = "https://papers.example.org"
    for path in ("/", f"/day/{TODAY}/", WEEK, MONTH, "/trending/"):
        assert f'<link rel="canonical" href="{site}{path}">' in read(client, path)
    second = read(client, f"{WEEK}?page=2&from=mail")
    assert f'<link rel="canonical" href="{site}{WEEK}?page=2">' in second


@pytest.mark.parametrize(
    ("path", "queries"), [(WEEK, 9), (MONTH, 9), ("/trending/", 5)]
)
def test_the_number_of_queries_is_fixed(
    client: Client,
    robots: Topic,
    django_assert_num_queries: DjangoAssertNumQueries,
    path: str,
    queries: int,
) -> None:
    for _ in range(30):
        paper = make.make_paper(upvotes=1)
        make.make_match(robots, paper)
        make.make_announcement(paper, make.make_batch())
        make.make_pick(paper)

    with django_assert_num_queries(queries):
        client.get(path)


def test_trending_is_a_choice_among_few(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    papers = [make.make_paper(upvotes=votes) for votes in (1, 3, 2)]

    with django_assert_num_queries(1):
        titles = [paper.title for paper in Paper.objects.trending(TODAY)]

    assert titles == [papers[1].title, papers[2].title, papers[0].title]
