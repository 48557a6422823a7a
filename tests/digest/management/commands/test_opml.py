"""`manage.py opml`: a list out, a list in, and what it says of each feed."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from digest.models import Source
from digest.sources.opml import OpmlFeed, write_opml
from tests.factories import make_source

pytestmark = pytest.mark.django_db

LIST = write_opml(
    [
        OpmlFeed("Robots", "https://rss.arxiv.org/rss/cs.RO"),
        OpmlFeed("At home", "http://localhost/feed"),
    ]
)


def run(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("opml", *arguments, stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A list of a feed that can be a source, and of one that cannot."""
    path = tmp_path / "feeds.opml"
    path.write_bytes(LIST)
    return path


def test_a_dry_run_says_what_would_be_made_and_makes_nothing(file: Path) -> None:
    robots, home, summary = run("import", str(file), "--dry-run")

    assert robots.split() == [
        *("new", "arxiv_rss", "https://rss.arxiv.org/rss/cs.RO", "Robots"),
    ]
    assert home.startswith("refused")
    assert home.endswith("At home: localhost is not a public address.")
    assert summary == "1 new, 0 known, 1 refused; nothing made."
    assert not Source.objects.exists()


def test_it_makes_the_new_ones_and_again_makes_nothing(file: Path) -> None:
    assert run("import", str(file))[-1] == "1 new, 0 known, 1 refused."
    assert run("import", str(file))[-1] == "0 new, 1 known, 1 refused."

    source = Source.objects.get()
    assert (source.slug, source.kind, source.is_active) == ("robots", "arxiv_rss", True)


def test_it_can_leave_them_switched_off(file: Path) -> None:
    run("import", str(file), "--inactive")

    assert not Source.objects.get().is_active


def test_what_it_exports_it_knows(file: Path) -> None:
    make_source(name="A", address="https://a.example.org/f")

    assert run("export", str(file)) == [f"1 source in {file}."]
    assert run("import", str(file), "--dry-run")[-1].startswith("0 new, 1 known")


@pytest.mark.parametrize("content", [b"<html></html>", None])
def test_what_cannot_be_read_is_an_error(content: bytes | None, file: Path) -> None:
    file.unlink()
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(CommandError):
        run("import", str(file))
