"""bioRxiv and medRxiv: the feed and the details API."""

import json
from datetime import date
from typing import Any

import pytest

from digest.sources import biorxiv
from digest.sources.entry import AnnounceType, Author, NotAFeed, Parsed, SourceError

TODAY = date(2026, 7, 2)

FEED = """<rdf:RDF xmlns="http://purl.org/rss/1.0/"
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:prism="http://purl.org/rss/1.0/modules/prism/">
<channel rdf:about="http://biorxiv.org"><title>bioRxiv Subject Collection: X</title>
<link>http://biorxiv.org</link></channel>
<item rdf:about="http://biorxiv.org/cgi/content/short/2026.06.01.123456v2?rss=1">
<title><![CDATA[ Growth of <i>E. coli</i> with $a<b$ ]]></title>
<link> http://biorxiv.org/cgi/content/short/2026.06.01.123456v2?rss=1 </link>
<description><![CDATA[ At 10<sup>-3</sup> M, p < 0.05. ]]></description>
<dc:creator><![CDATA[ Doe, J., Roe-Smith, R. J. ]]></dc:creator>
<dc:date>2026-06-30</dc:date>
<dc:identifier>doi:10.64898/2026.06.01.123456</dc:identifier>
<prism:section>Plant Biology</prism:section></item></rdf:RDF>"""


def record(**changes: Any) -> dict[str, Any]:
    """One record of the API; name what differs from the usual one."""
    usual = {
        "doi": "10.64898/2026.06.01.123456",
        "title": "A title",
        "authors": "Smith, J.; Doe, A. B.;",
        "author_corresponding": "Anna B. Doe",
        "author_corresponding_institution": "Inst X",
        "date": "2026-6-30",
        "version": "1",
        "type": "new results",
        "license": "cc_by_nc",
        "category": "Plant Biology",
        "abstract": "We show things.",
        "published": "NA",
        "server": "bioRxiv",
    }
    return usual | changes


def details(*records: Any, **message: Any) -> bytes:
    """One page of the API."""
    stated = {"status": "ok", "interval": "2026-6-29:2026-07-01", "cursor": 0}
    return json.dumps(
        {"messages": [stated | message], "collection": list(records)}
    ).encode()


def parse(data: bytes, server: str = "biorxiv") -> Parsed:
    """What the parser says about it today."""
    return biorxiv.parse(data, server=server, today=TODAY)


def test_it_reads_the_feed() -> None:
    parsed = parse(FEED.encode())

    [entry] = parsed.entries
    assert parsed.title == "bioRxiv Subject Collection: X"
    assert entry.title == "Growth of E. coli with $a<b$"
    assert entry.abstract == "At 10⁻³ M, p < 0.05."
    assert entry.authors == (Author("J. Doe"), Author("R. J. Roe-Smith"))
    assert entry.doi == "10.64898/2026.06.01.123456"
    assert (entry.version, entry.announce_type) == (2, AnnounceType.REPLACE)
    assert entry.announced_on == date(2026, 6, 30)
    assert entry.categories == ("plant biology",)
    assert entry.url == ("https://www.biorxiv.org/content/10.64898/2026.06.01.123456v2")


def test_it_reads_a_record_of_the_api() -> None:
    [entry] = parse(details(record()), server="medrxiv").entries

    assert entry.authors == (Author("J. Smith"), Author("A. B. Doe", "Inst X"))
    assert entry.announced_on == date(2026, 6, 30)
    assert (entry.version, entry.announce_type) == (1, AnnounceType.NEW)
    assert entry.categories == ("plant biology",)
    assert entry.license_url == "https://creativecommons.org/licenses/by-nc/4.0/"
    assert entry.url.startswith("https://www.medrxiv.org/content/10.64898/")
    assert (entry.published_doi, entry.is_withdrawn) == ("", False)


def test_each_version_is_an_entry_of_one_work() -> None:
    first, second = parse(details(record(), record(version=2))).entries

    assert first.guid == second.guid
    assert [first.version, second.version] == [1, 2]
    assert second.announce_type is AnnounceType.REPLACE


