"""arXiv's OAI-PMH: records, versions, pages and errors."""

from datetime import UTC, date, datetime

import pytest

from digest.sources import arxiv_oai
from digest.sources.entry import AnnounceType, Author, NotAFeed, SourceError

RAW = """<record><header><identifier>oai:arXiv.org:2401.00001</identifier>
<datestamp>{datestamp}</datestamp><setSpec>cs:cs:AI</setSpec></header><metadata>
<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>2401.00001</id>
<submitter>A B</submitter>{versions}
<title>On $a&lt;b$</title><authors>A B (Inst X, City), C D</authors>
<categories>cs.AI math.OC</categories><comments>12 pages</comments>
<journal-ref>J. of X 7</journal-ref><doi>10.1000/x</doi>
<license>http://creativecommons.org/licenses/by/4.0/</license>
<abstract>  We show
things.
</abstract></arXivRaw></metadata></record>"""
VERSION = (
    """<version version="v{number}"><date>{date}</date><size>9kb</size></version>"""
)
PARTED = """<record><header><identifier>oai:arXiv.org:0704.0002</identifier>
<datestamp>2007-04-02</datestamp></header><metadata>
<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>0704.0002</id>
<created>2007-03-30</created>{updated}<authors>
<author><keyname>Doe</keyname><forenames>Jane Q.</forenames><suffix>Jr</suffix>
<affiliation>Inst X</affiliation></author>
<author><keyname>ATLAS</keyname></author></authors><title>T</title>
<categories>math.CO</categories><abstract>A</abstract></arXiv></metadata></record>"""
DELETED = """<record><header status="deleted"><identifier>oai:arXiv.org:2401.00009
</identifier><datestamp>2024-01-02</datestamp></header></record>"""
FIRST = VERSION.format(number=1, date="Mon, 1 Jan 2024 19:18:42 GMT")


def answer(inside: str) -> bytes:
    """An OAI-PMH document that holds this."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">
<responseDate>2024-01-03T00:00:00Z</responseDate>
<request verb="ListRecords">https://oaipmh.arxiv.org/oai</request>
{inside}</OAI-PMH>""".encode()


def records(*inside: str, token: str = "") -> bytes:
    """A page of records."""
    return answer(f"<ListRecords>{''.join(inside)}{token}</ListRecords>")


def raw(versions: str = FIRST, datestamp: str = "2024-01-02") -> str:
    """A record in the format arXivRaw."""
    return RAW.format(versions=versions, datestamp=datestamp)


def test_it_reads_a_raw_record() -> None:
    [entry] = arxiv_oai.parse(records(raw())).entries

    assert (entry.arxiv_id, entry.version) == ("2401.00001", 1)
    assert entry.title == "On $a<b$"
    assert entry.abstract == "We show things."
    assert entry.authors == (Author("A B", "Inst X, City"), Author("C D"))
    assert entry.categories == ("cs.AI", "math.OC")
    assert entry.announced_on == date(2024, 1, 2)
    assert entry.announce_type is AnnounceType.NEW
    assert (entry.doi, entry.journal_ref) == ("10.1000/x", "J. of X 7")
    assert entry.comment == "12 pages"
    assert entry.license_url == "http://creativecommons.org/licenses/by/4.0/"


def test_the_last_version_counts() -> None:
    versions = FIRST + VERSION.format(number=2, date="Tue, 2 Jan 2024 19:18:42 GMT")

    [entry] = arxiv_oai.parse(records(raw(versions))).entries

    assert entry.version == 2
    assert entry.announce_type is AnnounceType.REPLACE


def test_an_old_paper_whose_record_changed_is_not_new() -> None:
    [entry] = arxiv_oai.parse(records(raw(datestamp="2026-01-02"))).entries

    assert entry.announce_type is AnnounceType.REPLACE


def test_a_paper_that_moderators_held_back_is_new() -> None:
    [entry] = arxiv_oai.parse(records(raw(datestamp="2024-02-15"))).entries

    assert entry.announce_type is AnnounceType.NEW


