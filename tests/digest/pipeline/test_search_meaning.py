"""Search by meaning: offered where a model is, and ordered by its vectors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from digest import matching
from digest.models import Paper
from digest.pipeline import embed
from digest.pipeline.match import search
from digest.pipeline.match.search import Order
from tests.digest.meaning.checkpoints import build
from tests.factories import NOW, make_paper

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _model(tmp_path: Path, settings: Settings) -> Iterator[None]:
    """A small model is in force."""
    build(tmp_path / "model", seed=0)
    settings.DIGEST_MODEL_DIR = str(tmp_path / "model")
    yield
    embed._load.cache_clear()
    embed._encode_text.cache_clear()


def test_the_nearest_come_first_and_no_vector_is_near_to_nothing() -> None:
    for text in ("sleep", "robots that sleep", "stars", "proteins and robots"):
        make_paper(text, abstract="sleep")
    embed.embed_papers(now=NOW)
    late = make_paper("sleep late", abstract="sleep")
    search.index_papers()

    found = search.search_papers(matching.parse_query("sleep"), Order.MEANING)

    wanted, ids = embed.encode_texts(["sleep"]), list(found.paper_ids)
    vectors = embed.read_vectors(ids)
    assert wanted is not None
    assert vectors is not None
    nearness = (vectors @ wanted[0]).tolist()
    assert nearness == sorted(nearness, reverse=True)
    assert sorted(ids) == sorted(Paper.objects.values_list("pk", flat=True))
    assert nearness[ids.index(late.pk)] == 0


def test_what_has_no_words_is_ordered_by_date() -> None:
    paper = make_paper("sleep", categories=["cs.RO"])
    search.index_papers()

    found = search.search_papers(matching.parse_query("cat:cs"), Order.MEANING)

    assert found.paper_ids == (paper.pk,)


def test_the_page_offers_it(client: Client) -> None:
    text = client.get("/search/?q=sleep&order=meaning").content.decode()

    assert '<option value="meaning" selected>' in text
