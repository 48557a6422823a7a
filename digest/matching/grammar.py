"""The query language: text in, `Query` out.

    either  := both (("OR" | "|") both)*
    both    := part (["AND"] part)*            neighbours are joined by AND,
    part    := ("-" | "NOT")* [field ":"] term     which binds closer than OR
    term    := word | "phrase" | "(" either ")"

Fields are title, abstract, author, cat, org and votes; a field before a bracket
holds for all in it. "or" and "and" are operators however they are written, NOT
in capitals only. A word may end in a star.

Promise: whatever the text, the answer is a query or a `QueryError` that points
into it; a query always asks for something, not only for what must be absent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from digest.matching import names, query, tokens
from digest.matching.errors import QueryError
from digest.matching.lexer import Field, Piece, read_pieces
from digest.matching.paper import PREFIX_LENGTH, fold_category
from digest.matching.terms import (
    FILLERS,
    Author,
    Category,
    Slot,
    Text,
    TextField,
    Votes,
)

MAX_CHARACTERS = 2000
MAX_TERMS = 100  # words, also those within phrases
MAX_DEPTH = 10  # brackets

_TEXT_FIELDS: dict[Field | None, TextField | None] = {
    None: None,
    "title": "title",
    "abstract": "abstract",
    "org": "organisation",
}
_VOTES = re.compile(r"(?P<sign>>=|≥|=|>)?\s*(?P<number>[0-9]{1,7})")
_CATEGORY = re.compile(r"\w[\w.,&/' -]*")


def parse_query(text: str) -> query.Query:
    """Read a query as a person typed it; `QueryError` says what is wrong and where."""
    if len(text) > MAX_CHARACTERS:
        raise QueryError("too_long", MAX_CHARACTERS, str(MAX_CHARACTERS))
    pieces = list(read_pieces(text))
    if pieces[0].kind == "end":
        raise QueryError("empty", 0)
    parser = _Parser(pieces)
    root = parser.parse_either(None)
    if parser.ahead.kind == "close":
        raise QueryError("unexpected_bracket", parser.ahead.position)
    if not query.is_positive(root):
        first = next((p.position for p in pieces if p.kind == "not"), 0)
        raise QueryError("only_exclusions", first)
    parsed = query.Query(root)
    if len(parsed.canonical()) > MAX_CHARACTERS:  # a field before a bracket is spread
        raise QueryError("too_long", len(text), str(MAX_CHARACTERS))
    return parsed


@dataclass(slots=True)
class _Parser:
    """Recursive descent over the pieces; one method for each line of the grammar."""

    pieces: list[Piece]
    index: int = 0
    depth: int = 0
    terms: int = field(default=0)

    @property
    def ahead(self) -> Piece:
        return self.pieces[self.index]

    def take(self) -> Piece:
        """Go one piece forward; the end stays ahead for ever."""
        piece = self.ahead
        if piece.kind != "end":
            self.index += 1
        return piece

    def parse_either(self, inside: Field | None) -> query.Node:
        nodes = [self.parse_both(inside)]
        while self.ahead.kind == "or":
            self.take()
            nodes.append(self.parse_both(inside))
        return query.any_of(nodes)

    def parse_both(self, inside: Field | None) -> query.Node:
        nodes = [self.parse_part(inside)]
        while self.ahead.kind not in ("or", "close", "end"):
            if self.ahead.kind == "and":
                self.take()
            nodes.append(self.parse_part(inside))
        return query.all_of(nodes)

    def parse_part(self, inside: Field | None) -> query.Node:
        is_excluded = False
        while self.ahead.kind == "not":
            self.take()
            is_excluded = not is_excluded
        if self.ahead.kind == "field":
            inside = self.take().field
        node = self.parse_term(inside)
        return query.exclude(node) if is_excluded else node

    def parse_term(self, inside: Field | None) -> query.Node:
        piece = self.take()
        if piece.kind == "open":
            return self.parse_bracket(piece, inside)
        if piece.kind not in ("word", "phrase"):
            before = self.pieces[max(0, self.pieces.index(piece) - 1)]
            raise QueryError("missing_term", piece.position, before.text)
        node = _read_term(piece, inside)
        self.terms += _count_terms(node)
        if self.terms > MAX_TERMS:
            raise QueryError("too_many_terms", piece.position, str(MAX_TERMS))
        return node

    def parse_bracket(self, piece: Piece, inside: Field | None) -> query.Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise QueryError("too_deep", piece.position, str(MAX_DEPTH))
        node = self.parse_either(inside)
        if self.ahead.kind != "close":
            raise QueryError("unclosed_bracket", piece.position)
        self.take()
        self.depth -= 1
        return node


def _count_terms(node: query.Node) -> int:
    if isinstance(node, Text):
        return sum(len(slot.parts) for slot in node.slots)
    return 1


def _read_term(piece: Piece, inside: Field | None) -> query.Node:
    if inside == "author":
        return _read_author(piece)
    if inside == "cat":
        return _read_category(piece)
    if inside == "votes":
        return _read_votes(piece)
    return _read_text(piece, _TEXT_FIELDS[inside])


def _read_author(piece: Piece) -> Author:
    if "*" in piece.text:
        raise QueryError("wildcard", piece.position, piece.text)
    name = names.parse_name(piece.text)
    if not name.last:
        raise QueryError("nothing_to_search", piece.position, piece.text)
    return Author(name)


def _read_category(piece: Piece) -> Category:
    name = fold_category(piece.text).removesuffix("*").rstrip(" .,")
    if not _CATEGORY.fullmatch(name):
        raise QueryError("bad_category", piece.position, piece.text)
    return Category(name)


def _read_votes(piece: Piece) -> Votes:
    found = _VOTES.fullmatch(piece.text.strip())
    minimum = int(found["number"]) + (found["sign"] == ">") if found else 0
    if not minimum:
        raise QueryError("bad_votes", piece.position, piece.text)
    return Votes(minimum)


def _read_text(piece: Piece, inside: TextField | None) -> Text:
    slots = tuple(
        slot for word in piece.text.split() for slot in _read_slots(word, piece)
    )
    if not slots:
        raise QueryError("nothing_to_search", piece.position, piece.text)
    is_filler = inside is None and piece.kind == "word" and piece.text in FILLERS
    return Text(slots, inside, is_filler)


def _read_slots(word: str, piece: Piece) -> list[Slot]:
    """Return the words in one run of characters: "R&D" is two, "GPT-4" is one."""
    stem, star, rest = word.partition("*")
    found = [token for token in tokens.tokenise(stem) if token.form]
    if star and (rest or not found or not _can_be_cut(stem, found[-1])):
        raise QueryError("wildcard", piece.position, word)
    slots: list[list[str]] = []
    for token in found:
        if token.is_joined and slots:
            slots[-1].append(token.form)
        else:
            slots.append([token.form])
    last = len(slots) - 1
    return [
        Slot(tuple(parts), bool(star) and index == last)
        for index, parts in enumerate(slots)
    ]


def _can_be_cut(stem: str, last: tokens.Token) -> bool:
    return last.end == len(stem) and len(last.form) >= PREFIX_LENGTH
