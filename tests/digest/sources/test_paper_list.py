"""The sample feed."""

import json
from datetime import date

import pytest

from digest.sources import paper_list
from digest.sources.entry import AnnounceType, Author, NotAFeed

TODAY = date(2026, 11, 23)  # a Monday


def test_it_dates_papers_back_from_today_weekends_included() -> None:
    paper = {
        "id": "sample-001",
        "title": "T",
        "abstract": "A",
        "authors": ["Sample Author A"],
        "categories": ["cs.RO"],
        "days_ago": 1,
        "announce_type": "cross",
        "upvotes": 7,
        "organisation": "Lab",
        "code_url": "https://example.org/code",
        "code_stars": 2,
    }

    parsed = paper_list.parse(
        json.dumps({"title": "Sample", "papers": [paper]}).encode(), today=TODAY
    )

    [entry] = parsed.entries
    assert (parsed.title, parsed.announced_on) == ("Sample", entry.announced_on)
    assert entry.announced_on == date(2026, 11, 22)
    assert (entry.guid, entry.arxiv_id) == ("sample-001", "")
    assert entry.url == ""
    assert entry.announce_type is AnnounceType.CROSS
    assert entry.authors == (Author("Sample Author A"),)
    assert entry.signals == {
        "upvotes": 7,
        "code_url": "https://example.org/code",
        "code_stars": 2,
    }


def test_a_bad_paper_fails_alone() -> None:
    papers = [{"id": "1"}, {"id": "2", "title": "T", "announce_type": "odd"}, 3]
    good = {"id": "4", "title": "T"}

    parsed = paper_list.parse(
        json.dumps({"papers": [*papers, good]}).encode(), today=TODAY
    )

    assert [entry.guid for entry in parsed.entries] == ["4"]
    assert len(parsed.problems) == 3


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"papers"])
def test_anything_else_is_no_list(body: bytes) -> None:
    with pytest.raises(NotAFeed):
        paper_list.parse(body, today=TODAY)
