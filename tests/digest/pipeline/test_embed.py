"""Papers get the vectors of the model in force, newest first, and keep no others."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from django.core.checks import run_checks
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from digest import meaning, tasks
from digest.models import PaperVector
from digest.pipeline import embed, reconcile
from tests.digest.meaning.checkpoints import DIMENSIONS, build
from tests.factories import NOW, TODAY, make_paper

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two models that differ in their weights."""
    root = tmp_path_factory.mktemp("models")
    for seed, name in enumerate(("one", "other")):
        build(root / name, seed=seed)
    return root / "one", root / "other"


@pytest.fixture(autouse=True)
def _model(models: tuple[Path, Path], settings: Settings) -> Iterator[None]:
    """The first model is in force."""
    settings.DIGEST_MODEL_DIR = str(models[0])
    yield
    embed._load.cache_clear()
    embed._encode_text.cache_clear()


def vectors_of(*paper_ids: int) -> embed.Vectors:
    """Stored vectors; there is a model."""
    vectors = embed.read_vectors(paper_ids)
    assert vectors is not None
    return vectors


def encode(*texts: str) -> embed.Vectors:
    """Vectors of topics' texts; there is a model."""
    vectors = embed.encode_texts(texts)
    assert vectors is not None
    return vectors


def key_of(folder: Path) -> str:
    """How the vectors of a model are marked."""
    return embed.model_key(meaning.load_encoder(folder))


def test_it_embeds_title_and_abstract_newest_first() -> None:
    days = [TODAY - timedelta(days=days) for days in (3, 0, 2)]
    papers = [make_paper(announced_on=day, abstract="sleep") for day in days]
    unannounced = make_paper(announced_on=None)

    assert embed.embed_papers(now=NOW, limit=2) == (papers[1].pk, papers[2].pk)
    assert embed.embed_papers(now=NOW) == (papers[0].pk, unannounced.pk)
    assert embed.embed_papers(now=NOW) == ()

    words = f"{papers[0].title}. sleep"
    assert np.allclose(vectors_of(papers[0].pk), encode(words), atol=1e-3)


def test_it_embeds_only_the_papers_it_is_told_to() -> None:
    papers = [make_paper() for _ in range(3)]

    done = embed.embed_papers(now=NOW, paper_ids=[papers[0].pk])

    assert done == (papers[0].pk,)


def test_it_leaves_out_papers_that_are_merged_into_another() -> None:
    kept = make_paper()
    make_paper(merged_into=kept)

    assert embed.embed_papers(now=NOW) == (kept.pk,)


def test_a_paper_whose_words_changed_is_embedded_again() -> None:
    paper = make_paper("Graph nets")
    embed.embed_papers(now=NOW)
    before = vectors_of(paper.pk)
    paper.title, paper.changed_at = "Sleep trials", LATER
    paper.save(update_fields=["title", "changed_at"])

    assert embed.embed_papers(now=LATER) == (paper.pk,)

    assert PaperVector.objects.count() == 1
    assert not np.array_equal(vectors_of(paper.pk), before)


def test_it_reads_rows_in_the_order_asked_and_zeros_for_none(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    first, second = make_paper("Graph"), make_paper("Sleep")
    embed.embed_papers(now=NOW)
    third = make_paper()

    with django_assert_num_queries(1):
        vectors = vectors_of(second.pk, third.pk, first.pk)

    assert vectors.dtype == np.float32
    assert vectors.shape == (3, DIMENSIONS)
    assert np.allclose(np.linalg.norm(vectors, axis=1), [1, 0, 1], atol=1e-3)
    assert np.array_equal(vectors[::2][::-1], vectors_of(first.pk, second.pk))
    assert np.shape(vectors_of()) == (0, DIMENSIONS)


def test_the_sweep_has_every_paper_embedded_without_being_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(embed, "BATCH", 2)
    papers = [make_paper() for _ in range(5)]
    assert embed.embed_papers(now=NOW) == (papers[4].pk, papers[3].pk)

    tasks.sweep()

    assert PaperVector.objects.count() == 5
    assert not reconcile.find_work(now=timezone.now()).has_papers_to_embed


def test_a_change_of_the_model_embeds_all_again_and_then_drops_the_old(
    models: tuple[Path, Path], settings: Settings
) -> None:
    papers = [make_paper().pk for _ in range(3)]
    tasks.embed_waiting()
    old = vectors_of(*papers)
    settings.DIGEST_MODEL_DIR = str(models[1])

    assert embed.has_waiting_papers()
    assert not np.any(vectors_of(*papers))
    embed.embed_papers(now=NOW, limit=2)
    assert embed.drop_superseded() == 0
    assert PaperVector.objects.filter(model=key_of(models[0])).count() == 3

    tasks.embed_waiting()

    assert set(PaperVector.objects.values_list("model", flat=True)) == {
        key_of(models[1])
    }
    assert PaperVector.objects.count() == 3
    assert not np.allclose(vectors_of(*papers), old, atol=0.01)
    assert not embed.has_waiting_papers()


def test_going_back_before_all_is_done_costs_nothing(
    models: tuple[Path, Path], settings: Settings
) -> None:
    make_paper()
    embed.embed_papers(now=NOW)
    settings.DIGEST_MODEL_DIR = str(models[1])
    embed.embed_papers(now=NOW)
    settings.DIGEST_MODEL_DIR = str(models[0])

    assert embed.embed_papers(now=NOW) == ()


def test_one_worker_embeds_at_a_time_and_a_lost_one_is_not_waited_for() -> None:
    assert embed.take_turn(now=NOW)
    assert not embed.take_turn(now=NOW + timedelta(minutes=1))
    assert embed.take_turn(now=NOW + embed.TURN_LASTS)

    embed.end_turn(now=LATER)

    assert embed.take_turn(now=LATER)


def test_a_task_that_finds_the_turn_taken_does_nothing() -> None:
    make_paper()
    embed.take_turn(now=timezone.now())

    tasks.embed_waiting()

    assert not PaperVector.objects.exists()


def test_without_a_model_nothing_is_embedded_or_asked_for(
    settings: Settings, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    settings.DIGEST_MODEL_DIR = ""
    paper = make_paper()

    with django_assert_num_queries(0):
        assert embed.embed_papers(now=NOW) == ()
        assert embed.read_vectors([paper.pk]) is None
        assert embed.encode_texts(["graph"]) is None
        assert not embed.has_waiting_papers()
        assert embed.drop_superseded() == 0


def test_a_model_that_breaks_later_is_logged_and_done_without(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.DIGEST_MODEL_DIR = str(tmp_path)

    assert embed.read_vectors([1]) is None
    assert embed.embed_papers(now=NOW) == ()

    assert len(caplog.records) == 1


def test_it_refuses_to_start_with_a_model_that_cannot_be_used(
    settings: Settings, tmp_path: Path
) -> None:
    def found() -> list[str]:
        return [error.msg for error in run_checks() if error.id == "digest.E002"]

    assert found() == []
    settings.DIGEST_MODEL_DIR = str(tmp_path)
    (message,) = found()
    assert "DIGEST_MODEL_DIR" in message
    assert "build_model" in message


def test_texts_of_topics_are_encoded_once() -> None:
    one, again = (encode("graph", "sleep") for _ in range(2))

    assert np.array_equal(one, again)
    assert np.shape(one) == (2, DIMENSIONS)
    assert np.shape(encode()) == (0, DIMENSIONS)
    assert embed._encode_text.cache_info().misses == 2
