"""Author names: are these two the same person, as far as names can tell?

Promise: a full first name that differs is another person; an initial that fits
is only possible; a middle name or accent more or less changes nothing.
"""

import re
from dataclasses import dataclass
from enum import Enum

from digest.matching import tokens

_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_BREAKS = re.compile(r"[\s.\u2010\u2011\u2013-]+")
_NOT_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Name:
    """A folded name: the last name as one word, the given names or initials."""

    last: str
    given: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The name on one line, given names first."""
        return " ".join((*self.given, self.last))


class Agreement(Enum):
    """How well two names agree."""

    NONE = 0
    POSSIBLE = 1
    CERTAIN = 2


def parse_name(text: str) -> Name:
    """Read "Jane Q. Doe", "Doe, Jane Q." or "Doe"; `last` is empty without letters."""
    family, comma, given = text.partition(",")
    if comma and _fold(given) and _fold(given) not in _SUFFIXES:
        text = f"{given} {family}"
    words = [word for word in text.replace(",", " ").split() if _fold(word)]
    while len(words) > 1 and _fold(words[-1]) in _SUFFIXES:
        words.pop()
    if not words:
        return Name("")
    pieces = (piece for word in words[:-1] for piece in _BREAKS.split(word))
    return Name(_fold(words[-1]), tuple(filter(None, map(_fold, pieces))))


def compare_names(asked: Name, author: Name) -> Agreement:
    """Say whether an author is the one asked for; a last name alone asks for all."""
    if asked.last != author.last:
        return Agreement.NONE
    if not asked.given or "".join(asked.given) == "".join(author.given):
        is_full = not asked.given or any(len(name) > 1 for name in asked.given)
        return Agreement.CERTAIN if is_full else Agreement.POSSIBLE
    if not author.given or not _all_fit(asked.given, author.given):
        return Agreement.NONE
    is_same = asked.given[0] == author.given[0] and len(asked.given[0]) > 1
    return Agreement.CERTAIN if is_same else Agreement.POSSIBLE


def _all_fit(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Compare name by name; an initial fits every name that begins with it."""
    return all(
        one == other or (1 in (len(one), len(other)) and one[0] == other[0])
        for one, other in zip(left, right, strict=False)
    )


def _fold(word: str) -> str:
    return _NOT_LETTERS.sub("", tokens.fold(word))
