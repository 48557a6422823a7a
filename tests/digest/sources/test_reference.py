"""However a reader names a paper, it is the same work; what is no name is none."""

from __future__ import annotations

import json
from datetime import date

import pytest

from digest.sources import biorxiv
from digest.sources.arxiv_api import BASE_URL
from digest.sources.identity import canonical_id
from digest.sources.reference import lookups, read_reference


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("2604.15332", "arxiv:2604.15332"),
        (" arXiv:2604.15332v3 ", "arxiv:2604.15332"),
        ("https://arxiv.org/pdf/2604.15332v2.pdf", "arxiv:2604.15332"),
        ("https://huggingface.co/papers/2604.15332", "arxiv:2604.15332"),
        ("www.alphaxiv.org/abs/2604.15332v1", "arxiv:2604.15332"),
        ("https://doi.org/10.48550/arXiv.2604.15332", "arxiv:2604.15332"),
        ("hep-th/9901001", "arxiv:hep-th/9901001"),
        ("10.1000/Feeds.1", "doi:10.1000/feeds.1"),
        ("https://dx.doi.org/10.1000/feeds.1", "doi:10.1000/feeds.1"),
        (
            "https://www.biorxiv.org/content/10.1101/2024.01.01.123456v2.full",
            "doi:10.1101/2024.01.01.123456",
        ),
        (
            "https://dl.acm.org/doi/full/10.1145/3600006.3613165",
            "doi:10.1145/3600006.3613165",
        ),
        (
            "https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0000001",
            "guid:",
        ),
        ("https://example.org/paper.pdf", "guid:"),
        ("example.org/paper.pdf", "guid:"),
    ],
)
def test_it_knows_the_work_by_any_of_its_names(said: str, key: str) -> None:
    reference = read_reference(said)

    assert reference is not None
    assert reference.key.startswith(key)
    assert reference.url.startswith("https://")


@pytest.mark.parametrize(
    "said",
    [
        "",
        "attention is all you need",
        "javascript:alert(1)",
        "ftp://example.org/a",
        "https://user@example.org/",
        "http://localhost/a",
        "http://[::1",
        "\x00",
        "a" * 3000,
    ],
)
def test_what_names_no_paper_is_refused(said: str) -> None:
    assert read_reference(said) is None


def test_details_are_asked_of_the_archive_that_has_the_paper() -> None:
    def addresses(said: str) -> list[tuple[str, str]]:
        reference = read_reference(said)
        assert reference is not None
        return lookups(reference)

    [(kind, address)] = addresses("2604.15332v2")
    assert kind == "arxiv_api"
    assert address.startswith(f"{BASE_URL}?id_list=2604.15332&")
    assert [kind for kind, _ in addresses("10.1101/2024.01.01.123456")] == [
        "biorxiv",
        "medrxiv",
        "crossref",
    ]
    [(kind, address)] = addresses("https://doi.org/10.1000/Feeds.(1)")
    assert (kind, address) == (
        "crossref",
        "https://api.crossref.org/works/10.1000%2Ffeeds.%281%29",
    )
    assert addresses("https://example.org/paper.pdf") == []


def test_biorxivs_answer_about_one_paper_is_read_and_is_that_work() -> None:
    reference = read_reference("https://doi.org/10.1101/2024.01.01.123456v1")
    record = {
        "doi": "10.1101/2024.01.01.123456",
        "title": "Cells that read",
        "authors": "Doe, J.; Roe, R.",
        "date": "2024-01-02",
        "version": "2",
        "category": "cell biology",
        "abstract": "They do.",
    }
    answer = {"messages": [{"status": "ok"}], "collection": [record]}

    parsed = biorxiv.parse(json.dumps(answer).encode(), today=date(2024, 1, 3))

    assert reference is not None
    assert [canonical_id(entry) for entry in parsed.entries] == [reference.key]
    assert parsed.next_url == ""
