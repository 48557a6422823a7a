"""What a query is built of: text, authors, categories and votes.

Promise: each term says by itself whether a paper has it, prints itself so that
the parser reads the same term again, and names the clauses that the keys of a
paper with that term fulfil.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, pairwise, product
from typing import Literal

from digest.matching import names, tokens, variants
from digest.matching.clauses import Clause, Clauses, exactly, rarest
from digest.matching.paper import PREFIX_LENGTH, FieldText, PreparedPaper

TextField = Literal["title", "abstract", "organisation"]
Span = tuple[int, int]  # begin and end, as places in a field
Sight = Mapping[TextField, tuple[Span, ...]]  # only fields where there is something
_Step = tuple[str, ...]  # forms of which one has to stand there
_Route = tuple[_Step, ...]  # steps one after the other

# Words that stand in nearly every abstract: beside other words, and outside
# quotes, they ask for nothing.
FILLERS = frozenset(
    {"a", "an", "and", "are", "as", "at", "by", "for", "from", "in", "is", "of", "on"}
    | {"or", "the", "to", "with"}
)
_MOST_TOLD = 2  # words one after the other; there are no keys of three
_KEY_PREFIX: Mapping[TextField | None, str] = {
    "organisation": "org:",
    "title": "title:",
}
_BARE = re.compile(r"[\w.-]+")


def _print_value(value: str, *, is_bare: bool) -> str:
    return value if is_bare and value not in FILLERS else f'"{value}"'


@dataclass(frozen=True, slots=True)
class Slot:
    """One word as asked for: folded parts, between which there are hyphens.

    `routes`: the ways in which a paper may write it, apart or as one word.
    """

    parts: tuple[str, ...]
    is_prefix: bool = False
    routes: tuple[_Route, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Work out the routes once, not for every paper."""
        words = [variants.asked_forms(part) for part in self.parts]
        whole = tokens.join(self.parts) if len(self.parts) > 1 else ""
        closed = variants.asked_forms(whole) if whole else ()
        if self.is_prefix:
            words[-1] = (f"{self.parts[-1]}*",)
            closed = (f"{whole}*",) if whole else ()
        routes = (tuple(words), (closed,)) if closed else (tuple(words),)
        object.__setattr__(self, "routes", routes)

    @property
    def text(self) -> str:
        """The word as the parser reads it."""
        return "-".join(self.parts) + "*" * self.is_prefix

    def spots(self, text: FieldText) -> dict[int, set[int]]:
        """Return where the word begins in a field, with the places after its end."""
        found: dict[int, set[int]] = {}
        for route in self.routes:
            steps = [[text.find(form) for form in step] for step in route]
            for begin in {place for spots in steps[0] for place in spots}:
                ends = {begin}
                for step in steps:
                    ends = {s[place] for s in step for place in ends if place in s}
                if ends:
                    found.setdefault(begin, set()).update(ends)
        return found


