"""A parsed query: terms joined by AND, OR and exclusion, in one canonical order.

Promise: two queries that differ only in order, brackets, repetition, case or
quotes around one word are equal, and print alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from digest.matching import clauses
from digest.matching.clauses import Clauses
from digest.matching.paper import PreparedPaper
from digest.matching.terms import Author, Category, Text, Votes

_MOST_WORDINGS = 8


@dataclass(frozen=True, slots=True)
class And:
    """All of these; made by `all_of`."""

    children: tuple[Node, ...]

    @property
    def text(self) -> str:
        """The node as the parser reads it."""
        return " ".join(
            f"({child.text})" if isinstance(child, Or) else child.text
            for child in self.children
        )

    def holds(self, paper: PreparedPaper) -> bool:
        """Say whether the paper has all."""
        return all(child.holds(paper) for child in self.children)

    def clauses(self) -> Clauses:
        """Return those of all children."""
        return clauses.all_of(child.clauses() for child in self.children)


@dataclass(frozen=True, slots=True)
class Or:
    """One of these at least; made by `any_of`."""

    children: tuple[Node, ...]

    @property
    def text(self) -> str:
        """The node as the parser reads it."""
        return " OR ".join(child.text for child in self.children)

    def holds(self, paper: PreparedPaper) -> bool:
        """Say whether the paper has one."""
        return any(child.holds(paper) for child in self.children)

    def clauses(self) -> Clauses:
        """Return one clause for all children, if every child has one."""
        return clauses.any_of(child.clauses() for child in self.children)


@dataclass(frozen=True, slots=True)
class Not:
    """None of this; made by `exclude`."""

    child: Node

    @property
    def text(self) -> str:
        """The node as the parser reads it."""
        is_group = isinstance(self.child, And | Or)
        return f"-({self.child.text})" if is_group else f"-{self.child.text}"

    def holds(self, paper: PreparedPaper) -> bool:
        """Say whether the paper lacks it."""
        return not self.child.holds(paper)

    def clauses(self) -> Clauses:
        """Return the child's, excluded."""
        return clauses.none_of(self.child.clauses())


Node = Text | Author | Category | Votes | And | Or | Not


def all_of(nodes: Iterable[Node]) -> Node:
    """Join by AND; words like "the" go where another term says what is wanted."""
    children: list[Node] = []
    for node in nodes:
        children.extend(node.children if isinstance(node, And) else (node,))
    telling = [n for n in children if not (isinstance(n, Text) and n.is_filler)]
    if any(map(is_positive, telling)):
        children = telling
    ordered = _in_order(children)
    return ordered[0] if len(ordered) == 1 else And(ordered)


def any_of(nodes: Iterable[Node]) -> Node:
    """Join by OR."""
    children: list[Node] = []
    for node in nodes:
        children.extend(node.children if isinstance(node, Or) else (node,))
    ordered = _in_order(children)
    return ordered[0] if len(ordered) == 1 else Or(ordered)


def exclude(node: Node) -> Node:
    """Turn a node round; twice is the node itself."""
    return node.child if isinstance(node, Not) else Not(node)


def is_positive(node: Node) -> bool:
    """Say whether the node asks for something, not only for its absence."""
    if isinstance(node, And):
        return any(map(is_positive, node.children))
    if isinstance(node, Or):
        return all(map(is_positive, node.children))
    return not isinstance(node, Not)


def _in_order(nodes: list[Node]) -> tuple[Node, ...]:
    """Drop repetitions; what is wanted first, exclusions last, else by the alphabet."""
    return tuple(
        sorted(dict.fromkeys(nodes), key=lambda n: (isinstance(n, Not), n.text))
    )


@dataclass(frozen=True, slots=True)
class Query:
    """A question to papers; equal to every query that asks the same words."""

    root: Node

    def canonical(self) -> str:
        """Return the one spelling of this query; parsing it gives an equal query."""
        return self.root.text

    def wordings(self) -> tuple[str, ...]:
        """Return the words it asks for as a wish has them: one line an alternative.

        Empty where it names only authors, categories or votes.
        """
        children = self.root.children if isinstance(self.root, Or) else (self.root,)
        lines = (" ".join(_wanted_words(child)) for child in children)
        return tuple(dict.fromkeys(line for line in lines if line))[:_MOST_WORDINGS]

    def beyond_words(self) -> Query | None:
        """Return what must hold even of papers that say its words in other words.

        These are authors, categories, votes, exclusions and words of one field; None
        where it asks for words alone.
        """
        children = self.root.children if isinstance(self.root, And) else (self.root,)
        others = [child for child in children if not _is_words(child)]
        return Query(all_of(others)) if others else None


def _is_words(node: Node) -> bool:
    """Say whether the node is words alone, wherever they stand."""
    if isinstance(node, And | Or):
        return all(map(_is_words, node.children))
    return isinstance(node, Text) and node.inside is None


def _wanted_words(node: Node) -> Iterator[str]:
    """Yield the words of a node that are not excluded."""
    if isinstance(node, Text):
        for slot in node.slots:
            yield "-".join(slot.parts)
    elif isinstance(node, And | Or):
        for child in node.children:
            yield from _wanted_words(child)