@pytest.mark.parametrize(
    ("updated", "announced"),
    [
        ("", AnnounceType.NEW),
        ("<updated>2007-04-01</updated>", AnnounceType.REPLACE),
    ],
)
def test_it_reads_authors_apart(updated: str, announced: AnnounceType) -> None:
    [entry] = arxiv_oai.parse(records(PARTED.format(updated=updated))).entries

    assert entry.authors == (Author("Jane Q. Doe Jr", "Inst X"), Author("ATLAS"))
    assert entry.version == 0
    assert entry.announce_type is announced


def test_a_deleted_record_is_named_and_left_out() -> None:
    parsed = arxiv_oai.parse(records(raw(), DELETED))

    assert len(parsed.entries) == 1
    assert parsed.problems == ("arXiv deleted 1 records: oai:arXiv.org:2401.00009.",)


def test_a_record_without_an_id_fails_alone() -> None:
    parsed = arxiv_oai.parse(
        records(raw(), raw().replace("<id>2401.00001</id>", "<id>x</id>"))
    )

    assert len(parsed.entries) == 1
    assert "oai:arXiv.org:2401.00001" in parsed.problems[0]


def test_the_token_leads_to_the_next_page() -> None:
    token = (
        '<resumptionToken expirationDate="2024-01-04T00:00:00Z" cursor="0">'
        "11148|10 01</resumptionToken>"
    )

    parsed = arxiv_oai.parse(records(raw(), token=token))

    assert parsed.next_url == (
        "https://oaipmh.arxiv.org/oai?verb=ListRecords&resumptionToken=11148%7C10+01"
    )
    assert parsed.next_url_expires_at == datetime(2024, 1, 4, tzinfo=UTC)


@pytest.mark.parametrize("token", ["", "<resumptionToken/>"])
def test_the_last_page_leads_nowhere(token: str) -> None:
    parsed = arxiv_oai.parse(records(raw(), token=token))

    assert (parsed.next_url, parsed.next_url_expires_at) == ("", None)


def test_a_token_without_a_believable_end_is_used() -> None:
    token = '<resumptionToken expirationDate="soon">x</resumptionToken>'

    parsed = arxiv_oai.parse(records(token=token))

    assert parsed.next_url.endswith("=x")
    assert parsed.next_url_expires_at is None


def test_an_endless_token_is_refused() -> None:
    token = f"<resumptionToken>{'x' * 5_000}</resumptionToken>"

    with pytest.raises(SourceError, match="impossible address"):
        arxiv_oai.parse(records(token=token))


def test_nothing_new_is_no_error() -> None:
    parsed = arxiv_oai.parse(answer('<error code="noRecordsMatch">none</error>'))

    assert (parsed.entries, parsed.problems) == ((), ())


def test_a_token_that_ended_says_to_start_again() -> None:
    with pytest.raises(SourceError, match="start again"):
        arxiv_oai.parse(answer('<error code="badResumptionToken">expired</error>'))


def test_any_other_error_is_told() -> None:
    with pytest.raises(SourceError, match="badArgument Set is wrong"):
        arxiv_oai.parse(answer('<error code="badArgument">Set is wrong</error>'))


def test_a_page_that_breaks_off_is_asked_for_again() -> None:
    page = records(raw(), raw())

    with pytest.raises(SourceError, match="breaks off"):
        arxiv_oai.parse(page[:-40])


@pytest.mark.parametrize("data", [b"", b"<rss/>", b"no", b"<html><p>x</html>"])
def test_anything_else_is_no_answer(data: bytes) -> None:
    with pytest.raises(NotAFeed):
        arxiv_oai.parse(data)


def test_records_are_asked_for_from_a_day_on() -> None:
    assert arxiv_oai.list_records_url("cs:cs:AI", date(2026, 1, 5)) == (
        "https://oaipmh.arxiv.org/oai?verb=ListRecords&metadataPrefix=arXivRaw"
        "&set=cs:cs:AI&from=2026-01-05"
    )


def test_days_ask_from_the_first_of_them() -> None:
    days = [date(2026, 1, 5), date(2026, 1, 6)]
    address = "https://oaipmh.arxiv.org/oai?set=hep-th&metadataPrefix=arXiv"

    assert arxiv_oai.urls_for_days(address, days) == [
        arxiv_oai.list_records_url("hep-th", days[0], "arXiv")
    ]
    assert arxiv_oai.urls_for_days(address, []) == []
