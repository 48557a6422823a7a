"""Reading a judged collection, and what is said of a broken one."""

import gzip
from pathlib import Path

import pytest

from digest.bench.evaluate.collection import CollectionError, read_collection

DOCS = '{"id": "a", "title": "A", "text": "one"}\n{"id": 2, "title": "", "text": "b"}\n'
QUERIES = '{"id": "q", "text": "one"}\n{"id": "r", "text": "two"}\n'


def write(
    folder: Path, docs: str = DOCS, queries: str = QUERIES, qrels: str = ""
) -> Path:
    (folder / "docs.jsonl").write_text(docs)
    with gzip.open(folder / "queries.jsonl.gz", "wt") as file:
        file.write(queries)
    (folder / "qrels.tsv").write_text(qrels or "q\ta\t1\n")
    return folder


def test_it_reads_plain_and_packed_files_and_skips_a_heading(tmp_path: Path) -> None:
    qrels = "query\tdocument\tgrade\nq\ta\t2\nq\t2\t0\nq\tnone\t1\nx\ta\t1\n"
    found = read_collection(write(tmp_path, qrels=qrels))
    assert found.queries == ("one",)
    assert found.grades == ({0: 2.0, 1: 0.0},)
    assert found.wanted(0) == {0: 2.0}
    assert found.unknown == 2


@pytest.mark.parametrize(
    ("docs", "queries", "qrels", "complaint"),
    [
        ("{broken\n", QUERIES, "", "docs.jsonl, line 1 is no JSON"),
        ("[1]\n", QUERIES, "", "line 1 is no object"),
        (DOCS, '\n{"id": "q"}\n', "", "line 2 has no text"),
        (DOCS, QUERIES, "q a 1\n", "line 1 has not three columns"),
        (DOCS, QUERIES, "q\ta\t1\nq\ta\tgood\n", "line 2 has no number"),
        ("\n", QUERIES, "", "no documents"),
    ],
)
def test_it_says_which_line_is_wrong(
    tmp_path: Path, docs: str, queries: str, qrels: str, complaint: str
) -> None:
    with pytest.raises(CollectionError, match=complaint):
        read_collection(write(tmp_path, docs, queries, qrels))


def test_it_says_which_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match=r"no docs\.jsonl"):
        read_collection(tmp_path)
    with pytest.raises(CollectionError, match="no folder"):
        read_collection(tmp_path / "none")
