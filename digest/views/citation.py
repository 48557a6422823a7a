"""What a paper's page tells programs: reference managers, and previews of links.

The names are those of Highwire Press, which Zotero, Google Scholar and others read, and
of Open Graph. No picture is named: there is none of ours.
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote

from django.conf import settings

from digest import links, tex
from digest.models import Paper
from digest.pipeline.render.paper import shorten
from digest.views.card import web_address

PREVIEW_LENGTH = 240


class Tag(NamedTuple):
    """One fact in the page's head; `attribute` is "name" or "property"."""

    attribute: str
    name: str
    content: str


def describe(paper: Paper) -> tuple[Tag, ...]:
    """All tags of a paper, as plain text; what is not known has none."""
    title, abstract = _plain(paper.title), _plain(paper.abstract)
    day = paper.announced_on.strftime("%Y/%m/%d") if paper.announced_on else ""
    address = links.absolute(paper.get_absolute_url())
    facts = [
        ("citation_title", title),
        *(("citation_author", _plain(name)) for name in paper.author_names),
        ("citation_publication_date", day),
        ("citation_online_date", day),
        ("citation_doi", paper.doi),
        ("citation_arxiv_id", paper.arxiv_id),
        ("citation_journal_title", _plain(paper.journal_ref)),
        ("citation_pdf_url", pdf_url(paper)),
        ("citation_abstract_html_url", web_address(paper.url) or address),
        ("citation_keywords", "; ".join(paper.categories)),
        ("description", shorten(abstract, PREVIEW_LENGTH)),
    ]
    preview = [
        ("og:type", "article"),
        ("og:title", title),
        ("og:description", shorten(abstract, PREVIEW_LENGTH)),
        ("og:url", address),
        ("og:site_name", settings.DIGEST_SITE_NAME),
    ]
    return (
        *(Tag("name", name, text) for name, text in facts if text),
        *(Tag("property", name, text) for name, text in preview if text),
    )


def _plain(text: str) -> str:
    """The text without TeX, on one line."""
    return " ".join(tex.to_unicode(text).split())


def pdf_url(paper: Paper) -> str:
    """Where the paper itself is, if that is known."""
    if paper.arxiv_id:
        return f"https://arxiv.org/pdf/{quote(paper.arxiv_id)}"
    return ""
