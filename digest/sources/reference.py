"""What a reader types to name one paper: an arXiv id, a DOI or an address.

Links to places that show the same papers (Hugging Face, alphaXiv, doi.org, a
publisher's page with the DOI in its address) mean the paper itself.
"""

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, unquote, urlsplit

from digest.sources import arxiv_api, arxiv_id, crossref
from digest.sources.entry import Entry
from digest.sources.identity import bare_doi, canonical_id
from digest.sources.stated import doi_url
from digest.sources.text import URL_LENGTH, one_line, web_url

_MIRRORS = {"huggingface.co", "alphaxiv.org", "ar5iv.org", "ar5iv.labs.arxiv.org"}
_DOI_IN_PATH = re.compile(r"10\.\d{4,9}/.+")
_PAGE_OF_DOI = re.compile(
    r"/(?:full|abstract|pdf|epdf|meta|full-text|full\.pdf)/?$"
    r"|(?<=\d)\.full(?:\.pdf|-text)?$",
    re.IGNORECASE,
)
_BIORXIV = ("10.1101/", "10.64898/")
_BIORXIV_API = "https://api.biorxiv.org/details"


@dataclass(frozen=True, slots=True)
class Reference:
    """One paper as named: the key of the work, and where people read it."""

    key: str
    url: str
    arxiv_id: str = ""
    doi: str = ""


def read_reference(text: str) -> Reference | None:
    """What the text names; None if it is no id, DOI or web address."""
    said = one_line(text, URL_LENGTH)
    bare = arxiv_id.split(said)[0] or _mirrored(said)
    if bare:
        return Reference(f"arxiv:{bare}", f"https://arxiv.org/abs/{bare}", bare)
    doi = bare_doi(said) or _doi_in_address(said)
    if doi:
        return Reference(f"doi:{doi}", doi_url(doi), doi=doi)
    address = web_url(said if "//" in said else f"https://{said}")
    if not address or "." not in (urlsplit(address).hostname or ""):
        return None
    return Reference(canonical_id(Entry("", address)), address)


def lookups(
    reference: Reference,
    *,
    arxiv_api_url: str = arxiv_api.BASE_URL,
    crossref_url: str = crossref.BASE_URL,
) -> list[tuple[str, str]]:
    """Where its details are asked for, in order: kind of the answer, and address.

    Nowhere for what has neither an arXiv id nor a DOI.
    """
    if reference.arxiv_id:
        query = arxiv_api.id_list_url([reference.arxiv_id]).partition("?")[2]
        return [("arxiv_api", f"{arxiv_api_url}?{query}")]
    if not reference.doi:
        return []
    places = [("crossref", crossref.work_url(reference.doi, crossref_url))]
    if reference.doi.startswith(_BIORXIV):
        # The journals of the same publisher have these beginnings, too.
        doi = quote(reference.doi)
        places = [
            (server, f"{_BIORXIV_API}/{server}/{doi}/na/json")
            for server in ("biorxiv", "medrxiv")
        ] + places
    return places


def entry_by_hand(reference: Reference, title: str, day: date) -> Entry:
    """The entry of a paper of which a person knows no more than the title."""
    return Entry(
        title,
        reference.url,
        arxiv_id=reference.arxiv_id,
        doi=reference.doi,
        guid=reference.url,
        announced_on=day,
    )


def _mirrored(address: str) -> str:
    """The arXiv id at the end of an address of a site that shows arXiv's papers."""
    place = address if "//" in address else f"https://{address}"
    try:
        parts = urlsplit(place)
    except ValueError:
        return ""
    if (parts.hostname or "").removeprefix("www.") not in _MIRRORS:
        return ""
    return arxiv_id.split(parts.path.rstrip("/").rpartition("/")[2])[0]


def _doi_in_address(address: str) -> str:
    if "/" not in address:
        return ""
    try:
        path = unquote(urlsplit(address).path)
    except ValueError:
        return ""
    found = _DOI_IN_PATH.search(path)
    return bare_doi(_PAGE_OF_DOI.sub("", found[0])) if found else ""
