"""`evaluate` from the folder to the last line, on two small made-up collections."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

SUBJECTS = {
    "robots": ("robot gripper torque", "stars galaxy redshift"),
    "genes": ("gene protein enzyme", "virus vaccine antibody"),
}


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    """Two folders of two subjects each; 24 papers answer each query."""
    made = []
    for name, subjects in SUBJECTS.items():
        folder = tmp_path / name
        folder.mkdir()
        docs, qrels = [], []
        for subject, words in enumerate(subjects):
            for number in range(24):
                key = f"{subject}-{number}"
                first, *others = words.split()
                text = f"We study {first} with {' and '.join(others)} in case {number}."
                docs.append({"id": key, "title": f"On the {first}", "text": text})
                qrels.append(f"{subject}\t{key}\t1")
        queries = [{"id": n, "text": words} for n, words in enumerate(subjects)]
        (folder / "docs.jsonl").write_text("\n".join(map(json.dumps, docs)))
        (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)))
        (folder / "qrels.tsv").write_text("\n".join(qrels))
        made.append(folder)
    return made


def evaluate(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("evaluate", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_it_measures_all_and_sums_up_in_the_last_line(folders: list[Path]) -> None:
    lines = evaluate(*map(str, folders), "--seed", "3")
    text = "\n".join(lines)
    for name in ("BM25", "ours by words", "SVM on examples", "topic + examples"):
        assert name in text
    assert "with 20 liked" in text
    assert "foreign topic" in text
    assert lines[-1].startswith("2 collections: ours by words +0.0")
    assert lines == evaluate(*map(str, folders), "--seed", "3")


def test_it_measures_one_collection_on_its_judged_documents(
    folders: list[Path],
) -> None:
    lines = evaluate(str(folders[0]), "--judged-only")
    assert lines[-1].startswith("1 collections: ours by words +0.000 nDCG@10")


def test_it_refuses_a_folder_that_is_none_or_given_twice(folders: list[Path]) -> None:
    with pytest.raises(CommandError, match="no folder"):
        evaluate(str(folders[0] / "none"))
    with pytest.raises(CommandError, match="given twice"):
        evaluate(str(folders[0]), str(folders[0]))
