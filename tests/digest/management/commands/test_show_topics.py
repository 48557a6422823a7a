"""`manage.py show_topics`: a page a topic, from papers in a file."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
TITLES = (
    "Humanoid robots that learn robot manipulation",
    "Retrieval for question answering",
    "A note on nothing in particular",
)


def _row(number: int, title: str) -> str:
    return json.dumps(
        {
            "id": f"arxiv:2605.{number:05d}",
            "title": title,
            "abstract": f"{title}, with legged locomotion." if number == 1 else title,
            "authors": ["Ada Author"],
            "categories": ["cs.RO"],
            "date": "2026-05-20",
        }
    )


def run(tmp_path: Path, corpus: Path) -> subprocess.CompletedProcess[str]:
    """Run the command as on a new machine, into the folder "pages"."""
    return subprocess.run(
        [
            *(sys.executable, "manage.py", "show_topics", str(tmp_path / "pages")),
            *("--corpus", str(corpus)),
        ],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": f"sqlite:///{tmp_path / 'none.sqlite3'}",
            "VAR_DIR": str(tmp_path / "var"),
            "DJANGO_SETTINGS_MODULE": "config.settings.local",
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_page_says_what_a_topic_would_have_sent_and_why(tmp_path: Path) -> None:
    corpus = tmp_path / "papers.jsonl.gz"
    rows = [_row(number, title) for number, title in enumerate(TITLES, start=1)]
    corpus.write_bytes(gzip.compress("\n".join(rows).encode()))

    done = run(tmp_path, corpus)

    out = tmp_path / "pages"

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith("30 topics, ")
    page = (out / "robotics.md").read_text()
    assert TITLES[0] in page
    assert TITLES[2] not in page
    assert "*" in page
    assert "robotics.md" in (out / "README.md").read_text()


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    done = run(tmp_path, tmp_path / "nowhere.gz")

    assert done.returncode == 1
    assert "nowhere.gz" in done.stderr
    assert "Traceback" not in done.stderr
