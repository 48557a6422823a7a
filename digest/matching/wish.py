"""What a topic wants, in words: one or several wordings of the same wish.

Promise: the kind of a wish follows from its text alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from digest.matching.bags import Bag, read_wording

_LONGEST_NAME = 6  # content words; more are a sentence
_LONGEST_SENTENCE = 40  # content words; more are a text to find the like of


class WishKind(StrEnum):
    """How a wish is put: scores of different kinds are not alike."""

    NAME = "name"
    SENTENCE = "sentence"
    EXAMPLE = "example"


@dataclass(frozen=True)
class Wish:
    """The wordings: a name, its synonyms, a description; each is tried."""

    wordings: tuple[str, ...]

    @cached_property
    def bags(self) -> tuple[Bag, ...]:
        """The wordings that say anything, counted."""
        bags = (read_wording(wording) for wording in self.wordings)
        return tuple(bag for bag in bags if not bag.is_empty)

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to rank by."""
        return not self.bags

    @property
    def kind(self) -> WishKind:
        """The kind of the shortest wording: a topic with a name is asked by name."""
        return min(
            (kind_of(bag) for bag in self.bags), default=WishKind.NAME, key=_LONG
        )


def read_wish(lines: str | Iterable[str]) -> Wish:
    """Return the wish of a text, a wording a line, or of several texts."""
    wordings = lines.splitlines() if isinstance(lines, str) else lines
    stripped = (wording.strip() for wording in wordings)
    return Wish(tuple(dict.fromkeys(wording for wording in stripped if wording)))


def kind_of(bag: Bag) -> WishKind:
    """Return the kind of one wording by its number of content words."""
    size = bag.stems.total
    if size <= _LONGEST_NAME:
        return WishKind.NAME
    return WishKind.SENTENCE if size <= _LONGEST_SENTENCE else WishKind.EXAMPLE


_LONG = (WishKind.NAME, WishKind.SENTENCE, WishKind.EXAMPLE).index
