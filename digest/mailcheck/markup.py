"""C5 to C8, C13, C14: the elements and addresses of the HTML part."""

import re
from collections import defaultdict
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from digest.mailcheck import links
from digest.mailcheck.message import Mail, squeeze
from digest.mailcheck.report import Violation

# R9 speaks about link, script and form.
_ALLOWED = """
html head meta title style body link script form
table thead tbody tfoot tr th td p h1 h2 h3 h4 h5 h6 a img br hr div span
bdi strong b em i u s small sub sup code pre blockquote ul ol li center
"""
_ELEMENTS = set(_ALLOWED.split())
_VAGUE = {"here", "click here", "read more", "more", "link", "this", "this link"}
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_ADDRESSES = ("href", "src", "background", "action", "srcset", "poster")


def check(mail: Mail) -> Iterator[Violation]:
    """What a reader's mail program or screen reader would trip over."""
    yield from _check_document(mail)
    yield from _check_tables(mail)
    yield from _check_images(mail)
    yield from _check_headings(mail)
    yield from _check_link_texts(mail)
    yield from _check_urls(mail)
    yield from _check_elements(mail)


def _check_document(mail: Mail) -> Iterator[Violation]:
    root = mail.tree.css_first("html")
    attributes = root.attributes if root else {}
    if not attributes.get("lang"):
        yield Violation("C5", "<html> has no lang")
    if attributes.get("dir") not in ("ltr", "rtl"):
        yield Violation("C5", "<html> has no dir")
    charsets = [node.attributes.get("charset") for node in mail.tree.css("meta")]
    if "utf-8" not in [str(charset).lower() for charset in charsets]:
        yield Violation("C5", "no <meta charset=utf-8>")
    title = mail.tree.css_first("title")
    if title is None or not title.text().strip():
        yield Violation("C5", "<title> is missing or empty")


def _check_tables(mail: Mail) -> Iterator[Violation]:
    for table in mail.tree.css("table"):
        is_layout = table.attributes.get("role") == "presentation"
        if not is_layout and table.css_first("th[scope]") is None:
            yield Violation("C6", "a table without role=presentation or <th scope>")


def _check_images(mail: Mail) -> Iterator[Violation]:
    for image in mail.tree.css("img"):
        for name in ("alt", "width", "height"):
            # An empty alt is right for decoration: selectolax gives None for it.
            value = image.attributes.get(name, "missing")
            if value == "missing" or (name != "alt" and not value):
                yield Violation("C7", f"an image without {name}")


def _check_headings(mail: Mail) -> Iterator[Violation]:
    headings = mail.tree.css("h1, h2, h3, h4, h5, h6")
    levels = [int((heading.tag or "h0")[1]) for heading in headings]
    if levels.count(1) != 1:
        yield Violation("C8", f"{levels.count(1)} <h1>, not one")
    for before, level in zip([0, *levels], levels, strict=False):
        if level > before + 1:
            yield Violation("C8", f"h{level} follows h{before}")
    for heading in headings:
        is_paper = mail.is_digest and heading.tag not in ("h1", "h2")
        if is_paper and heading.css_first("a[href]") is None:
            yield Violation("C8", f"a title without link: {squeeze(heading.text())}")


def _check_link_texts(mail: Mail) -> Iterator[Violation]:
    targets: dict[str, set[str]] = defaultdict(set)
    for link in mail.links:
        targets[link.name.casefold()].add(link.url)
        if not link.text:
            yield Violation("C8", f"a link without text: {link.url}")
        elif link.text.casefold().strip(" .…→") in _VAGUE:
            yield Violation("C8", f"a link that says only “{link.text}”")
        elif link.text.casefold() not in link.name.casefold():
            yield Violation("C8", f"“{link.text}” is called “{link.name}”")
    for text, urls in targets.items():
        if text and len(urls) > 1:
            yield Violation("C8", f"{len(urls)} links with the same name: {text}")


def _check_urls(mail: Mail) -> Iterator[Violation]:
    urls = [link.url for link in mail.links] + mail.text_urls
    urls += [node.attributes["src"] or "" for node in mail.tree.css("[src]")]
    if mail.unsubscribe_url:
        urls.append(mail.unsubscribe_url)
    for url in dict.fromkeys(urls):
        if links.is_dangerous(url) or url.startswith("mailto:"):
            continue
        if not links.is_secure(url):
            yield Violation("C13", f"not an absolute https address: {url}")
        elif links.is_detour(url):
            yield Violation("C13", f"a shortener or redirect: {url}")


def _check_elements(mail: Mail) -> Iterator[Violation]:
    root = mail.tree.root
    tags: set[str] = set()
    for node in root.traverse() if root else ():
        tags.add(node.tag or "")
        yield from _check_attributes(node)
    for tag in sorted(tags - _ELEMENTS):
        if not tag.startswith(("-", "!", "#")):
            yield Violation("C14", f"an element that we do not write: <{tag}>")
    if _BIDI.search(mail.html) or _BIDI.search(mail.text):
        yield Violation("C14", "a character that turns the direction of text")


def _check_attributes(node: LexborNode) -> Iterator[Violation]:
    for name, value in node.attributes.items():
        if name.startswith("on"):
            yield Violation("C14", f"an event handler: {name}")
        elif name in _ADDRESSES and links.is_dangerous(value or ""):
            yield Violation("C14", f"an address that runs or embeds: {value}")
