"""Which kind of source a document is from, told by its first bytes.

Where the address is known, `kinds.kind_of` says more; this is for files.
"""

_HEAD_BYTES = 4_000
# In this order: an arXiv feed's entries also name the archive's other services.
_MARKS = (
    (b"<OAI-PMH", "arxiv_oai"),
    (b"arxiv.org/api/", "arxiv_api"),
    (b"oai:arXiv.org:", "arxiv_rss"),
    (b"rss.arxiv.org", "arxiv_rss"),
    (b"connect.biorxiv.org", "biorxiv"),
    (b"connect.medrxiv.org", "medrxiv"),
    (b"pubmed.ncbi.nlm.nih.gov", "pubmed"),
)


def kind_of_document(data: bytes) -> str:
    """The name of the kind that reads such a document; "feed" if unsure."""
    head = data[:_HEAD_BYTES]
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        return "hf_daily"
    return next((kind for mark, kind in _MARKS if mark in head), "feed")