@dataclass(frozen=True, slots=True)
class Text:
    """Words that stand one after the other, in one field or in title or abstract.

    `is_filler`: may be dropped beside other terms.
    """

    slots: tuple[Slot, ...]
    inside: TextField | None = None
    is_filler: bool = field(default=False, compare=False)
    forms: _Step = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Note the forms of a plain word, which is most terms, to find it fast."""
        routes = self.slots[0].routes
        is_plain = len(self.slots) == len(routes) == len(routes[0]) == 1
        forms = routes[0][0] if is_plain and not self.slots[0].is_prefix else ()
        object.__setattr__(self, "forms", forms)

    @property
    def text(self) -> str:
        """The term as the parser reads it."""
        words = " ".join(slot.text for slot in self.slots)
        prefix = {None: "", "organisation": "org:"}.get(self.inside, f"{self.inside}:")
        return prefix + _print_value(words, is_bare=len(self.slots) == 1)

    @property
    def words(self) -> tuple[_Step, ...]:
        """The forms of each word, written apart."""
        return tuple(step for slot in self.slots for step in slot.routes[0])

    def fields(self, paper: PreparedPaper) -> tuple[tuple[TextField, FieldText], ...]:
        """Return the fields to look in, best first."""
        if self.inside == "organisation":
            return (("organisation", paper.organisation),)
        if self.inside == "title":
            return (("title", paper.title),)
        if self.inside == "abstract":
            return (("abstract", paper.abstract),)
        return (("title", paper.title), ("abstract", paper.abstract))

    def holds(self, paper: PreparedPaper) -> bool:
        """Say whether the paper has it."""
        fields = self.fields(paper)
        if self.forms:
            return any(form in text.spots for _, text in fields for form in self.forms)
        return any(True for _, text in fields for _ in self.spans(text))

    def spans(self, text: FieldText) -> Iterator[Span]:
        """Yield where it stands in a field, in order; the shortest from each place."""
        if self.forms:
            yield from sorted(
                {spot for form in self.forms for spot in text.find(form).items()}
            )
            return
        slots = []
        for slot in self.slots:
            slots.append(slot.spots(text))
            if not slots[-1]:
                return
        for begin in sorted(slots[0]):
            ends = {begin}
            for spots in slots:
                ends = {end for place in ends for end in spots.get(place, ())}
            if ends:
                yield begin, min(ends)

    def sight(self, paper: PreparedPaper) -> Sight:
        """Return where it stands, field by field."""
        return {
            name: spans
            for name, text in self.fields(paper)
            if (spans := tuple(self.spans(text)))
        }

    def clauses(self) -> Clauses:
        """Return what keys can tell: all of one word or two, but for the abstract."""
        if len(self.slots) <= _MOST_TOLD and self.inside != "abstract":
            ways = [
                tuple(chain(*routes))
                for routes in product(*(slot.routes for slot in self.slots))
            ]
            if all(map(self._is_told, ways)):
                return exactly(chain(*map(self._keys, ways)))
        return Clauses(tuple(dict.fromkeys(self._necessary())))

    def _is_told(self, way: _Route) -> bool:
        """Say whether the keys of these steps stand for the steps themselves."""
        most = 1 if self.inside == "organisation" else _MOST_TOLD
        is_cut = any(form.endswith("*") for step in way for form in step)
        return len(way) <= most and not is_cut

    def _keys(self, steps: _Route) -> Clause:
        """Return the keys of one step, or of two neighbours."""
        return frozenset(self._key(" ".join(forms)) for forms in product(*steps))

    def _necessary(self) -> Iterator[Clause]:
        """Yield clauses: of each slot, and of neighbours that have one way each."""
        for slot in self.slots:
            yield frozenset(chain(*map(self._rarest_of, slot.routes)))
        for left, right in pairwise(self.slots):
            if len(left.routes) == len(right.routes) == 1:
                yield self._rarest_of((left.routes[0][-1], right.routes[0][0]))

    def _rarest_of(self, route: _Route) -> Clause:
        """Return what keys to look for, of a word and what stands beside it."""
        pairs = filter(self._is_told, pairwise(route))
        return rarest(map(self._keys, (*((step,) for step in route), *pairs)))

    def _key(self, form: str) -> str:
        key = f"{form[:PREFIX_LENGTH]}*" if form.endswith("*") else form
        return _KEY_PREFIX.get(self.inside, "") + key


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody to follow."""

    name: names.Name

    @property
    def text(self) -> str:
        """The term as the parser reads it."""
        return f'author:"{self.name.text}"'

    def holds(self, paper: PreparedPaper) -> bool:
        """Say whether one of the authors may be the one asked for."""
        return any(
            author.last == self.name.last
            and names.compare_names(self.name, author) is not names.Agreement.NONE
            for author in paper.authors
        )

    def clauses(self) -> Clauses:
        """Return the last name, which tells all where no other is given."""
        keys = frozenset({f"author:{self.name.last}"})
        return Clauses((keys,), is_exact=not self.name.given)


@dataclass(frozen=True, slots=True)
class Category:
    """A category with all below it: "cs" has "cs.cv"."""

    name: str

    @property
    def text(self) -> str:
        """The term as the parser reads it."""
        is_bare = _BARE.fullmatch(self.name) is not None
        return "cat:" + _print_value(self.name, is_bare=is_bare)

    def covers(self, category: str) -> bool:
        """Say whether a folded category is this one or below it."""
        return category == self.name or category.startswith(f"{self.name}.")

    def holds(self, paper: PreparedPaper) -> bool:
        """Say whether the paper is in it, cross-lists included."""
        return any(map(self.covers, paper.categories))

    def clauses(self) -> Clauses:
        """Return the category, which tells all."""
        return exactly({f"cat:{self.name}"})


@dataclass(frozen=True, slots=True)
class Votes:
    """At least so many votes."""

    minimum: int

    @property
    def text(self) -> str:
        """The term as the parser reads it."""
        return f"votes:{self.minimum}"

    def holds(self, paper: PreparedPaper) -> bool:
        """Say whether the paper has them."""
        return paper.paper.votes >= self.minimum

    def clauses(self) -> Clauses:
        """Return nothing: votes are not looked up."""
        return Clauses()
