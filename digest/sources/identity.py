"""What makes two entries the same work, whatever their source, type and version."""

import hashlib
import re
from urllib.parse import urlsplit

from digest.sources import arxiv_id
from digest.sources.entry import Entry

_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:)?\s*(10\.\d{4,9}/\S+)", re.I)


def canonical_id(entry: Entry) -> str:
    """The key of the work: "arxiv:2604.15332", else "doi:10.…", else "guid:…".

    An arXiv id counts without its version, and arXiv's own DOIs
    (10.48550/arXiv.…) mean the arXiv paper. A GUID that is not unique by its
    form ("17") is taken together with the host of the link.
    """
    bare = entry.arxiv_id or arxiv_id.split(entry.doi)[0]
    if bare:
        return f"arxiv:{bare}"
    doi = _DOI.fullmatch(entry.doi.strip())
    if doi:
        return f"doi:{doi[1].lower()}"
    key = _normal(entry.guid or entry.url)
    if not key.startswith(("//", "urn:", "tag:", "oai:")):
        key = f"{urlsplit(entry.url).hostname or ''} {key}"
    return f"guid:{hashlib.sha256(key.encode()).hexdigest()[:40]}"


def _normal(guid: str) -> str:
    """Links that differ in scheme, `www.`, fragment or a last slash are one."""
    guid = guid.strip()
    if not re.match(r"https?://", guid, re.I):
        return guid
    try:
        parts = urlsplit(guid)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return guid
    query = f"?{parts.query}" if parts.query else ""
    return f"//{host}{parts.path.rstrip('/')}{query}"
