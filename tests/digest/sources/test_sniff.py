"""Which kind reads a document whose address is not known."""

from datetime import date

import pytest

from digest.sources.sniff import kind_of_document
from tests.digest.pipeline.documents import Daily, Listed, hf, rss

DAY = date(2026, 4, 20)


def test_an_arxiv_feed_is_known_by_its_ids() -> None:
    document = rss(DAY, Listed("2604.00001", "A title"))
    assert kind_of_document(document) == "arxiv_rss"


def test_a_json_list_is_that_of_hugging_face() -> None:
    assert kind_of_document(hf(DAY, Daily("2604.00001", "A title"))) == "hf_daily"


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        (b'<?xml version="1.0"?><OAI-PMH xmlns="x"/>', "arxiv_oai"),
        (b"<feed><id>http://arxiv.org/api/abc</id></feed>", "arxiv_api"),
        (b"<rdf:RDF><channel rdf:about='https://connect.biorxiv.org'/>", "biorxiv"),
        (b"<rss><channel><title>Notes</title></channel></rss>", "feed"),
        (b'{"version": "https://jsonfeed.org/version/1"}', "feed"),
        (b"", "feed"),
    ],
)
def test_other_documents_are_known_by_their_marks(document: bytes, kind: str) -> None:
    assert kind_of_document(document) == kind
