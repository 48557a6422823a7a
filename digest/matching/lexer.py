"""The query text cut into pieces: brackets, operators, fields, words, phrases.

Promise: every piece knows its position in the text, and nothing is lost but
blanks and dashes that stand alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from digest.matching.errors import QueryError

Kind = Literal["open", "close", "and", "or", "not", "field", "word", "phrase", "end"]
Field = Literal["title", "abstract", "author", "cat", "org", "votes"]

_QUOTES = '"“”„«»″'  # what word processors make of quotation marks
_DASHES = "-\u2010\u2013\u2014\u2212"
_PIECE = re.compile(
    rf"(?P<blank>\s+|[{_DASHES}]+(?=[\s)]|$))"
    rf"|(?P<open>\()|(?P<close>\))|(?P<or>\|+)|(?P<not>[{_DASHES}])"
    rf"|[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)[{_QUOTES}]|(?P<unclosed>[{_QUOTES}])"
    rf"|(?P<field>[A-Za-z]{{2,20}}:)|(?P<word>(?:\\\"|[^\s()|{_QUOTES}])+)"
)
_OPERATORS: dict[str, Kind] = {"or": "or", "and": "and", "&": "and", "&&": "and"}
_FIELDS: dict[str, Field] = {
    "title": "title",
    "ti": "title",
    "abstract": "abstract",
    "abs": "abstract",
    "author": "author",
    "au": "author",
    "cat": "cat",
    "category": "cat",
    "org": "org",
    "organisation": "org",
    "organization": "org",
    "votes": "votes",
    "upvotes": "votes",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the query; `text` is a phrase without its quotes."""

    kind: Kind
    text: str
    position: int
    field: Field | None = None


def read_pieces(text: str) -> Iterator[Piece]:
    """Yield the pieces of a query, then an "end"; `QueryError` where one is broken."""
    for found in _PIECE.finditer(text):
        position, piece = found.start(), found.group()
        match found.lastgroup:
            case "phrase":
                yield Piece("phrase", found["phrase"], position)
            case "unclosed":
                raise QueryError("unclosed_quote", position)
            case "field":
                yield _read_field(piece, position, text[found.end() :])
            case "word":
                yield _read_word(piece, position)
            case "open" | "close" | "or" | "not" as kind:
                yield Piece(kind, piece, position)
    yield Piece("end", "", len(text))


def _read_word(word: str, position: int) -> Piece:
    kind: Kind = "not" if word == "NOT" else _OPERATORS.get(word.lower(), "word")
    return Piece(kind, word, position)


def _read_field(piece: str, position: int, rest: str) -> Piece:
    """Tell a field from a word with a colon, as in the title "BERT: pre-training"."""
    name = piece.removesuffix(":")
    field = _FIELDS.get(name.lower())
    if field is not None:
        return Piece("field", piece, position, field)
    if rest and not rest[0].isspace():
        raise QueryError("unknown_field", position, name)
    return _read_word(piece, position)
