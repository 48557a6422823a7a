"""Find the feeds that a web page points to."""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from digest.sources.text import TITLE_LENGTH, one_line, web_url

FeedKind = Literal["rss", "atom", "json"]

_FEED_LIMIT = 50
_LINK_LIMIT = 2_000
# In the order in which they are offered.
_KINDS: dict[str, FeedKind] = {
    "application/rss+xml": "rss",
    "application/rdf+xml": "rss",
    "application/atom+xml": "atom",
    "application/feed+json": "json",
    "application/json": "json",
}
# WordPress announces its programming interface in the same way.
_NOT_FEEDS = ("/wp-json/", "/wp/v2/")


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that a page names: where, called what ("" if it says nothing)."""

    url: str
    title: str
    kind: FeedKind


def find_feeds(html: bytes, base_url: str) -> list[FoundFeed]:
    """The feeds in `<link rel="alternate">`, each once, in the page's order.

    `base_url` is the page's address. Only addresses with http or https to a named
    host are named; whether one may be fetched is judged again by who fetches it.
    """
    tree = LexborHTMLParser(html)
    base = _base(tree, base_url)
    found: dict[str, FoundFeed] = {}
    for link in tree.css("link[rel][type][href]")[:_LINK_LIMIT]:
        feed = _found(link, base)
        if feed:
            found.setdefault(feed.url, feed)
    return list(found.values())[:_FEED_LIMIT]


def _found(link: LexborNode, base: str) -> FoundFeed | None:
    rel = _attribute(link, "rel").lower().split()
    media_type = _attribute(link, "type").partition(";")[0].strip().lower()
    kind = _KINDS.get(media_type)
    url = _absolute(_attribute(link, "href"), base)
    if "alternate" not in rel or kind is None or not url:
        return None
    if any(part in url for part in _NOT_FEEDS):
        return None
    return FoundFeed(url, one_line(_attribute(link, "title"), TITLE_LENGTH), kind)


def _base(tree: LexborHTMLParser, page: str) -> str:
    """What relative addresses are relative to: the page, unless it says otherwise."""
    node = tree.css_first("base[href]")
    return (_absolute(_attribute(node, "href"), page) if node else "") or page


def _absolute(address: str, base: str) -> str:
    try:
        return web_url(urljoin(base, address.strip()))
    except ValueError:
        return ""


def _attribute(node: LexborNode, name: str) -> str:
    return node.attributes.get(name) or ""
