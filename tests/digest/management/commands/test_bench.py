"""`manage.py bench`: what it measures, on which database, and what it says."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from digest.bench.ingest import BenchPaper, make_papers, measure, write_feeds
from digest.models import Announcement, Paper
from tests.factories import NOW

ROOT = Path(__file__).resolve().parents[4]
MATHS = {
    "id": "arxiv:2604.00001",
    "title": "On $a<b$ & c",
    "abstract": "We show $n<m$.",
    "authors": ["Ada Author"],
    "categories": ["math.CO"],
    "date": "2026-04-03",
}


@pytest.mark.django_db
def test_it_takes_every_paper_in_and_the_second_time_none() -> None:
    feeds = write_feeds(list(make_papers(2_010)), now=NOW)

    speed = measure(feeds, now=NOW)

    assert len(feeds) == 2
    assert (
        speed.papers == Paper.objects.count() == Announcement.objects.count() == 2_010
    )
    assert min(speed.feedparser_seconds, speed.first_seconds, speed.again_seconds) > 0


@pytest.mark.django_db
def test_it_writes_what_a_feed_would_say() -> None:
    said = BenchPaper("2604.00001", "On $a<b$ & c", "$n<m$", ("Ada Author",), ("x.Y",))

    measure(write_feeds([said], now=NOW), now=NOW)

    paper = Paper.objects.get()
    assert (paper.arxiv_id, paper.title, paper.abstract) == (
        said.bare_id,
        said.title,
        said.abstract,
    )
    assert (paper.author_names, paper.categories) == (["Ada Author"], ["x.Y"])


def test_it_runs_on_a_database_of_its_own_and_leaves_nothing(tmp_path: Path) -> None:
    corpus = tmp_path / "papers.jsonl.gz"
    corpus.write_bytes(gzip.compress(json.dumps(MATHS).encode()))
    usual = f"sqlite:///{tmp_path / 'none.sqlite3'}"
    done = subprocess.run(
        [sys.executable, "manage.py", "bench", "ingest", "--corpus", str(corpus)],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": os.environ.get("DATABASE_URL", usual),
            "VAR_DIR": str(tmp_path / "var"),
            "DJANGO_SETTINGS_MODULE": "config.settings.local",
            "TMPDIR": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=False,
    )

    lines = done.stdout.splitlines()
    assert lines[0].startswith("1 papers in 1 feeds on ")
    assert "of feedparser's speed (at least 0.5)" in lines[-1]
    # One paper cannot be read in half the time that a process takes to start.
    assert (done.returncode, lines[-1].partition(":")[0]) == (1, "Bounds broken")
    assert not (tmp_path / "none.sqlite3").exists()
    assert not list(tmp_path.glob("paperboy-bench-*"))


@pytest.mark.parametrize(
    "content",
    [b"no gzip", gzip.compress(b'{"id": 1}\n')],
    ids=["no gzip", "no paper"],
)
def test_a_file_that_is_no_list_of_papers_is_an_error(
    content: bytes, tmp_path: Path
) -> None:
    corpus = tmp_path / "papers.jsonl.gz"
    corpus.write_bytes(content)

    with pytest.raises(CommandError, match="no list of papers"):
        call_command("bench", "ingest", "--corpus", str(corpus))


@pytest.mark.parametrize(
    "arguments",
    [("ingest", "--papers", "0"), ("matching", "--topics", "0")],
    ids=["ingest", "matching"],
)
def test_nothing_cannot_be_measured(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match="nothing to measure"):
        call_command("bench", *arguments)
