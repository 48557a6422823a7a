"""Answers of the arXiv API, page by page."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from digest.sources import arxiv_api
from digest.sources.entry import AnnounceType, Author, NotAFeed, SourceError

ENTRY = """<entry><id>http://arxiv.org/abs/{arxiv_id}</id><title>Old
 paper with $a&lt;b$</title><summary> Text of $n&lt;m$.</summary>
<published>1999-01-04T18:00:00Z</published><updated>2001-01-04T18:00:00Z</updated>
<author><name>A B</name><arxiv:affiliation>Inst X</arxiv:affiliation>
<arxiv:affiliation>Inst Y</arxiv:affiliation></author><author><name>C D</name></author>
<arxiv:doi>10.1000/XYZ</arxiv:doi><arxiv:comment>12 pages</arxiv:comment>
<arxiv:journal_ref>J. of X 7 (2001)</arxiv:journal_ref>
<category term="math.AG"/><category term="hep-th"/>
<arxiv:primary_category term="hep-th"/></entry>"""
QUERY = "search_query=cat:cs.AI+OR+cat:cs.LG&amp;start=0&amp;max_results=2&amp;id_list="


FEED_DAY = date(1999, 1, 5)
"""Submitted on a Monday at 13:00 in New York, an hour before the day closed."""


def answer(*ids: str, total: int = 0, start: int = 0, query: str = QUERY) -> bytes:
    """A page of results with these papers."""
    entries = "".join(ENTRY.format(arxiv_id=arxiv_id) for arxiv_id in ids)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"
 xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"><title>arXiv Query</title>
<link href="https://arxiv.org/api/query?{query}" type="application/atom+xml"/>
<opensearch:itemsPerPage>2</opensearch:itemsPerPage>
<opensearch:totalResults>{total}</opensearch:totalResults>
<opensearch:startIndex>{start}</opensearch:startIndex>{entries}</feed>""".encode()


def asked(url: str) -> dict[str, str]:
    """The parameters of a request."""
    return {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}


def test_it_reads_an_entry() -> None:
    parsed = arxiv_api.parse(answer("hep-th/9901001v3", total=1))

    [entry] = parsed.entries
    assert parsed.next_url == ""
    assert parsed.problems == ()
    assert (entry.arxiv_id, entry.version) == ("hep-th/9901001", 3)
    assert entry.url == "https://arxiv.org/abs/hep-th/9901001"
    assert entry.title == "Old paper with $a<b$"
    assert entry.abstract == "Text of $n<m$."
    assert entry.authors == (Author("A B", "Inst X, Inst Y"), Author("C D"))
    assert entry.categories == ("hep-th", "math.AG")
    assert entry.doi == "10.1000/XYZ"
    assert entry.journal_ref == "J. of X 7 (2001)"
    assert entry.comment == "12 pages"


def test_an_entry_is_the_works_first_announcement_unless_nobody_says_when() -> None:
    dated = answer("2401.00001v1", "2401.00002v2")
    undated = dated.replace(b"published>", b"printed>")

    assert [entry.announce_type for entry in arxiv_api.parse(dated).entries] == [
        AnnounceType.NEW,
        AnnounceType.NEW,
    ]
    assert [entry.announce_type for entry in arxiv_api.parse(undated).entries] == [
        AnnounceType.NEW,
        AnnounceType.REPLACE,
    ]


def test_an_entry_is_dated_by_the_timetable_from_its_first_version() -> None:
    first, later = arxiv_api.parse(answer("2401.00001v1", "2401.00002v2")).entries

    assert first.announced_on == later.announced_on == FEED_DAY


def test_a_search_asks_for_all_that_a_feed_lists() -> None:
    url = arxiv_api.search_of_feed("https://rss.arxiv.org/rss/cs.AI+hep-th")

    assert asked(url) == {"search_query": "cat:cs.AI OR cat:hep-th OR cat:hep-th.*"}


def test_the_next_page_begins_behind_what_came() -> None:
    page = answer("2401.00001v1", "2401.00002v1", total=5, start=2)

    assert asked(arxiv_api.parse(page).next_url) == {
        "search_query": "cat:cs.AI OR cat:cs.LG",
        "start": "4",
        "max_results": "2",
        "sortBy": "submittedDate",
        "sortOrder": "ascending",
    }


def test_the_next_page_is_asked_of_arxiv_whatever_the_answer_says() -> None:
    page = answer("2401.00001v1", total=5).replace(
        b"https://arxiv.org/api", b"http://evil.example"
    )

    assert arxiv_api.parse(page).next_url.startswith(arxiv_api.BASE_URL)


