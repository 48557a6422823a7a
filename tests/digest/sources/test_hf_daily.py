"""Hugging Face's daily list."""

import json
from datetime import date
from typing import Any

import pytest

from digest.sources import hf_daily
from digest.sources.entry import Author, NotAFeed

PAPER: dict[str, Any] = {
    "id": "2607.23193",
    "authors": [{"name": "A B", "hidden": False}, {"name": "Gone", "hidden": True}],
    "publishedAt": "2026-07-28T00:00:00.000Z",
    "submittedOnDailyAt": "2026-07-31T00:00:00.000Z",
    "title": "On $a<b$",
    "summary": "First.\nSecond.",
    "upvotes": 3,
    "submittedOnDailyBy": {"fullname": "Sam S", "name": "sam"},
    "githubRepo": "https://github.com/x/y",
    "githubStars": 5,
    "projectPage": "javascript:alert(1)",
    "ai_keywords": ["tokens", "", 7],
}
ITEM: dict[str, Any] = {
    "paper": PAPER,
    "numComments": 2,
    "organization": {"name": "lab", "fullname": "The Lab"},
}


def as_bytes(*items: object) -> bytes:
    """The answer that holds these items."""
    return json.dumps(items).encode()


def test_it_reads_a_paper_with_its_signals() -> None:
    parsed = hf_daily.parse(as_bytes(ITEM))

    [entry] = parsed.entries
    assert parsed.announced_on == entry.announced_on == date(2026, 7, 31)
    assert (entry.arxiv_id, entry.version) == ("2607.23193", 0)
    assert entry.url == "https://arxiv.org/abs/2607.23193"
    assert entry.title == "On $a<b$"
    assert entry.abstract == "First. Second."
    assert entry.authors == (Author("A B"),)
    assert entry.organisation == "The Lab"
    assert entry.is_withdrawn is False
    assert entry.signals == {
        "upvotes": 3,
        "comments": 2,
        "code_url": "https://github.com/x/y",
        "code_stars": 5,
        "keywords": ["tokens"],
        "submitted_by": "Sam S",
    }


def test_it_falls_back_where_the_list_is_sparse() -> None:
    paper = {"id": "2607.23193", "publishedAt": "2026-07-28T00:00:00.000Z"}
    item = {
        "title": "Outer",
        "summary": "Text",
        "paper": paper,
        "organization": {"name": "lab"},
    }

    [entry] = hf_daily.parse(as_bytes(item)).entries

    assert (entry.title, entry.abstract, entry.organisation) == ("Outer", "Text", "lab")
    assert entry.announced_on == date(2026, 7, 28)
    assert entry.signals == {"upvotes": 0, "comments": 0}


def test_a_withdrawn_paper_is_marked() -> None:
    item = {"paper": PAPER | {"withdrawnAt": "2026-08-01T00:00:00.000Z"}}

    assert hf_daily.parse(as_bytes(item)).entries[0].is_withdrawn is True


@pytest.mark.parametrize(
    "bad",
    [
        None,
        [],
        "x",
        {},
        {"paper": None},
        {"paper": {"id": 7, "title": "T"}},
        {"paper": {"id": "2607.00001"}},
    ],
)
def test_one_bad_item_fails_alone(bad: object) -> None:
    parsed = hf_daily.parse(as_bytes(bad, ITEM))

    assert [entry.arxiv_id for entry in parsed.entries] == ["2607.23193"]
    assert len(parsed.problems) == 1


@pytest.mark.parametrize("value", [-4, True, 1.5, "9", None, 10**30])
def test_a_count_is_never_nonsense(value: object) -> None:
    [entry] = hf_daily.parse(as_bytes({"paper": PAPER | {"upvotes": value}})).entries

    upvotes = entry.signals["upvotes"]
    assert isinstance(upvotes, int)
    assert 0 <= upvotes < 2**31


def test_a_day_without_papers_is_no_error() -> None:
    assert hf_daily.parse(b"[]").entries == ()


def test_a_full_page_is_reported() -> None:
    items = [{"paper": PAPER | {"id": f"2607.{number:05}"}} for number in range(50)]

    assert "there may be more" in hf_daily.parse(as_bytes(*items)).problems[-1]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b'{"error": "Bad date"}',
        b"[" * 100_000,
        b"\xff\xfe\xff",
        b"[1" + b"1" * 9999,
    ],
)
def test_anything_else_is_no_list(body: bytes) -> None:
    with pytest.raises(NotAFeed):
        hf_daily.parse(body)


ADDRESS = "https://huggingface.co/api/daily_papers"
OVER_NEW_YEAR = [date(2026, 12, 27), date(2026, 12, 28), date(2027, 1, 1)]


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("", ["date=2026-12-27", "date=2026-12-28", "date=2027-01-01"]),
        ("limit=100", [f"limit=100&date={day}" for day in OVER_NEW_YEAR]),
        ("week=current", ["week=2026-W52", "week=2026-W53"]),
        (
            "month=current&limit=100",
            ["month=2026-12&limit=100", "month=2027-01&limit=100"],
        ),
        ("sort=trending", ["sort=trending"]),
        ("week=2026-W15", ["week=2026-W15"]),
        ("month=2026-04", ["month=2026-04"]),
        ("date=2026-04-01", ["date=2026-04-01"]),
    ],
)
def test_a_list_is_asked_for_what_its_address_names(
    query: str, asked: list[str]
) -> None:
    address = f"{ADDRESS}?{query}" if query else ADDRESS

    urls = hf_daily.urls_for_days(address, OVER_NEW_YEAR)

    assert urls == [f"{ADDRESS}?{page}" for page in asked]
    assert hf_daily.urls_for_days(address, []) == []


def test_a_trending_list_dates_each_paper_by_the_day_it_was_listed() -> None:
    older = PAPER | {"id": "2607.00001", "submittedOnDailyAt": "2026-07-20T00:00:00Z"}

    entries = hf_daily.parse(as_bytes(ITEM, {"paper": older})).entries

    days = [entry.announced_on for entry in entries]
    assert days == [date(2026, 7, 31), date(2026, 7, 20)]
