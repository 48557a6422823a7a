"""The words of a full-text index: boolean questions to it, for two kinds of database.

A lexeme is one key of a paper, spelt in small letters and digits, so that no tokeniser
takes it apart; what begins with an underscore is no word. Pairs and the very long are
hashed. Promise: the same key has the same lexeme always; whatever changes that, or the
keys, raises `LEXEMES_VERSION`.
"""

from __future__ import annotations

import re
from base64 import b32encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

from digest.matching.compiled import RULES_VERSION
from digest.matching.paper import PreparedPaper

LEXEMES_VERSION = 100 * RULES_VERSION + 2

_LONGEST = 100  # characters of a key that is not hashed
_HASH_BYTES = 5
_UNSAFE = re.compile(r"[\x00-\x2f\x3a-\x60\x7b-\x7f]")
_FIELDS = {"title:": "_t_", "author:": "_a_", "cat:": "_c_", "org:": "_o_"}


@dataclass(frozen=True, slots=True)
class Lexeme:
    """One word of the index, or all that begin so."""

    text: str
    is_prefix: bool = False

    @property
    def fts5(self) -> str:
        """As SQLite's FTS5 is asked it."""
        return f'"{self.text}"' + "*" * self.is_prefix

    @property
    def tsquery(self) -> str:
        """As a tsquery of PostgreSQL."""
        return f"'{self.text}'" + ":*" * self.is_prefix


EVERY = Lexeme("_x")
"""What every paper has."""


@dataclass(frozen=True, slots=True)
class All:
    """Papers that have all parts and none of `without`; made by `all_of`."""

    parts: tuple[Tree, ...]
    without: tuple[Tree, ...]

    @property
    def fts5(self) -> str:
        """As SQLite's FTS5 is asked it, which knows NOT only between two."""
        wanted = " AND ".join(part.fts5 for part in self.parts)
        if not self.without:
            return f"({wanted})"
        return f"(({wanted}) NOT ({' OR '.join(part.fts5 for part in self.without)}))"

    @property
    def tsquery(self) -> str:
        """As a tsquery of PostgreSQL."""
        excluded = (f"!{part.tsquery}" for part in self.without)
        wanted = (part.tsquery for part in self.parts)
        return f"({' & '.join((*wanted, *excluded))})"


@dataclass(frozen=True, slots=True)
class Any:
    """Papers that have one of the parts; made by `any_of`."""

    parts: tuple[Tree, ...]

    @property
    def fts5(self) -> str:
        """As SQLite's FTS5 is asked it."""
        return f"({' OR '.join(part.fts5 for part in self.parts)})"

    @property
    def tsquery(self) -> str:
        """As a tsquery of PostgreSQL."""
        return f"({' | '.join(part.tsquery for part in self.parts)})"


Tree = Lexeme | All | Any


def all_of(parts: Iterable[Tree], without: Iterable[Tree] = ()) -> Tree:
    """Join by AND; what every paper has goes without saying."""
    told = tuple(dict.fromkeys(part for part in parts if part != EVERY)) or (EVERY,)
    excluded = tuple(dict.fromkeys(without))
    return told[0] if len(told) == 1 and not excluded else All(told, excluded)


def any_of(parts: Iterable[Tree]) -> Tree:
    """Join by OR."""
    told = tuple(dict.fromkeys(parts))
    if EVERY in told:
        return EVERY
    return told[0] if len(told) == 1 else Any(told)


def lexeme(key: str) -> Lexeme:
    """The lexeme of a key; of one that ends with "*", all that begin so."""
    is_prefix = key.endswith("*")
    return Lexeme(_spell(key.removesuffix("*")), is_prefix)


def paper_lexemes(paper: PreparedPaper) -> str:
    """All lexemes of a paper, with a space between each two."""
    keys = (key for key in paper.keys if not key.endswith("*"))
    return " ".join(sorted({EVERY.text, *map(_spell, keys)}))


def _spell(key: str) -> str:
    if " " in key or len(key) > _LONGEST:
        digest = blake2b(key.encode("utf-8", "replace"), digest_size=_HASH_BYTES)
        return f"_p{b32encode(digest.digest()).decode().lower()}"
    for name, mark in _FIELDS.items():
        if key.startswith(name):
            return mark + _escape(key.removeprefix(name))
    return _escape(key)


def _escape(word: str) -> str:
    """The word in characters that no tokeniser takes apart or changes."""
    return _UNSAFE.sub(lambda found: f"_{ord(found[0]):02x}", word)
