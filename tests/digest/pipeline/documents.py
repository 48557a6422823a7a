"""Feed documents written by hand: a paper is said once and put into any format."""

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

NAMESPACES = (
    'xmlns:arxiv="http://arxiv.org/schemas/atom" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


@dataclass(frozen=True)
class Listed:
    """One paper as a feed lists it."""

    bare: str
    title: str = "On paper feeds"
    version: int = 1
    announced: str = "new"
    abstract: str = "We read feeds."
    authors: str = "Ada Author, Ben Writer"
    categories: tuple[str, ...] = ("cs.LG",)


@dataclass(frozen=True)
class Daily:
    """One paper as Hugging Face lists it."""

    bare: str
    title: str = "On paper feeds (as retyped)"
    upvotes: int = 0
    comments: int = 0
    more: dict[str, Any] = field(default_factory=dict)


def rss(day: date, *papers: Listed) -> bytes:
    """An RSS 2.0 document of arXiv, served on that day."""
    stamp = day.strftime("%a, %d %b %Y 00:00:00 -0400")
    items = "".join(
        f"<item><title>{escape(p.title)}</title>"
        f"<link>https://arxiv.org/abs/{p.bare}</link>"
        f"<description>arXiv:{p.bare}v{p.version} Announce Type: {p.announced} \n"
        f"Abstract: {escape(p.abstract)}</description>"
        f'<guid isPermaLink="false">oai:arXiv.org:{p.bare}v{p.version}</guid>'
        + "".join(f"<category>{name}</category>" for name in p.categories)
        + f"<pubDate>{stamp}</pubDate>"
        f"<arxiv:announce_type>{p.announced}</arxiv:announce_type>"
        f"<dc:creator>{escape(p.authors)}</dc:creator></item>"
        for p in papers
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss {NAMESPACES} version="2.0">'
        f"<channel><title>cs.LG updates on arXiv.org</title>"
        f"<link>https://rss.arxiv.org/rss/cs.LG</link><pubDate>{stamp}</pubDate>"
        f"{items}</channel></rss>"
    ).encode()


def atom(day: date, *papers: Listed) -> bytes:
    """An Atom 1.0 document of arXiv, served on that day."""
    stamp = f"{day.isoformat()}T00:00:00-04:00"
    entries = "".join(
        f"<entry><id>oai:arXiv.org:{p.bare}v{p.version}</id>"
        f"<title>{escape(p.title)}</title><updated>{stamp}</updated>"
        f'<link href="https://arxiv.org/abs/{p.bare}" rel="alternate"/>'
        f"<summary>arXiv:{p.bare}v{p.version} Announce Type: {p.announced} \n"
        f"Abstract: {escape(p.abstract)}</summary>"
        + "".join(f'<category term="{name}"/>' for name in p.categories)
        + f"<published>{stamp}</published>"
        f"<arxiv:announce_type>{p.announced}</arxiv:announce_type>"
        f"<dc:creator>{escape(p.authors)}</dc:creator></entry>"
        for p in papers
    )
    return (
        f"<?xml version='1.0' encoding='UTF-8'?>"
        f'<feed {NAMESPACES} xmlns="http://www.w3.org/2005/Atom">'
        f"<id>https://rss.arxiv.org/atom/cs.LG</id>"
        f"<title>cs.LG updates on arXiv.org</title><updated>{stamp}</updated>"
        f"{entries}</feed>"
    ).encode()


def journal(day: date, link: str) -> bytes:
    """A feed that is not arXiv's, with one paper known by its GUID."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
        f"<title>A journal</title><item><title>On letters</title>"
        f"<link>{link}</link><guid>tag:example.org,2026:7</guid>"
        f"<pubDate>{day.strftime('%a, %d %b %Y 00:00:00 +0000')}</pubDate>"
        f"</item></channel></rss>"
    ).encode()


def hf(day: date, *papers: Daily) -> bytes:
    """Hugging Face's list of that day."""
    return json.dumps(
        [
            {
                "title": p.title,
                "numComments": p.comments,
                "paper": {
                    "id": p.bare,
                    "title": p.title,
                    "summary": "A shorter abstract.",
                    "authors": [{"name": "Ada Author", "hidden": False}],
                    "upvotes": p.upvotes,
                    "submittedOnDailyAt": f"{day.isoformat()}T09:00:00.000Z",
                    **p.more,
                },
            }
            for p in papers
        ]
    ).encode()
