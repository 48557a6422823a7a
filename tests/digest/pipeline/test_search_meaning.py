"""Search by meaning: offered where a model is, and ordered by its vectors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from digest import matching
from digest.models import Paper
from digest.pipeline import embed
from digest.pipeline.match import nearest, search
from digest.pipeline.match.search import Order
from tests.digest.meaning.checkpoints import build
from tests.factories import NOW, hide_paper, make_paper

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _model(tmp_path: Path, settings: Settings) -> Iterator[None]:
    """A small model is in force."""
    build(tmp_path / "model", seed=0)
    settings.DIGEST_MODEL_DIR = str(tmp_path / "model")
    yield
    embed._load.cache_clear()
    embed._encode_text.cache_clear()


def find(text: str) -> search.Found:
    """What a query finds by meaning."""
    return search.search_papers(matching.parse_query(text), Order.MEANING)


def titles(found: search.Found) -> set[str]:
    """Of the papers that were found."""
    return set(
        Paper.objects.filter(pk__in=found.paper_ids).values_list("title", flat=True)
    )


def test_the_nearest_of_all_papers_come_first_whatever_their_words() -> None:
    for text in ("sleep", "robots that sleep", "stars", "proteins and robots"):
        make_paper(text, abstract="wave")
    embed.embed_papers(now=NOW)
    make_paper("sleep late")
    search.index_papers()

    found = find("sleep")

    wanted, ids = embed.encode_texts(["sleep"]), list(found.paper_ids)
    vectors = embed.read_vectors(ids)
    assert wanted is not None
    assert vectors is not None
    nearness = (vectors @ wanted[0]).tolist()
    assert nearness == sorted(nearness, reverse=True)
    assert found.is_near
    assert titles(found) == {
        "sleep",
        "robots that sleep",
        "stars",
        "proteins and robots",
    }


def test_it_compares_all_papers_a_chunk_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(7):
        make_paper(f"wave {number} net", abstract="equation")
    embed.embed_papers(now=NOW)
    whole = find("sleep").paper_ids
    monkeypatch.setattr(nearest, "CHUNK", 2)

    assert find("sleep").paper_ids == whole

    monkeypatch.setattr(search, "MOST_NEAR", 3)
    assert find("sleep").paper_ids == whole[:3]


def test_the_nearest_of_several_ways_to_say_it_counts() -> None:
    for text in ("sleep", "graph", "equation"):
        make_paper(text, abstract="")
    embed.embed_papers(now=NOW)

    found = find("sleep OR graph")

    first = Paper.objects.filter(pk__in=found.paper_ids[:2])
    assert set(first.values_list("title", flat=True)) == {"sleep", "graph"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("sleep cat:cs", {"graph net", "sleep trial"}),
        ("sleep -trial", {"graph net", "wave"}),
        ("sleep title:wave", {"wave"}),
        ("sleep votes:3", {"wave"}),
        ('sleep author:"Cy Third"', {"graph net"}),
        ("sleep (cat:math OR votes:2)", {"wave"}),
    ],
)
def test_what_is_no_word_must_hold_of_what_is_near(
    client: Client, text: str, found: set[str]
) -> None:
    make_paper("graph net", categories=["cs.LG"], authors=["Cy Third"])
    make_paper("sleep trial", categories=["cs.LG"], authors=["Bo Third"])
    make_paper("wave", categories=["math.CO"], upvotes=1, reader_votes=2)
    embed.embed_papers(now=NOW)
    search.index_papers()

    page = client.get("/search/", {"q": text, "order": "meaning"}).content.decode()

    shown = {
        title
        for title in ("graph net", "sleep trial", "wave")
        if f"{title}</a>" in _plain(page)
    }
    assert shown == found
    assert "nearest in meaning." in page


def test_a_paper_that_is_hidden_or_merged_is_near_to_nothing() -> None:
    hidden, merged, kept = (make_paper(f"sleep {n}") for n in range(3))
    embed.embed_papers(now=NOW)
    hide_paper(hidden)
    Paper.objects.filter(pk=merged.pk).update(merged_into=kept)

    assert find("sleep").paper_ids == (kept.pk,)


def _plain(page: str) -> str:
    """The page without the marks of what matched."""
    return re.sub("</?mark>|</?strong>", "", page)


def test_what_has_no_words_is_ordered_by_date() -> None:
    paper = make_paper("sleep", categories=["cs.RO"])
    search.index_papers()

    found = search.search_papers(matching.parse_query("cat:cs"), Order.MEANING)

    assert found.paper_ids == (paper.pk,)


def test_the_page_offers_it(client: Client) -> None:
    text = client.get("/search/?q=sleep&order=meaning").content.decode()

    assert '<option value="meaning" selected>' in text
