"""Read an untrusted XML document into a tree, without entities and without a network.

For documents of a known form (arXiv's API and OAI-PMH, OPML): expat alone, no
entity is ever declared, nothing outside the document is opened, and the nesting
is bounded. Names are local names: prefixes are dropped.
"""

import io
from dataclasses import dataclass
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from digest.sources import octets
from digest.sources.entry import NotAFeed
from digest.sources.html_text import to_text
from digest.sources.text import one_line

_DEEPEST = 100
_NAME_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Tree:
    """A document; `is_whole` is False if it breaks off before its last tag.

    Rubbish behind the last tag does no harm.
    """

    root: Element
    is_whole: bool


class _Builder:
    """Feeds a tree, and closes what a broken document leaves open."""

    def __init__(self) -> None:
        self._tree = TreeBuilder()
        self._open: list[str] = []
        self.is_begun = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= _DEEPEST:
            raise NotAFeed("The document is nested too deeply.")
        self._open.append(_local(name))
        self.is_begun = True
        self._tree.start(
            self._open[-1], {_local(key): text for key, text in attributes.items()}
        )

    @property
    def is_finished(self) -> bool:
        return self.is_begun and not self._open

    def end(self, _: str) -> None:
        self._tree.end(self._open.pop())

    def text(self, text: str) -> None:
        self._tree.data(text)

    def close(self) -> Element:
        while self._open:
            self.end("")
        return self._tree.close()


def read(data: bytes) -> Tree:
    """The tree of the document, or of its part before the first fault.

    Raises NotAFeed for anything that is no XML, declares entities, or is nested
    more than 100 deep.
    """
    octets.declared_encoding(data)
    if not data.strip():
        raise NotAFeed("The answer is empty.")
    builder = _Builder()
    is_whole = True
    try:
        _parser(builder).ParseFile(
            io.BytesIO(octets.without_forbidden_characters(data))
        )
    except (expat.ExpatError, LookupError, ValueError) as error:
        if not builder.is_begun:
            raise NotAFeed("The answer is not XML.") from error
        is_whole = builder.is_finished
    return Tree(builder.close(), is_whole)


def child_text(element: Element, name: str) -> str:
    """The text of the first child of that name, "" if there is none."""
    return (element.findtext(name) or "").strip()


def plain_text(element: Element, name: str) -> str:
    """Like `child_text`, without the stray tags that some authors write into it."""
    return to_text(child_text(element, name), is_html=False)


def _parser(builder: _Builder) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.EntityDeclHandler = _refuse_entity
    return parser


def _refuse_entity(name: str, *_: object) -> None:
    shown = one_line(name, _NAME_LENGTH)
    raise NotAFeed(f"The document declares an entity of its own, {shown!r}.")


def _local(name: str) -> str:
    return name.rpartition(":")[2]
