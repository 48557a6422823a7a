"""Cards are made once for all; what changes shows at once, and nobody sees another's.

Each test reads a page before and after, so that the card is kept in between.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from accounts.models import User
from digest.models import Paper, Topic, Vote
from digest.views.cards import make_cards
from tests import factories as make
from tests.digest.views.pages import read
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db

DAY = f"/day/{TODAY}/"


@pytest.fixture
def paper() -> Paper:
    return make.make_paper("Grasping with robots", abstract="We grasp.")


@pytest.mark.parametrize(
    ("changed", "shown"),
    [
        ({"title": "Letting go"}, ">Letting go</a>"),
        ({"abstract": "We let go."}, "We let go."),
        ({"authors": [{"name": "Ada Lovelace", "affiliation": ""}]}, "Ada Lovelace"),
        ({"categories": ["cs.RO"]}, "<li>cs.RO</li>"),
        ({"url": "https://elsewhere.example.org/1"}, ">elsewhere.example.org</a>"),
        ({"organisation": "Robots Inc."}, "Robots Inc."),
        ({"upvotes": 41}, "41 votes"),
        ({"reader_votes": 3}, "3 votes, 3 here"),
        ({"comment_count": 7}, "7 comments"),
        ({"signals": {"code_url": "https://code.example.org/1"}}, ">Code</a>"),
        ({"is_withdrawn": True}, "Withdrawn by its authors."),
        ({"slug": "another"}, '/another/vote/"'),
    ],
)
def test_what_changes_of_a_paper_shows_at_once(
    client: Client, paper: Paper, changed: dict[str, Any], shown: str
) -> None:
    assert shown not in read(client, DAY)

    Paper.objects.filter(pk=paper.pk).update(**changed)

    assert shown in read(client, DAY)


def test_a_pick_and_its_note_show_at_once(client: Client, paper: Paper) -> None:
    read(client, DAY)
    pick = make.make_pick(paper, note="A step forward.")
    assert "A step forward." in read(client, DAY)

    pick.note = "On second thoughts."
    pick.save()

    page = read(client, DAY)
    assert "On second thoughts." in page
    assert "A step forward." not in page


def test_topics_and_sources_show_at_once(
    client: Client, paper: Paper, robots: Topic
) -> None:
    read(client, DAY)
    make.make_match(robots, paper)
    source = make.make_source(name="Journal: new papers")
    make.make_announcement(paper, make.make_batch(source))

    page = read(client, DAY)
    assert ">Robotics</a>" in page
    assert "from Journal" in page

    Topic.objects.update(name="Robots")
    assert ">Robots</a>" in read(client, DAY)


def test_another_language_has_cards_of_its_own(paper: Paper) -> None:
    (card,) = make_cards([paper])
    seen = []
    for language in ("en", "fr", "en"):
        with translation.override(language):
            seen.append(card.pieces(2).facts)

    assert "20 November 2026" in seen[0]
    assert "20 novembre 2026" in seen[1]
    assert seen[2] == seen[0]


def test_headings_keep_their_rank(client: Client, paper: Paper, robots: Topic) -> None:
    make.make_match(robots, paper)

    assert '<h2 class="card__title">' in read(client, DAY)
    assert '<h3 class="card__title">' in read(client, robots.get_absolute_url())


def test_the_same_card_is_made_once(client: Client, paper: Paper) -> None:
    def made() -> list[str | None]:
        return [used.name for used in client.get(DAY).templates]

    Paper.objects.update(title="Never seen before")
    assert "digest/_paper_card.html" in made()
    assert "digest/_paper_card.html" not in made()


def test_nothing_of_a_reader_stays_on_the_page(paper: Paper, ada: User) -> None:
    bob = make.make_reader("bob@example.org")
    Vote.objects.create(user=ada, paper=paper, made_at=NOW)
    pages = {}
    for name, user in (("ada", ada), ("bob", bob), ("stranger", None)):
        browser = Client()
        if user:
            browser.force_login(user)
        pages[name] = read(browser, f"{DAY}?from={name}")

    token = re.compile(r'name="csrfmiddlewaretoken" value="(\w{64})"')
    assert len({token.findall(pages[name])[0] for name in ("ada", "bob")}) == 2
    assert not token.search(pages["stranger"])
    assert ">Voted</button>" in pages["ada"]
    assert ">Vote</button>" in pages["bob"]
    assert 'class="vote__button" href' in pages["stranger"]
    assert "Save or judge" in pages["bob"]
    assert "Save or judge" not in pages["stranger"]
    for name in ("ada", "bob"):
        assert f'value="{DAY}?from={name}#paper-{paper.pk}"' in pages[name]


def test_text_that_looks_like_a_mark_of_ours_is_text(paper: Paper, ada: User) -> None:
    marks = "<!--vote--><!--judge--><!--judged--><!--token--><!--here-->"
    Paper.objects.update(organisation=marks)
    make.make_pick(paper, note=marks)
    browser = Client()
    browser.force_login(ada)

    page = read(browser, f"{DAY}?q=<!--token-->")

    assert page.count("&lt;!--vote--&gt;") >= 2
    assert page.count('name="csrfmiddlewaretoken"') == 1
    assert "<!--" not in page