def test_an_older_answer_that_escapes_its_query_is_understood() -> None:
    page = answer(
        "2401.00001v1",
        total=5,
        query="search_query%3Dall%3AEinstein%26id_list%3D%26start%3D0%26max_results%3D1",
    )

    assert asked(arxiv_api.parse(page).next_url)["search_query"] == "all:Einstein"


def test_a_list_of_ids_has_one_page() -> None:
    page = answer("2401.00001v1", total=5, query="id_list=2401.00001,2401.00002")

    assert arxiv_api.parse(page).next_url == ""


def test_a_list_without_results_is_empty() -> None:
    parsed = arxiv_api.parse(answer(total=0))

    assert (parsed.entries, parsed.next_url, parsed.problems) == ((), "", ())


def test_an_empty_page_in_the_middle_is_an_error() -> None:
    with pytest.raises(SourceError, match="empty page at 2 of 5"):
        arxiv_api.parse(answer(total=5, start=2))


def test_the_end_of_what_arxiv_gives_is_said() -> None:
    parsed = arxiv_api.parse(answer("2401.00001v1", total=40_000, start=29_999))

    assert parsed.next_url == ""
    assert "30000 of the 40000" in parsed.problems[0]


def test_an_answer_that_hides_its_query_says_that_there_is_more() -> None:
    parsed = arxiv_api.parse(answer("2401.00001v1", total=5, query="x=1"))

    assert parsed.next_url == ""
    assert "1 of 5 results" in parsed.problems[0]


def test_an_error_entry_is_an_error() -> None:
    page = answer("2401.00001v1").replace(
        b"arxiv.org/abs/2401.00001v1", b"arxiv.org/api/errors#incorrect_id"
    )

    with pytest.raises(NotAFeed, match="Text of"):
        arxiv_api.parse(page)


def test_a_broken_answer_keeps_the_entries_before_the_break() -> None:
    page = answer("2401.00001v1", "2401.00002v1", total=2)

    parsed = arxiv_api.parse(page[: page.rindex(b"<category")])

    assert [entry.arxiv_id for entry in parsed.entries] == ["2401.00001"]
    assert "breaks off" in parsed.problems[0]
    assert asked(parsed.next_url)["start"] == "1"


def test_an_entry_without_a_title_fails_alone() -> None:
    page = answer("2401.00001v1", "2401.00002v1").replace(b"Old\n paper", b"", 1)
    page = page.replace(b"with $a&lt;b$", b"", 1)

    parsed = arxiv_api.parse(page)

    assert [entry.arxiv_id for entry in parsed.entries] == ["2401.00002"]
    assert "without a title" in parsed.problems[0]


def test_a_feed_of_another_kind_is_not_a_day_without_papers() -> None:
    with pytest.raises(NotAFeed, match="None of the 1 entries"):
        arxiv_api.parse(answer("17"))


@pytest.mark.parametrize("data", [b"", b"<html/>", b"{}", b"<feed", b"\x89PNG"])
def test_anything_else_is_no_answer(data: bytes) -> None:
    with pytest.raises(NotAFeed):
        arxiv_api.parse(data)


def test_a_long_search_is_cut_into_polite_slices() -> None:
    urls = arxiv_api.search_urls("cat:cs.AI", start=1_000, max_results=40_000)

    slices = [(int(asked(u)["start"]), int(asked(u)["max_results"])) for u in urls]
    assert slices[0] == (1_000, 2_000)
    assert slices[-1] == (29_000, 1_000)
    assert len(slices) == 15


def test_ids_are_asked_for_together() -> None:
    url = arxiv_api.id_list_url(["2401.00001v2", "hep-th/9901001"])

    assert asked(url) == {
        "id_list": "2401.00001v2,hep-th/9901001",
        "max_results": "100",
    }
    with pytest.raises(ValueError, match="100"):
        arxiv_api.id_list_url(["2401.00001"] * 101)


def test_days_ask_for_what_was_submitted_shortly_before_them() -> None:
    address = f"{arxiv_api.BASE_URL}?search_query=cat:cs.AI+OR+cat:cs.LG"

    [url] = arxiv_api.urls_for_days(address, [date(2026, 1, 6), date(2026, 1, 7)])

    assert asked(url)["search_query"] == (
        "(cat:cs.AI OR cat:cs.LG) AND submittedDate:[202601010000 TO 202601072359]"
    )
    assert arxiv_api.urls_for_days(address, []) == []


def test_days_leave_a_list_of_ids_as_it_is() -> None:
    address = arxiv_api.id_list_url(["2401.00001"])

    assert arxiv_api.urls_for_days(address, [date(2026, 1, 6)]) == [address]
