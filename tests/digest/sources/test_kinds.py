"""The registry, and the process in which untrusted documents are read."""

from datetime import date

import pytest

from digest.sources import kinds, sandbox
from digest.sources.entry import NotAFeed, SourceError
from tests.digest.sources.feeds import ATOM, item, rss
from tests.digest.sources.test_arxiv_api import answer as arxiv_answer
from tests.digest.sources.test_arxiv_oai import raw, records
from tests.digest.sources.test_crossref import answer as crossref_answer

TODAY = date(2026, 11, 23)
TOKEN = '<resumptionToken expirationDate="2026-11-24T00:00:00Z">x</resumptionToken>'
POSTING = b'{"collection": [{"doi": "10.1101/1", "title": "T", "published": "10.1/x"}]}'
EXPIRED = b'<OAI-PMH><error code="badResumptionToken"/></OAI-PMH>'
DAYS = [date(2026, 11, 20), date(2026, 11, 23)]
HF_DAILY = "https://huggingface.co/api/daily_papers"


def test_arxiv_holds_the_present_announcement_alone() -> None:
    address = "https://rss.arxiv.org/rss/cs.AI+cs.LG"

    assert kinds.KINDS["arxiv_rss"].urls_for_days(address, DAYS) == [address]


def test_hugging_face_is_asked_day_by_day() -> None:
    assert kinds.KINDS["hf_daily"].urls_for_days(HF_DAILY, DAYS) == [
        "https://huggingface.co/api/daily_papers?date=2026-11-20",
        "https://huggingface.co/api/daily_papers?date=2026-11-23",
    ]


def test_the_sample_is_never_fetched() -> None:
    assert kinds.KINDS["sample"].urls_for_days("", DAYS) == []


@pytest.mark.parametrize("kind", ["pubmed", "feed"])
def test_a_feed_is_asked_as_it_is(kind: str) -> None:
    address = "https://example.org/feed"

    assert kinds.KINDS[kind].urls_for_days(address, DAYS) == [address]
    assert kinds.KINDS[kind].urls_for_days(address, []) == []


@pytest.mark.parametrize("server", ["biorxiv", "medrxiv"])
def test_preprint_servers_are_told_apart(server: str) -> None:
    address = f"https://api.biorxiv.org/details/{server}"

    assert kinds.KINDS[server].urls_for_days(address, DAYS) == [
        f"https://api.biorxiv.org/details/{server}/2026-11-20/2026-11-23/0/json"
    ]
    [entry] = kinds.KINDS[server].parse(POSTING, "", TODAY).entries
    assert entry.url == f"https://www.{server}.org/content/10.1101/1"


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("https://rss.arxiv.org/atom/cs.AI", "arxiv_rss"),
        ("https://export.arxiv.org/api/query?search_query=all:x", "arxiv_api"),
        ("https://oaipmh.arxiv.org/oai?set=cs", "arxiv_oai"),
        (HF_DAILY, "hf_daily"),
        ("https://connect.biorxiv.org/biorxiv_xml.php?subject=all", "biorxiv"),
        ("https://api.biorxiv.org/details/medrxiv", "medrxiv"),
        ("https://pubmed.ncbi.nlm.nih.gov/rss/search/1x/?limit=15", "pubmed"),
        ("https://example.org/rss.arxiv.org/x", "feed"),
        ("http://[broken", "feed"),
        ("", "feed"),
    ],
)
def test_the_kind_is_told_by_the_address(address: str, kind: str) -> None:
    assert kinds.kind_of(address) == kind
    assert kind in kinds.KINDS


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("arxiv_rss", ATOM),
        ("arxiv_rss", rss(item(creator="A B (X)"), item(title=""))),
        ("hf_daily", b'[{"paper": {"id": "2607.23193", "title": "T", "upvotes": 3}}]'),
        ("arxiv_api", arxiv_answer("2401.00001v1", total=5)),
        ("arxiv_oai", records(raw(), token=TOKEN)),
        ("medrxiv", POSTING),
        ("feed", rss(item())),
        ("crossref", crossref_answer()),
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


def test_the_sandbox_passes_an_error_of_the_source_on() -> None:
    with pytest.raises(SourceError, match="start again"):
        sandbox.parse("arxiv_oai", EXPIRED, content_type="", today=TODAY)


def test_a_document_that_eats_all_time_is_given_up() -> None:
    tangled = rss(item(more="<x>" * 150_000))

    with pytest.raises(SourceError, match="too tangled"):
        sandbox.parse("arxiv_rss", tangled, content_type="", today=TODAY, cpu_seconds=1)
