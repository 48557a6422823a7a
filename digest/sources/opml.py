"""Lists of feeds as other readers import and export them (OPML 1.0 and 2.0)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

from digest.sources import xml_tree
from digest.sources.entry import NotAFeed
from digest.sources.text import CATEGORY_LENGTH, TITLE_LENGTH, URL_LENGTH, one_line

MAX_BYTES = 5_000_000
FEED_LIMIT = 5_000


@dataclass(frozen=True, slots=True)
class OpmlFeed:
    """One feed of the list; `category` names the folders it lies in, outermost first.

    Folders are joined by " / ". `title` may be "".
    """

    title: str
    url: str
    category: str = ""


def read_opml(data: bytes) -> list[OpmlFeed]:
    """The feeds of the list, each address once.

    The addresses are as written, on one line: whoever takes them in checks each
    with `address.check_url`, and can say which were refused. Raises NotAFeed for
    what is no OPML, breaks off, declares entities, or holds more than 5 MB or
    5,000 feeds: half a list taken in silently is worse than none.
    """
    if len(data) > MAX_BYTES:
        raise NotAFeed(f"The list is larger than {MAX_BYTES // 1_000_000} MB.")
    tree = xml_tree.read(data)
    body = tree.root.find("body")
    if tree.root.tag.lower() != "opml" or body is None:
        raise NotAFeed("The document is no OPML list of feeds.")
    if not tree.is_whole:
        raise NotAFeed("The list breaks off or is not well-formed.")
    found: dict[str, OpmlFeed] = {}
    for feed in _feeds(body, ()):
        found.setdefault(feed.url, feed)
        if len(found) > FEED_LIMIT:
            raise NotAFeed(f"The list holds more than {FEED_LIMIT} feeds.")
    return list(found.values())


def write_opml(feeds: Iterable[OpmlFeed], title: str = "Paperboy") -> bytes:
    """The list as OPML 2.0 in UTF-8, with one folder for each category."""
    root = Element("opml", version="2.0")
    SubElement(SubElement(root, "head"), "title").text = one_line(title, TITLE_LENGTH)
    body = SubElement(root, "body")
    folders: dict[str, Element] = {"": body}
    for feed in feeds:
        category = one_line(feed.category, TITLE_LENGTH)
        if category not in folders:
            folders[category] = SubElement(body, "outline", text=category)
        name = one_line(feed.title, TITLE_LENGTH) or feed.url
        SubElement(
            folders[category],
            "outline",
            {"type": "rss", "text": name, "title": name}
            | {"xmlUrl": one_line(feed.url, URL_LENGTH)},
        )
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _feeds(element: Element, folders: tuple[str, ...]) -> Iterator[OpmlFeed]:
    for outline in element.findall("outline"):
        attributes = {key.lower(): text for key, text in outline.attrib.items()}
        title = one_line(
            attributes.get("title") or attributes.get("text", ""), TITLE_LENGTH
        )
        url = one_line(attributes.get("xmlurl", ""), URL_LENGTH)
        if url:
            category = one_line(" / ".join(folders), CATEGORY_LENGTH)
            yield OpmlFeed(title, url, category)
            yield from _feeds(outline, folders)
        else:
            yield from _feeds(outline, (*folders, title) if title else folders)