def test_the_older_doi_prefix_is_read_alike() -> None:
    [entry] = parse(details(record(doi="10.1101/2024.01.01.123456"))).entries

    assert entry.doi == "10.1101/2024.01.01.123456"


def test_the_doi_of_the_journal_is_kept() -> None:
    [entry] = parse(details(record(published="10.1038/S41586-026-1"))).entries

    assert entry.published_doi == "10.1038/s41586-026-1"


@pytest.mark.parametrize(
    "changes", [{"type": "withdrawn"}, {"title": "WITHDRAWN: A title"}]
)
def test_a_withdrawal_is_noticed(changes: dict[str, str]) -> None:
    assert parse(details(record(**changes))).entries[0].is_withdrawn


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("cc0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("CC_BY", "https://creativecommons.org/licenses/by/4.0/"),
        ("cc_no_reuse", ""),
        ("", ""),
    ],
)
def test_the_licence_is_linked(name: str, url: str) -> None:
    assert parse(details(record(license=name))).entries[0].license_url == url


def test_a_day_to_come_is_today_and_a_bad_one_none() -> None:
    first, second = parse(
        details(record(date="2026-12-31"), record(version=2, date="soon"))
    ).entries

    assert (first.announced_on, second.announced_on) == (TODAY, None)


@pytest.mark.parametrize("total", [250, "250"])
def test_the_next_page_begins_behind_what_came(total: int | str) -> None:
    parsed = parse(details(record(), record(version=2), cursor=100, total=total))

    assert parsed.next_url == (
        "https://api.biorxiv.org/details/biorxiv/2026-06-29/2026-07-01/102/json"
    )


def test_the_last_page_leads_nowhere() -> None:
    assert parse(details(record(), total=1)).next_url == ""


def test_an_empty_page_in_the_middle_is_an_error() -> None:
    with pytest.raises(SourceError, match="empty page at 100 of 250"):
        parse(details(cursor=100, total=250))


def test_more_postings_without_their_days_are_an_error() -> None:
    with pytest.raises(SourceError, match="does not say of what"):
        parse(details(record(), total=250, interval="2d"))


def test_a_day_without_postings_is_no_error() -> None:
    assert parse(details(status="no posts found")).entries == ()


def test_an_error_of_the_api_is_told() -> None:
    with pytest.raises(SourceError, match="invalid server"):
        parse(details(status="invalid server"))


@pytest.mark.parametrize(
    "bad", [record(doi="none"), record(title=""), {}, None, [], "x", {"doi": 3}]
)
def test_a_bad_record_fails_alone(bad: Any) -> None:
    parsed = parse(details(bad, record()))

    assert len(parsed.entries) == len(parsed.problems) == 1


def test_a_feed_of_another_kind_is_not_a_day_without_papers() -> None:
    feed = FEED.replace("doi:10.64898/2026.06.01.123456", "")

    with pytest.raises(NotAFeed, match="None of the 1 entries"):
        parse(feed.encode())


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b'{"collection": 3}', b"<html/>", b"{"]
)
def test_anything_else_is_no_answer(data: bytes) -> None:
    with pytest.raises(NotAFeed):
        parse(data)


def test_a_feed_is_asked_as_it_is_and_the_api_for_its_days() -> None:
    days = [date(2026, 6, 30), date(2026, 7, 1)]
    feed = biorxiv.feed_url("medrxiv", "infectious diseases")

    assert feed == (
        "https://connect.medrxiv.org/medrxiv_xml.php?subject=infectious_diseases"
    )
    assert biorxiv.urls_for_days("medrxiv", feed, days) == [feed]
    assert biorxiv.urls_for_days(
        "medrxiv", "https://api.biorxiv.org/details/medrxiv", days
    ) == ["https://api.biorxiv.org/details/medrxiv/2026-06-30/2026-07-01/0/json"]
    assert biorxiv.urls_for_days("medrxiv", feed, []) == []
