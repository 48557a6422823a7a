"""`manage.py check_source`: what an address would give, and why it would not."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from digest.models import Paper, Source
from tests.digest.sources.servers import serving

pytestmark = pytest.mark.django_db

FEED = b"""<rss version="2.0"><channel><title>Notes</title>
<item><title>On sleep</title><link>https://notes.example.org/1</link>
<guid>notes-1</guid><author>Ann, Ben, Cat, Dan</author>
<description>Why we do.</description></item>
<item><title>On waking</title><link>https://notes.example.org/2</link></item>
</channel></rss>"""
PAGE = b"""<!doctype html><html><head><title>Notes</title>
<link rel="alternate" type="application/rss+xml" title="All"
href="https://notes.example.org/feed">
</head><body>Welcome</body></html>"""


@pytest.fixture(autouse=True)
def on_loopback(settings: Any) -> None:
    """Let the command ask the test's own server."""
    settings.DIGEST_FETCH_ALLOW_PRIVATE = True


def run(url: str) -> list[str]:
    out = StringIO()
    call_command("check_source", url, stdout=out)
    return out.getvalue().splitlines()


def test_it_shows_the_papers_and_writes_nothing() -> None:
    with serving({"/feed": (200, {}, FEED)}) as server:
        lines = run(f"{server.url}/feed")

    assert lines[0] == "Notes, read as feed"
    assert "- On sleep" in lines
    assert "  https://notes.example.org/1" in lines
    assert lines[-1] == "2 papers, 1 without an abstract."
    assert not Paper.objects.exists()
    assert not Source.objects.exists()


def test_a_web_page_is_told_with_the_feeds_that_it_names() -> None:
    with serving({"/": (200, {}, PAGE)}) as server:
        lines = run(f"{server.url}/")

    assert lines[0].startswith("This is a web page")
    assert lines[1] == "  https://notes.example.org/feed  (rss) All"


def test_a_feed_that_moved_for_good_is_told_with_its_new_address() -> None:
    answers = {"/old": (301, {"Location": "/feed"}, b""), "/feed": (200, {}, FEED)}
    with serving({**answers}) as server:
        lines = run(f"{server.url}/old")

        assert lines[0].endswith(f"{server.url}/feed")
        assert lines[-1].startswith("2 papers")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((404, {}, b""), "answered 404"),
        ((200, {}, b"<!doctype html><html><body>Hi</body></html>"), "a web page"),
        ((200, {}, b""), "empty"),
    ],
)
def test_an_address_that_could_not_be_a_source_is_an_error(
    answer: Any, words: str
) -> None:
    with (
        serving({"/": answer}) as server,
        pytest.raises(CommandError, match=words),
    ):
        run(f"{server.url}/")


def test_an_address_that_may_not_be_fetched_is_an_error(settings: Any) -> None:
    settings.DIGEST_FETCH_ALLOW_PRIVATE = False

    with pytest.raises(CommandError, match="not a public address"):
        run("http://127.0.0.1/feed")
