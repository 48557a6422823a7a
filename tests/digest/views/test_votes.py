"""The button on cards and papers, the page behind its link, and what it answers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from pytest_django.asserts import assertNumQueries

from accounts.models import User
from digest.models import Paper, Vote
from tests import factories as make
from tests.digest.views.pages import read
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper() -> Paper:
    return make.make_paper("Grasping <b>with</b> robots", upvotes=3)


@pytest.fixture
def browser(client: Client, ada: User, clock: list[datetime]) -> Client:
    """Ada is signed in, and has been here for some days."""
    clock[0] = NOW + timedelta(days=3)
    client.force_login(ada)
    return client


def press(client: Client, paper: Paper, **sent: str) -> str:
    """Send the button, and read the page it leads to."""
    path = f"{paper.get_absolute_url()}vote/"
    return client.post(path, sent, follow=True).content.decode()


def test_a_stranger_signs_in_and_comes_back_to_the_button(
    client: Client, paper: Paper, ada: User, clock: list[datetime]
) -> None:
    path = f"{paper.get_absolute_url()}vote/"
    assert f'href="{path}"' in read(client, paper.get_absolute_url())

    response = client.get(path)
    assert response["Location"] == f"/account/login/?next={quote(path)}"
    assert client.post(path)["Location"] == response["Location"]
    assert not Vote.objects.exists()

    client.force_login(ada)
    page = read(client, path)
    assert "Vote for this paper?" in page
    assert "Grasping &lt;b&gt;with&lt;/b&gt; robots" in page
    assert not Vote.objects.exists()


def test_the_button_votes_and_takes_back(browser: Client, paper: Paper) -> None:
    day = f"/day/{TODAY}/"
    assert "3 votes<" in read(browser, day)

    page = press(browser, paper, vote="yes", next=day)
    assert "Your vote counts." in page
    assert "4 votes, 1 here" in page
    assert 'value="no"' in page
    assert "Votes of readers here" in read(browser, paper.get_absolute_url())

    page = press(browser, paper, vote="no")
    assert "Your vote is taken back." in page
    assert 'value="yes"' in page
    assert not Vote.objects.exists()


def test_a_refusal_says_why_and_until_when(
    browser: Client, paper: Paper, clock: list[datetime], settings: Any
) -> None:
    clock[0] = NOW + timedelta(hours=1)
    page = press(browser, paper, vote="yes")
    assert "Your account is new. You can vote and propose papers from 21 Nov" in page

    clock[0] = NOW + timedelta(days=3)
    settings.DIGEST_VOTES_PER_DAY = 1
    press(browser, make.make_paper(), vote="yes")
    page = press(browser, paper, vote="yes")
    assert "1 vote a day. The next one is taken on 24 November, 12:00 UTC" in page

    User.objects.update(confirmed_at=None)
    assert "Confirm your address first" in press(browser, paper, vote="yes")


def test_it_leads_nowhere_else(browser: Client, paper: Paper) -> None:
    path = f"{paper.get_absolute_url()}vote/"
    for there in ("https://example.net/", "//example.net", "javascript:alert(1)"):
        response = browser.post(path, {"vote": "yes", "next": there})
        assert response["Location"] == paper.get_absolute_url()


def test_a_hidden_paper_has_no_vote_and_a_merged_one_is_its_work(
    browser: Client, paper: Paper
) -> None:
    other = make.make_paper(merged_into=paper)
    press(browser, other, vote="yes")
    assert Vote.objects.get().paper == paper

    make.hide_paper(paper)
    assert browser.get(f"{paper.get_absolute_url()}vote/").status_code == 404


def test_a_forged_post_is_refused(ada: User, paper: Paper) -> None:
    forger = Client(enforce_csrf_checks=True)
    forger.force_login(ada)

    response = forger.post(f"{paper.get_absolute_url()}vote/", {"vote": "yes"})

    assert response.status_code == 403
    assert not Vote.objects.exists()


def test_a_digest_page_links_to_the_button(browser: Client, paper: Paper) -> None:
    digest = make.make_digest(make.make_reader())
    make.make_item(digest, paper)

    page = read(browser, digest.get_absolute_url())

    assert f'href="{paper.get_absolute_url()}vote/"' in page
    assert "<form" not in page


def test_all_buttons_of_a_page_cost_one_query(browser: Client) -> None:
    browser.get(f"/day/{TODAY}/")
    for _number in range(3):
        make.make_paper()
    with assertNumQueries(13):
        browser.get(f"/day/{TODAY}/")
    for _number in range(20):
        make.make_paper()
    with assertNumQueries(13):
        browser.get(f"/day/{TODAY}/")
