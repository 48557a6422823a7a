"""The registry, and the process in which untrusted documents are read."""

from datetime import date

import pytest

from digest.sources import kinds, sandbox
from digest.sources.entry import NotAFeed, SourceError
from tests.digest.sources.feeds import ATOM, item, rss

TODAY = date(2026, 11, 23)
DAYS = [date(2026, 11, 20), date(2026, 11, 23)]


def test_arxiv_holds_the_present_announcement_alone() -> None:
    address = kinds.arxiv_address("cs.AI+cs.LG")

    assert address == "https://rss.arxiv.org/rss/cs.AI+cs.LG"
    assert kinds.KINDS["arxiv_rss"].urls_for_days(address, DAYS) == [address]


def test_hugging_face_is_asked_day_by_day() -> None:
    assert kinds.KINDS["hf_daily"].urls_for_days(kinds.HF_DAILY_ADDRESS, DAYS) == [
        "https://huggingface.co/api/daily_papers?date=2026-11-20",
        "https://huggingface.co/api/daily_papers?date=2026-11-23",
    ]


def test_the_sample_is_never_fetched() -> None:
    assert kinds.KINDS["sample"].urls_for_days("", DAYS) == []


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("arxiv_rss", ATOM),
        ("arxiv_rss", rss(item(creator="A B (X)"), item(title=""))),
        ("hf_daily", b'[{"paper": {"id": "2607.23193", "title": "T", "upvotes": 3}}]'),
        ("sample", b'{"papers": [{"id": "1", "title": "T", "days_ago": 2}]}'),
    ],
)
def test_the_sandbox_says_what_the_parser_says(kind: str, data: bytes) -> None:
    direct = kinds.KINDS[kind].parse(data, "", TODAY)

    assert sandbox.parse(kind, data, content_type="", today=TODAY) == direct
    assert direct.entries


def test_the_sandbox_passes_a_refusal_on() -> None:
    with pytest.raises(NotAFeed, match="web page"):
        sandbox.parse("arxiv_rss", b"<html></html>", content_type="", today=TODAY)


def test_a_document_that_eats_all_time_is_given_up() -> None:
    attributes = " ".join(f'a{number}="1"' for number in range(60_000))
    tangled = rss(item(more=f"<x {attributes}/>"))

    with pytest.raises(SourceError, match="too tangled"):
        sandbox.parse("arxiv_rss", tangled, content_type="", today=TODAY, cpu_seconds=1)
