"""What the first load of a page moves: the page, its styles, scripts and pictures."""

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Protocol
from urllib.parse import urljoin, urlsplit

from digest.bench.pages.browser import Answer

_LOADED_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "manifest"}
_LOADING = {"script", "img", "iframe", "source", "video", "audio", "embed"}
_IN_STYLES = re.compile(rb"(?:url\(|@import)\s*[\"']?([^\"')\s;]+)")


class Asker(Protocol):
    """Who gets what stands at a path."""

    def ask(self, path: str) -> Answer:
        """Get it."""
        ...


@dataclass(frozen=True, slots=True)
class Weight:
    """Bytes by address with the heads of answers, and the other hosts asked for."""

    parts: dict[str, int]
    other_hosts: frozenset[str]

    @property
    def total(self) -> int:
        """All bytes."""
        return sum(self.parts.values())


def weigh(browser: Asker, path: str) -> Weight:
    """Load a page with an empty cache, and all that it asks for."""
    parts: dict[str, int] = {}
    hosts: set[str] = set()
    waiting = [path]
    while waiting:
        address = waiting.pop()
        host = urlsplit(address).netloc
        if host:
            hosts.add(host)
        if host or address in parts or address.startswith("data:"):
            continue
        answer = browser.ask(address)
        parts[address] = answer.moved
        waiting += [urljoin(address, found) for found in _find_loaded(answer)]
    return Weight(parts, frozenset(hosts))


def _find_loaded(answer: Answer) -> Iterator[str]:
    kind = answer.headers.get("Content-Type", "")
    is_packed = answer.headers.get("Content-Encoding") == "gzip"
    body = gzip.decompress(answer.body) if is_packed else answer.body
    if kind.startswith("text/css"):
        yield from (found[1].decode() for found in _IN_STYLES.finditer(body))
    if kind.startswith("text/html"):
        reader = _Reader()
        reader.feed(body.decode())
        yield from reader.found


class _Reader(HTMLParser):
    """Collects what a browser loads without being asked."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take the address of a tag that loads something."""
        given = {name: value or "" for name, value in attrs}
        if tag in _LOADING and given.get("src"):
            self.found.append(given["src"])
        if tag == "link" and _LOADED_LINKS & set(given.get("rel", "").split()):
            self.found.append(given.get("href", ""))
