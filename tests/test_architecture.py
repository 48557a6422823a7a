"""The house keeps its shape: small files, whole mail templates, no third parties."""

import re
import subprocess
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[1]
LONGEST_FILE = 300


def tracked(*patterns: str) -> list[Path]:
    """Files under version control, or about to be, that match a pattern."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    paths = [ROOT / line for line in listed.stdout.splitlines()]
    return [path for path in paths if path.exists() and "migrations" not in path.parts]


def test_it_keeps_every_file_under_300_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked("*.py", "*.html", "*.css", "*.js")
        if (lines := len(path.read_text().splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_it_opens_every_module_of_more_than_a_line_with_its_promise() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in tracked("*.py")
        if path.read_text().strip() and '"""' not in path.read_text()[:300]
    ]
    assert silent == []


@pytest.mark.django_db
def test_it_has_a_migration_for_every_change_of_a_table() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_it_gives_every_mail_a_subject_and_a_text_part() -> None:
    mails = [
        path
        for path in tracked("templates/**/email/*.html")
        if not path.name.startswith("_")
    ]
    assert mails
    for path in mails:
        assert path.with_suffix(".txt").exists(), path
        assert path.with_suffix(".subject.txt").exists(), path


def test_it_asks_no_third_party_for_anything_on_a_page() -> None:
    loads = re.compile(r"(?:src|srcset)=\"(?:https?:)?//|url\((?:https?:)?//|@import")
    pages = tracked("templates/*.html", "templates/**/*.html", "*.css", "*.js")
    assert [str(path) for path in pages if loads.search(path.read_text())] == []


def test_it_has_no_script_or_style_inside_a_page() -> None:
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=\"|\son[a-z]+=\"", re.I)
    pages = [
        path
        for path in tracked("templates/*.html", "templates/**/*.html")
        if "email" not in path.parts
    ]
    assert [str(path) for path in pages if inline.search(path.read_text())] == []


def test_it_locks_dependencies_without_naming_a_registry() -> None:
    for path in tracked("requirements/*.txt"):
        text = path.read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text, path
