"""Which entries are the same work."""

import pytest

from digest.sources.entry import Author, Entry
from digest.sources.identity import bare_doi, canonical_id, fingerprint


def key(**fields: str) -> str:
    """The canonical id of an entry with these fields."""
    return canonical_id(Entry(title="T", **{"url": "", **fields}))  # type: ignore[arg-type]


def test_the_arxiv_id_comes_first() -> None:
    assert key(arxiv_id="2604.15332", doi="10.1000/x", guid="g") == "arxiv:2604.15332"


def test_a_doi_of_arxiv_means_the_arxiv_paper() -> None:
    assert key(doi="10.48550/arXiv.2604.15332") == "arxiv:2604.15332"


def test_a_doi_counts_without_case_and_dress() -> None:
    assert (
        key(doi="https://doi.org/10.1000/XyZ")
        == key(doi="10.1000/xyz")
        == "doi:10.1000/xyz"
    )


def test_links_to_one_page_are_one() -> None:
    one = key(guid="https://www.example.org/p/1/")

    assert (
        one
        == key(guid="http://example.org/p/1#top")
        == key(url="https://example.org/p/1")
    )
    assert one != key(guid="https://example.org/p/2")
    assert one.startswith("guid:")


def test_a_number_as_guid_belongs_to_its_site() -> None:
    assert key(guid="17", url="https://a.example/x") != key(
        guid="17", url="https://b.example/x"
    )
    assert key(guid="17", url="https://a.example/x") == key(
        guid="17", url="https://a.example/y"
    )


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("10.1101/2024.01.01.123456v2", "10.1101/2024.01.01.123456"),
        ("https://www.doi.org/10.64898/2026.01.01.1V3.full", "10.64898/2026.01.01.1"),
        ("doi:10.1000%2FABC%28x%29", "10.1000/abc(x)"),
        ("(10.1000/x)", ""),
        (
            "https://doi.org/10.1016/S0140-6736(20)30183-5).",
            "10.1016/s0140-6736(20)30183-5",
        ),
        ("http://dx.doi.org/10.1000/x?af=R#top", "10.1000/x"),
        ("10.1000/xv2", "10.1000/xv2"),
        ("https://example.org/10.1000/x", ""),
        (f"10.1000/{'x' * 500}", ""),
        ("", ""),
    ],
)
def test_a_doi_stands_alone(text: str, doi: str) -> None:
    assert bare_doi(text) == doi


def test_versions_of_a_preprint_are_one_work() -> None:
    assert (
        key(doi="10.1101/2024.01.01.123456v2")
        == key(doi="https://doi.org/10.1101/2024.01.01.123456V1")
        == "doi:10.1101/2024.01.01.123456"
    )


def mark(title: str, author: str = "Jane Doe") -> str:
    """The fingerprint of an entry with this title and first author."""
    people = (Author(author), Author("Bob Roe")) if author else ()
    return fingerprint(Entry(title=title, url="", authors=people))


TITLE = "On the growth of $k$-sparse graphs: a naïve view"


@pytest.mark.parametrize(
    "author",
    ["J. Q. Doe", "Doe, Jane", "Doe J", "Jane DOE", "Jane Doe Jr.", "J.-Q. Döe"],
)
def test_a_work_is_recognised_by_title_and_first_author(author: str) -> None:
    assert mark(TITLE, author) == mark(
        "on the growth of k-sparse graphs — a naive view."
    )
    assert mark(TITLE)


def test_other_words_or_another_author_are_another_work() -> None:
    assert mark(TITLE) != mark(TITLE, "Bob Roe")
    assert mark(TITLE) != mark(TITLE + " II")


@pytest.mark.parametrize(
    "title",
    [
        "Editorial",
        "Graphs and sets",
        "Supercalifragilisticexpialidocious",
        "Correction to: On the growth of sparse graphs",
        "Author Correction: On the growth of sparse graphs",
        "Reply to Smith and others on sparse graphs",
        "Issue information and table of contents",
        "!!! ??? ... --- ,,, ;;; ::: +++",
    ],
)
def test_a_title_that_proves_nothing_has_no_fingerprint(title: str) -> None:
    assert mark(title) == ""


def test_without_an_author_there_is_no_fingerprint() -> None:
    assert mark(TITLE, "") == mark(TITLE, "…") == ""
