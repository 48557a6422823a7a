"""The search page: what it finds, says and refuses."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from digest.models import Topic
from digest.pipeline.match import search
from tests import factories as make
from tests.digest.views.pages import in_order, read

pytestmark = pytest.mark.django_db


def test_the_page_without_a_query_says_how_to_ask(client: Client) -> None:
    text = read(client, "/search/")

    assert "How to ask" in text
    assert 'name="q"' in text
    assert "noindex" not in text
    assert "By meaning" not in text


def test_it_shows_what_it_finds_and_why(client: Client) -> None:
    make.make_paper("Deep robots", abstract="They swim.")
    make.make_paper("Shallow robots")
    search.index_papers()

    text = read(client, "/search/?q=deep+robots")

    assert "1 paper." in text
    assert "Deep</mark> <mark>robots" in text.replace(
        "<mark>Deep robots", "<mark>Deep</mark> <mark>robots"
    )
    assert "Shallow" not in text
    assert 'value="deep robots"' in text
    assert '<meta name="robots" content="noindex">' in text


def test_it_says_that_nothing_was_found_and_how_to_ask(client: Client) -> None:
    text = read(client, "/search/?q=unicorn")

    assert "No paper has all of this." in text
    assert "How to ask" in text


def test_a_query_that_cannot_be_read_points_at_the_place(client: Client) -> None:
    text = read(client, "/search/?q=deep+%22robots")

    assert "This quotation mark is never closed." in text
    assert '<code class="fault">deep <mark>&quot;robots</mark></code>' in text


def test_the_order_can_be_chosen_and_goes_along(client: Client) -> None:
    for number in range(21):
        make.make_paper(f"Robots {number:02d}")
    search.index_papers()

    text = read(client, "/search/?q=robots+-%22a+b%22&order=date")

    assert '<option value="date" selected>' in text
    assert "?q=robots+-%22a+b%22&amp;order=date&amp;page=2" in text
    assert in_order(text, "Robots 20", "Robots 01")
    second = read(client, "/search/?q=robots+-%22a+b%22&order=date&page=2")
    assert second.count("<article") == 1


def test_an_unknown_order_is_the_usual_one(client: Client) -> None:
    for order in ("nonsense", "meaning", ""):
        text = read(client, f"/search/?q=x1&order={order}")
        assert '<option value="relevance" selected>' in text


def test_a_page_that_is_not_there_is_a_404(client: Client) -> None:
    assert client.get("/search/?q=robots&page=2").status_code == 404


def test_what_is_only_nearly_found_is_not_shown(client: Client) -> None:
    make.make_paper("One two x. Two three")
    make.make_paper("One two three")
    search.index_papers()

    text = read(client, "/search/?q=%22one+two+three%22")

    assert text.count("<article") == 1


def test_typed_text_stays_text(client: Client) -> None:
    text = read(client, "/search/?q=%3Cscript%3Ealert(1)%3C/script%3E")

    assert "<script>alert" not in text


def test_a_search_can_be_followed(client: Client, reader: Client) -> None:
    make.make_paper("Deep robots")
    search.index_papers()

    text = read(reader, "/search/?q=%22deep+robots%22")
    address = "/preferences/topics/add/?name=%22deep+robots%22&query=%22deep+robots%22"

    assert address.replace("&", "&amp;") in text
    assert "&quot;deep robots&quot;</textarea>" in read(reader, address)


def test_a_search_takes_a_fixed_number_of_queries(
    client: Client,
    robots: Topic,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(25):
        paper = make.make_paper("Deep robots")
        make.make_match(robots, paper)
        make.make_announcement(paper, make.make_batch())
    search.index_papers()

    with django_assert_num_queries(9 if connection.vendor == "sqlite" else 10):
        client.get("/search/?q=deep+robots")
