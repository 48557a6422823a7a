"""From what a feed states about a paper to an Entry, alike for every format."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from digest.sources import arxiv_id, authors, labelled
from digest.sources.collect import EntryError
from digest.sources.entry import Author, Entry
from digest.sources.text import (
    ABSTRACT_LENGTH,
    CATEGORY_COUNT,
    CATEGORY_LENGTH,
    TITLE_LENGTH,
    URL_LENGTH,
    names,
    one_line,
    paragraph,
    web_url,
)
from digest.sources.withdrawal import says_withdrawn

# What stands in for a title that a feed does not give.
_OPENING_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Stated:
    """One paper as a feed has it: plain text, neither cleaned nor shortened.

    `link` is "" or safe to show, `doi` bare or "". `texts` are all that may be the
    abstract; feeds give it whole in one element and shortened in another.
    """

    title: str
    link: str
    guid: str
    doi: str
    texts: tuple[str, ...]
    people: tuple[Author, ...] = ()
    categories: Iterable[str] = ()
    published_on: date | None = None
    journal_ref: str = ""
    license_url: str = ""


def build(stated: Stated) -> Entry:
    """The entry. Raises EntryError if there is nothing to call it by."""
    described = labelled.read(max(stated.texts, key=len, default=""))
    abstract = paragraph(described.abstract, ABSTRACT_LENGTH)
    title = one_line(stated.title, TITLE_LENGTH) or one_line(abstract, _OPENING_LENGTH)
    # Some feeds have nothing to say but the title once more.
    abstract = "" if one_line(abstract, TITLE_LENGTH) == title else abstract
    guid = one_line(stated.guid, URL_LENGTH)
    if not title:
        raise EntryError(
            f"An entry without a title was left out: {guid or stated.link or 'no id'}."
        )
    doi = stated.doi or described.doi
    bare, version = _first_arxiv_id(guid, stated.link, doi)
    return Entry(
        title=title,
        url=stated.link or doi_url(doi),
        arxiv_id=bare,
        version=version,
        doi=doi,
        guid=guid or stated.link or _made_up_guid(title, abstract),
        abstract=abstract,
        authors=stated.people or authors.split_list(described.authors),
        categories=names(stated.categories, CATEGORY_LENGTH, CATEGORY_COUNT),
        announced_on=stated.published_on,
        journal_ref=stated.journal_ref,
        license_url=stated.license_url,
        is_withdrawn=says_withdrawn(abstract),
    )


def doi_url(doi: str) -> str:
    """The address that a DOI resolves at, "" for none."""
    return web_url(f"https://doi.org/{quote(doi, safe='/:;().')}") if doi else ""


def _first_arxiv_id(*texts: str) -> tuple[str, int]:
    found = (arxiv_id.split(text) for text in texts)
    return next((pair for pair in found if pair[0]), ("", 0))


def _made_up_guid(title: str, abstract: str) -> str:
    """A name for an entry that has neither GUID nor link: the hash of its words."""
    digest = hashlib.sha256(f"{title}\n{abstract}".encode()).hexdigest()
    return f"urn:sha256:{digest}"
