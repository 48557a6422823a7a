"""`manage.py hostile`: what it counts, what it refuses, needing no database."""

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from digest.bench import hostile
from digest.models import Paper, Source
from tests.factories import NOW, make_source

ROOT = Path(__file__).resolve().parents[4]

GOOD = b"""<rss version="2.0"><channel><title>Notes</title>
<item><title>On &lt;b&gt;bold&lt;/b&gt; claims where $a&lt;b$</title>
<link>https://notes.example.org/1</link><guid>notes-1</guid></item></channel></rss>"""
ARXIV = b"""<rss version="2.0"><channel><title>cs.LG updates on arXiv.org</title>
<item><title>A study</title><link>https://arxiv.org/abs/2604.00001</link>
<guid>oai:arXiv.org:2604.00001v1</guid>
<description>We study &lt;b&gt;inference&lt;/b&gt; for $n&lt;m$.</description>
</item></channel></rss>"""
PAGE = b"<!doctype html><html><body>Sign in</body></html>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One feed, one arXiv feed with HTML in it, one page that is no feed."""
    place = tmp_path / "feeds"
    (place / "deep").mkdir(parents=True)
    (place / "deep" / "good.xml").write_bytes(GOOD)
    (place / "arxiv.xml").write_bytes(ARXIV)
    (place / "page.html").write_bytes(PAGE)
    return place


def run(place: Path, var: Path) -> list[str]:
    """Run the command as on a new machine: no table has been made yet."""
    done = subprocess.run(
        [sys.executable, "manage.py", "hostile", str(place)],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": f"sqlite:///{var / 'none.sqlite3'}",
            "VAR_DIR": str(var),
            "DJANGO_SETTINGS_MODULE": "config.settings.local",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_it_sums_up_and_makes_no_database(folder: Path, tmp_path: Path) -> None:
    lines = run(folder, tmp_path / "var")

    assert lines[-1] == (
        "3 files, 2 papers, 1 rejected, 0 crashes, 0 over 10 s, 0 tags in stored text."
    )
    assert any("web page" in line for line in lines[:-1])
    assert not (tmp_path / "var" / "none.sqlite3").exists()


def test_it_reads_a_tar_archive(folder: Path, tmp_path: Path) -> None:
    archive = tmp_path / "all.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(folder / "deep" / "good.xml", "good.xml")

    lines = run(archive, tmp_path / "var")

    assert lines[-1].startswith("1 files, 1 papers, 0 rejected")


def test_a_place_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nowhere"):
        call_command("hostile", str(tmp_path / "nowhere"))


def test_markup_in_a_stored_text_is_found() -> None:
    paper = Paper(title="On <b>bold</b> claims where $a<b$ and $x<y>z$")

    assert hostile.TAG.findall(paper.title) == ["<b>", "</b>"]


@pytest.mark.django_db
def test_an_exception_that_must_not_be_is_told_as_a_crash() -> None:
    make_source("hostile-file")  # the name that the run needs is taken

    result = next(hostile.run_files([("good.xml", GOOD)], now=NOW))

    assert result.crash.startswith("IntegrityError")
    assert Source.objects.get().slug == "hostile-file"
