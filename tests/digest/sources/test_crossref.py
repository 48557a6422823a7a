"""Crossref's answer about one DOI."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from digest.sources import crossref
from digest.sources.entry import Author, Entry, NotAFeed
from digest.sources.identity import canonical_id

TODAY = date(2026, 11, 20)


def answer(**changes: Any) -> bytes:
    """What Crossref says of a work; name what differs from the usual one."""
    work = {
        "DOI": "10.1000/Feeds.1",
        "type": "journal-article",
        "title": ["Reading <i>many</i> feeds &amp; more"],
        "author": [
            {"given": "Ada", "family": "Author", "affiliation": [{"name": "Inst X"}]},
            {"name": "The Feeds Consortium", "affiliation": []},
        ],
        "abstract": "<jats:title>Abstract</jats:title><jats:p>We read H<jats:sub>2"
        "</jats:sub>O, p &lt; 0.05.</jats:p><jats:p>And more.</jats:p>",
        "container-title": ["Journal of Feeds"],
        "volume": "12",
        "issue": "3",
        "page": "45-60",
        "published-online": {"date-parts": [[2026, 5, 4]]},
        "created": {"date-parts": [[2026, 5, 2]]},
        "license": [{"URL": "https://creativecommons.org/licenses/by/4.0/"}],
    }
    message = {key: value for key, value in (work | changes).items() if value}
    return json.dumps({"message-type": "work", "message": message}).encode()


def parse(**changes: Any) -> Entry:
    """The one entry of an answer."""
    [entry] = crossref.parse(answer(**changes), today=TODAY).entries
    return entry


def test_it_says_what_the_publisher_registered() -> None:
    entry = parse()

    assert canonical_id(entry) == "doi:10.1000/feeds.1"
    assert entry.url == entry.guid == "https://doi.org/10.1000/feeds.1"
    assert entry.title == "Reading many feeds & more"
    assert entry.abstract == "We read H₂O, p < 0.05.\n\nAnd more."
    assert entry.authors == (
        Author("Ada Author", "Inst X"),
        Author("The Feeds Consortium"),
    )
    assert entry.announced_on == date(2026, 5, 4)
    assert entry.journal_ref == "Journal of Feeds 12 (3), 45-60"
    assert entry.license_url == "https://creativecommons.org/licenses/by/4.0/"
    assert not entry.is_withdrawn


def test_a_year_and_a_month_are_no_day_but_the_registration_is() -> None:
    stated = {"date-parts": [[2026, 5]]}
    assert parse(**{"published-online": stated}).announced_on == date(2026, 5, 2)
    assert parse(**{"published-online": None, "created": None}).announced_on is None
    ahead = {"date-parts": [[2027, 1, 1]]}
    assert parse(**{"published-online": ahead}).announced_on == TODAY


def test_a_retraction_is_told_and_a_correction_is_not() -> None:
    assert parse(**{"updated-by": [{"type": "retraction"}]}).is_withdrawn
    assert not parse(**{"updated-by": [{"type": "correction"}]}).is_withdrawn


def test_an_arxiv_paper_is_known_as_such() -> None:
    assert canonical_id(parse(DOI="10.48550/arXiv.2604.15332")) == "arxiv:2604.15332"


@pytest.mark.parametrize(
    "odd",
    [
        {"title": "no list", "subtitle": ["Only this"]},
        {"author": {"given": "x"}, "abstract": 7, "license": ["x"]},
        {"author": [None, 3, {"affiliation": "x", "family": ["x"]}]},
        {"published-online": {"date-parts": [["x", None]]}, "created": []},
        {"published-online": {"date-parts": [None]}, "created": {"date-parts": 5}},
        {"container-title": [], "volume": 12, "updated-by": {"type": "retraction"}},
        {"license": [{"URL": "javascript:alert(1)"}]},
    ],
)
def test_whatever_has_another_form_is_left_out(odd: dict[str, Any]) -> None:
    entry = parse(**odd)

    assert entry.title
    assert "javascript" not in entry.license_url


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"Resource not found.",
        b"[]",
        b'{"message-type": "work", "message": {}}',
        b'{"message-type": "work-list", "message": {"items": []}}',
        answer(title=[]),
        answer(DOI="x"),
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(NotAFeed):
        crossref.parse(data, today=TODAY)
