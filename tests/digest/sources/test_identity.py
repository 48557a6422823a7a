"""Which entries are the same work."""

from digest.sources.entry import Entry
from digest.sources.identity import canonical_id


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
