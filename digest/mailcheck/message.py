"""Raw bytes taken apart: header lines as they stand, the two parts, the HTML tree.

Nothing is judged here and nothing raises: what is missing is empty.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser, LexborNode

from digest.mailcheck.report import Kind

_NAME = re.compile(r"([!-9;-~]+):[ \t]?(.*)", re.DOTALL)
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
_BLANKS = re.compile(r"\s+")
_ADDRESS_LINE = re.compile(r"^\s*<?(https?://[^\s>]+)>?\s*$", re.MULTILINE)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all"
    r"|(?:font-size|max-height|opacity)\s*:\s*0(?:px)?\s*(?:;|!|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Header:
    """One header field: its name (lower case; "" if malformed) and physical lines."""

    name: str
    lines: tuple[str, ...]

    @property
    def value(self) -> str:
        """The unfolded value, still encoded."""
        found = _NAME.match("".join(self.lines))
        return found[2].strip() if found else ""

    @property
    def decoded(self) -> str:
        """The value as a reader sees it; as it stands where it cannot be decoded."""
        try:
            return str(make_header(decode_header(self.value)))
        except (HeaderParseError, LookupError, UnicodeError):
            return self.value


@dataclass(frozen=True, slots=True)
class Link:
    """An `<a href>`: its address, its text, where it stands, whether it is seen.

    `name` is what a screen reader says: the label if it has one, else the text.
    """

    url: str
    text: str
    name: str
    is_heading: bool
    is_visible: bool


class Mail:
    """One message. `kind` is what it was said to be, else read from its List-Id."""

    def __init__(self, raw: bytes, kind: Kind | None) -> None:
        self.raw = raw
        self.headers = _headers(raw)
        self._parsed = _parse(raw, self.headers)
        default: Kind = "digest" if self.all("list-id") else "transactional"
        self.kind: Kind = kind or default

    @property
    def is_digest(self) -> bool:
        return self.kind == "digest"

    def all(self, name: str) -> list[Header]:
        """Every field of that name (lower case)."""
        return [header for header in self.headers if header.name == name]

    def value(self, name: str) -> str:
        """The first field's unfolded value, "" if there is none."""
        found = self.all(name)
        return found[0].value if found else ""

    def decoded(self, name: str) -> str:
        found = self.all(name)
        return found[0].decoded if found else ""

    def mailboxes(self, name: str) -> list[tuple[str, str]]:
        """(display name, address) of every mailbox in every field of that name."""
        boxes = getaddresses([header.value for header in self.all(name)])
        return [(_decode_words(phrase), address) for phrase, address in boxes]

    @property
    def recipient(self) -> str:
        boxes = self.mailboxes("to")
        return boxes[0][1] if boxes else ""

    @cached_property
    def content_type(self) -> str:
        return self._parsed.get_content_type()

    @cached_property
    def parts(self) -> list[Message]:
        payload = self._parsed.get_payload()
        if not isinstance(payload, list):
            return []
        return [part for part in payload if isinstance(part, Message)]

    @cached_property
    def text(self) -> str:
        return self._part("text/plain").replace("\r\n", "\n")

    @cached_property
    def html(self) -> str:
        return self._part("text/html")

    @cached_property
    def tree(self) -> LexborHTMLParser:
        return LexborHTMLParser(self.html)

    @cached_property
    def is_english(self) -> bool:
        """Wording can be checked in English alone."""
        root = self.tree.root
        return str(root.attributes.get("lang") if root else "").startswith("en")

    @cached_property
    def links(self) -> list[Link]:
        return [_link(node) for node in self.tree.css("a[href]")]

    @cached_property
    def text_urls(self) -> list[str]:
        """Addresses that stand alone on a line of the text part: our own links."""
        return _ADDRESS_LINE.findall(self.text)

    @cached_property
    def shown(self) -> str:
        """What is seen of the HTML part, on one line."""
        body = self.tree.body
        return squeeze(" ".join(_shown(body))) if body else ""

    @cached_property
    def unsubscribe_url(self) -> str:
        """The web address in List-Unsubscribe."""
        found = re.search(r"<\s*(https?:[^>]*)>", self.value("list-unsubscribe"))
        return found[1] if found else ""

    def _part(self, content_type: str) -> str:
        for part in self.parts:
            if part.get_content_type() == content_type:
                payload = part.get_payload(decode=True)
                return (
                    payload.decode(errors="replace")
                    if isinstance(payload, bytes)
                    else ""
                )
        return ""


def squeeze(text: str) -> str:
    """Every run of blanks as one space."""
    return _BLANKS.sub(" ", text).strip()


def _decode_words(phrase: str) -> str:
    return Header("", (f"x: {phrase}",)).decoded


def _parse(raw: bytes, headers: list[Header]) -> Message:
    # The standard parser takes a malformed header line for the start of the body.
    lines = [line for header in headers if header.name for line in header.lines]
    body = _END_OF_HEADERS.split(raw, maxsplit=1)[1:]
    head = "\r\n".join(lines).encode()
    return message_from_bytes(b"\r\n\r\n".join([head, *body]), policy=policy.compat32)


def _headers(raw: bytes) -> list[Header]:
    block = _END_OF_HEADERS.split(raw, maxsplit=1)[0].decode("utf-8", "replace")
    grouped: list[list[str]] = []
    for line in re.split(r"\r?\n", block):
        if grouped and line[:1] in (" ", "\t"):
            grouped[-1].append(line)
        else:
            grouped.append([line])
    return [Header(_name(lines[0]), tuple(lines)) for lines in grouped]


def _name(line: str) -> str:
    found = _NAME.match(line)
    return found[1].lower() if found else ""


def is_hidden(node: LexborNode) -> bool:
    """Whether the element is out of sight, by its own style or its nature."""
    is_code = node.tag in ("style", "script", "title")
    return is_code or bool(_HIDDEN.search(node.attributes.get("style") or ""))


def _shown(root: LexborNode) -> Iterator[str]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.tag == "-text":
            yield node.text()
        elif not is_hidden(node):
            waiting += reversed(list(node.iter(include_text=True)))


def _link(node: LexborNode) -> Link:
    is_heading, is_visible = False, True
    parent: LexborNode | None = node
    while parent is not None:
        is_heading = is_heading or bool(re.fullmatch(r"h[1-6]", parent.tag or ""))
        is_visible = is_visible and not is_hidden(parent)
        parent = parent.parent
    url = node.attributes.get("href") or ""
    text = squeeze(node.text())
    name = squeeze(node.attributes.get("aria-label") or "") or text
    return Link(url, text, name, is_heading, is_visible)
