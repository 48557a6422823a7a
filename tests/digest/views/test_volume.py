"""The chart of a topic's last 60 days, and its table."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from digest.models import Topic
from digest.views import volume
from tests import factories as make
from tests.digest.views.pages import read
from tests.factories import TODAY


def test_the_tallest_bar_is_the_day_with_the_most() -> None:
    drawn = volume.draw({TODAY: 4, TODAY - timedelta(days=59): 1}, TODAY)

    assert [(bar.x, bar.height, bar.y) for bar in drawn.bars] == [
        (0, 20, 60),
        (590, 80, 0),
    ]
    assert drawn.total == 5
    assert drawn.top.day == TODAY


def test_a_day_among_hundreds_is_still_seen() -> None:
    drawn = volume.draw({TODAY: 1000, TODAY - timedelta(days=1): 1}, TODAY)

    assert drawn.bars[0].height == volume.LEAST


def test_the_weeks_have_all_papers() -> None:
    counts = {TODAY - timedelta(days=ago): 1 for ago in range(60)}

    drawn = volume.draw(counts, TODAY)

    assert sum(week.papers for week in drawn.weeks) == 60
    assert all(week.first.weekday() == 0 for week in drawn.weeks[1:])


@pytest.mark.django_db
def test_a_topic_shows_60_days_for_eyes_and_ears(client: Client, robots: Topic) -> None:
    for age in (0, 0, 30, 59, 60):
        paper = make.make_paper(announced_on=TODAY - timedelta(days=age))
        make.make_match(robots, paper)

    text = read(client, "/topic/robots/")

    assert text.count('<rect class="volume__bar"') == 3
    assert "4 papers in 60 days; the most, 2, on 20 November" in text
    assert "4 papers from 22 September to 20 November 2026." in text
    assert '<th scope="row">16 November 2026</th><td>2</td>' in text
    assert "style=" not in text


@pytest.mark.django_db
def test_the_daily_topic_counts_picks_and_votes(client: Client, daily: Topic) -> None:
    make.make_paper(upvotes=1)
    make.make_paper()

    assert "1 paper in 60 days" in read(client, "/topic/daily-papers/")


@pytest.mark.django_db
def test_a_topic_without_papers_has_no_chart(client: Client, robots: Topic) -> None:
    assert "<svg" not in read(client, "/topic/robots/")
