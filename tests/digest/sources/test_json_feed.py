"""JSON Feed, both versions."""

import json
from datetime import date
from typing import Any

import pytest

from digest.sources import generic
from digest.sources.entry import Author, NotAFeed, Parsed

TODAY = date(2026, 7, 2)


def parse(*items: Any, version: str = "1.1") -> Parsed:
    """What the parser says about a feed with these items."""
    document = {
        "version": f"https://jsonfeed.org/version/{version}",
        "title": "A <b>Journal</b>",
        "home_page_url": "https://example.org/",
        "items": list(items),
    }
    return generic.parse(b"\xef\xbb\xbf" + json.dumps(document).encode(), today=TODAY)


def test_it_reads_an_item() -> None:
    parsed = parse(
        {
            "id": "https://doi.org/10.1000/ABC",
            "url": "/p/1",
            "title": "On $a<b$",
            "content_html": "<p>We show &amp; tell.</p>",
            "summary": "We show",
            "date_published": "2026-06-30T10:00:00+02:00",
            "authors": [{"name": "Jane Doe"}, {"name": "<i>Bob</i>"}],
            "tags": ["botany", 3],
        }
    )

    [entry] = parsed.entries
    assert parsed.title == "A Journal"
    assert entry.title == "On $a<b$"
    assert entry.url == "https://example.org/p/1"
    assert entry.doi == "10.1000/abc"
    assert entry.abstract == "We show & tell."
    assert entry.authors == (Author("Jane Doe"), Author("Bob"))
    assert entry.categories == ("botany",)
    assert entry.announced_on == date(2026, 6, 30)


def test_it_reads_version_1_with_a_number_as_id() -> None:
    [entry] = parse(
        {
            "id": 17,
            "external_url": "https://example.org/p/2",
            "content_text": "if $a<b$ then",
            "author": {"name": "Jane Doe"},
            "date_modified": "2036-01-01",
        },
        version="1",
    ).entries

    assert (entry.guid, entry.url) == ("17", "https://example.org/p/2")
    assert entry.title == entry.title == "if $a<b$ then"
    assert entry.authors == (Author("Jane Doe"),)
    assert entry.announced_on == TODAY


@pytest.mark.parametrize("bad", [None, [], "x", {}, {"id": True}, {"title": 3}])
def test_a_bad_item_fails_alone(bad: Any) -> None:
    parsed = parse(bad, {"id": "1", "title": "T"})

    assert [entry.title for entry in parsed.entries] == ["T"]
    assert len(parsed.problems) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"{}",
        b"[]",
        b"{",
        b'{"version": "https://jsonfeed.org/version/1", "items": {}}',
        b'{"version": "https://evil.example/version/1", "items": []}',
        b"[" * 100_000,
    ],
)
def test_other_json_is_no_feed(data: bytes) -> None:
    with pytest.raises(NotAFeed):
        generic.parse(data, today=TODAY)
