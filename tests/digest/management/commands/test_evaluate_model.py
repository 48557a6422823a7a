"""`evaluate` has a second way where there is a model, and tells where it is broken."""

import gzip
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.digest.meaning.checkpoints import build

DOCUMENTS = {
    "1": ("Graph nets", "graph neural networks for molecules"),
    "2": ("", "sleep trials of shift workers"),
    "3": ("Waves", "wave equations and their waves"),
}


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """Three documents and one query."""
    folder = tmp_path / "small"
    folder.mkdir()
    write_lines(
        folder / "docs.jsonl.gz",
        *(
            {"id": key, "title": title, "text": text}
            for key, (title, text) in DOCUMENTS.items()
        ),
    )
    write_lines(folder / "queries.jsonl.gz", {"id": "q", "text": "graph networks"})
    (folder / "qrels.tsv").write_text("qid\tdocid\tgrade\nq\t1\t1\n")
    return folder


def write_lines(path: Path, *values: dict[str, str]) -> None:
    """Write values as lines of JSON, compressed."""
    with gzip.open(path, "wt") as file:
        file.writelines(json.dumps(value) + "\n" for value in values)


def run(*arguments: str | Path) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("evaluate", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_it_measures_by_words_alone_without_a_model(collection: Path) -> None:
    said = run(collection)

    assert "ours by words" in said
    assert "ours with meaning" not in said


def test_it_measures_with_a_model_beside(collection: Path, tmp_path: Path) -> None:
    build(tmp_path / "model")

    said = run(collection, "--model", tmp_path / "model")

    assert "ours by words" in said
    assert "ours with meaning" in said.splitlines()[-1]


def test_it_says_why_a_model_cannot_be_used(collection: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is no model of Paperboy"):
        run(collection, "--model", tmp_path)
