"""All papers by the query language: what the index holds, finds and forgets."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from digest import matching
from digest.models import Paper, SearchEntry
from digest.pipeline.match import search
from digest.pipeline.match.search import Order
from tests import factories as make
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db


def find(text: str, order: Order = Order.DATE) -> list[str]:
    """Titles of the papers that a query finds, in order."""
    found = search.search_papers(matching.parse_query(text), order)
    titles = dict(Paper.objects.values_list("pk", "title"))
    return [titles[paper_id] for paper_id in found.paper_ids]


def test_a_paper_is_found_once_it_is_in_the_index() -> None:
    make.make_paper("Diffusion policies for robots", abstract="We grasp.")
    assert find("diffusion") == []

    assert search.has_papers_to_index()
    assert search.index_papers() == 1

    assert not search.has_papers_to_index()
    assert search.index_papers() == 0
    for text in (
        "diffusion",
        '"diffusion policy"',
        "robots -survey",
        "grasp*",
        "title:robot",
        "cat:cs",
        'author:"Ada Author"',
        "author:author grasp",
    ):
        assert find(text) == ["Diffusion policies for robots"], text
    for text in ("survey", "title:grasp", "cat:math", '"robots diffusion"', "votes:1"):
        assert find(text) == [], text


def test_a_paper_whose_words_changed_is_found_by_the_new_ones_alone() -> None:
    paper = make.make_paper("Walking robots")
    search.index_papers()
    Paper.objects.filter(pk=paper.pk).update(
        title="Flying robots", changed_at=NOW + timedelta(hours=1)
    )

    assert search.index_papers(paper_ids=[paper.pk]) == 1

    assert find("walking") == []
    assert find("flying") == ["Flying robots"]


def test_a_paper_that_is_gone_hidden_or_merged_is_not_found() -> None:
    gone, hidden, merged, kept = (
        make.make_paper(f"Robots {number}") for number in range(4)
    )
    search.index_papers()

    gone.delete()
    make.hide_paper(hidden)
    Paper.objects.filter(pk=merged.pk).update(merged_into=kept)

    assert find("robots") == ["Robots 3"]
    assert SearchEntry.objects.count() == 3


def test_the_newest_come_first_or_the_best_match() -> None:
    for title, age, votes in [
        ("Deep robots", 1, 0),
        ("Deep things", 0, 0),
        ("Robots that are deep", 3, 7),
        ("Nothing else", 2, 0),
    ]:
        make.make_paper(
            title,
            abstract="Robots in deep water.",
            announced_on=TODAY - timedelta(days=age),
            upvotes=votes,
        )
    search.index_papers()

    assert find("deep robots", Order.DATE) == [
        "Deep things",
        "Deep robots",
        "Nothing else",
        "Robots that are deep",
    ]
    assert find("deep robots", Order.RELEVANCE) == [
        "Robots that are deep",
        "Deep robots",
        "Deep things",
        "Nothing else",
    ]


def test_votes_alone_can_be_asked_for() -> None:
    make.make_paper("Voted", upvotes=3, reader_votes=2)
    make.make_paper("Unnoticed")
    search.index_papers()

    assert find("votes:5") == ["Voted"]
    assert find("votes:6") == []
    assert find("votes:5 voted -unnoticed") == ["Voted"]


def test_by_meaning_without_a_model_is_by_date() -> None:
    make.make_paper("Robots")
    search.index_papers()

    assert not search.has_meaning()
    assert find("robots", Order.MEANING) == ["Robots"]


def test_only_the_newest_are_answered_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST_FOUND", 2)
    for age in range(3):
        make.make_paper(f"Robots {age}", announced_on=TODAY - timedelta(days=age))
    search.index_papers()

    found = search.search_papers(matching.parse_query("robots"), Order.RELEVANCE)

    assert found.is_cut
    assert len(found.paper_ids) == 2
    assert find("robots") == ["Robots 0", "Robots 1"]


@pytest.mark.parametrize(
    "text",
    [
        "it's",
        '"a\\b"',
        'c++ OR "c\'#"',
        "naïve",
        "' OR 1=1 --",
        "x" * 150,
        "word* OR pre-train*",
        " OR ".join(f"word{n}" for n in range(60)),
        "(a1 -b1) OR (c1 -(d1 e1))",
    ],
)
def test_whatever_can_be_parsed_can_be_asked(text: str) -> None:
    make.make_paper("Robots")
    search.index_papers()
    try:
        matching.parse_query(text)
    except matching.QueryError:
        return

    for order in Order:
        find(text, order)


def test_a_search_takes_few_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(3):
        make.make_paper("Deep robots")
    search.index_papers()

    with django_assert_num_queries(6 if connection.vendor == "sqlite" else 7):
        search.search_papers(
            matching.parse_query('deep robots OR "x y" -z'), Order.RELEVANCE
        )


def test_the_database_uses_its_index() -> None:
    make.make_paper("Deep robots")
    search.index_papers()
    lookup = matching.look_up(matching.parse_query("robots"))
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT rowid FROM digest_lexemes WHERE digest_lexemes MATCH %s",
                [lookup.tree.fts5],
            )
            assert len(cursor.fetchall()) == 1
            cursor.execute(
                "INSERT INTO digest_lexemes(digest_lexemes) VALUES ('integrity-check')"
            )
    else:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(
                "EXPLAIN SELECT paper_id FROM digest_searchentry "
                "WHERE lexemes @@ %s::tsquery",
                [lookup.tree.tsquery],
            )
            plan = "\n".join(row[0] for row in cursor.fetchall())
        assert "search_entry_lexemes" in plan
