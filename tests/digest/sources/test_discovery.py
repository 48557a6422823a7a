"""Feeds that a web page points to."""

import pytest

from digest.sources.discovery import FoundFeed, find_feeds

PAGE = "https://example.org/blog/index.html"


def link(
    media_type: str = "application/rss+xml", href: str = "/rss", **more: str
) -> str:
    """A link element of a page."""
    stated = {"rel": "alternate", "type": media_type, "href": href} | more
    attributes = " ".join(f'{key}="{text}"' for key, text in stated.items())
    return f"<link {attributes}>"


def urls(html: str) -> list[str]:
    """The addresses found in a page with this head."""
    page = f"<!doctype html><html><head>{html}</head><body></body></html>"
    return [feed.url for feed in find_feeds(page.encode(), PAGE)]


def test_it_finds_each_kind() -> None:
    html = (
        link(title="All &amp; more")
        + link("application/atom+xml; charset=utf-8", "atom.xml")
        + link("application/feed+json", "https://feeds.example.com/j")
    )

    assert find_feeds(html.encode(), PAGE) == [
        FoundFeed("https://example.org/rss", "All & more", "rss"),
        FoundFeed("https://example.org/blog/atom.xml", "", "atom"),
        FoundFeed("https://feeds.example.com/j", "", "json"),
    ]


def test_the_page_may_say_what_its_links_are_relative_to() -> None:
    assert urls('<base href="https://cdn.example.org/x/">' + link(href="f")) == [
        "https://cdn.example.org/x/f"
    ]
    assert urls('<base href="javascript:x">' + link(href="/f")) == [
        "https://example.org/f"
    ]


@pytest.mark.parametrize(
    "html",
    [
        link(rel="stylesheet"),
        link("text/html"),
        link(href="javascript:alert(1)"),
        link(href="file:///etc/passwd"),
        link(href="http://127.0.0.1/feed"),
        link(href="http://[broken/feed"),
        link("application/json", "/wp-json/wp/v2/pages/2"),
        '<link rel="alternate" type="application/rss+xml">',
        '<a rel="alternate" type="application/rss+xml" href="/rss">x</a>',
        "<!-- " + link() + " -->",
        "",
    ],
)
def test_nothing_else_is_a_feed(html: str) -> None:
    assert urls(html) == []


def test_each_feed_is_named_once_and_not_endlessly() -> None:
    assert urls(link() + link(title="again")) == ["https://example.org/rss"]
    assert len(urls("".join(link(href=f"/{n}") for n in range(500)))) == 50


@pytest.mark.parametrize("html", [b"", b"\xff\xfe\x00", b"<" * 100_000])
def test_rubbish_holds_no_feeds(html: bytes) -> None:
    assert find_feeds(html, PAGE) == []
