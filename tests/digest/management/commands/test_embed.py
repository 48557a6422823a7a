"""The command embeds all there is and sums up; without a model it says so."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from digest.models import PaperVector
from digest.pipeline import embed
from tests.digest.meaning.checkpoints import build
from tests.factories import NOW, make_paper

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget_models() -> Iterator[None]:
    """A test's model lies in a folder that goes with the test."""
    yield
    embed._load.cache_clear()


def run() -> str:
    """What the command prints."""
    out = StringIO()
    call_command("embed", stdout=out)
    return out.getvalue().strip()


def test_it_embeds_all_papers_and_drops_what_another_model_made(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = build(tmp_path / "model").manifest.version
    settings.DIGEST_MODEL_DIR = str(tmp_path / "model")
    monkeypatch.setattr(embed, "BATCH", 2)
    papers = [make_paper() for _ in range(3)]
    PaperVector.objects.create(
        paper=papers[0], model="older", vector=b"", embedded_at=NOW
    )

    said = run()

    assert said == (
        f"3 papers embedded by model-source-int8, version {version}. "
        "Vectors of other models deleted: 1."
    )
    assert embed.count_waiting_papers() == 0
    assert PaperVector.objects.count() == 3
    assert run().startswith("0 papers embedded")


def test_without_a_model_it_says_so() -> None:
    with pytest.raises(CommandError, match="DIGEST_MODEL_DIR is ''"):
        run()
