"""A query as a full-text index of papers is asked it.

Promise: every paper that the query holds for is found. If the lookup is exact, no other
is; else each paper has to be asked the query itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise, product

from digest.matching.lexemes import EVERY, Tree, all_of, any_of, lexeme
from digest.matching.query import And, Node, Not, Or, Query
from digest.matching.terms import Author, Category, Text, Votes

_MOST_WAYS = 16  # of writing a phrase; of more, only the words are looked up
_MOST_RANKED = 6
_KEY_PREFIX = {"title": "title:", "organisation": "org:"}

_Way = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Lookup:
    """What to ask the index.

    tree: what papers must have; `titled`: that and all words that are asked for in the
    title, then that and one of them; votes: how many a paper must have at least.
    """

    tree: Tree
    is_exact: bool
    titled: tuple[Tree, ...]
    votes: int


def look_up(query: Query) -> Lookup:
    """Say how the papers of a query are found."""
    parts = query.root.children if isinstance(query.root, And) else (query.root,)
    asked = [part for part in parts if not isinstance(part, Votes)]
    tree, is_exact = _all(asked)
    wanted = list(chain(*map(_wanted, asked)))[:_MOST_RANKED]
    titles = [_text(replace(text, inside="title"))[0] for text in wanted]
    ranks = (all_of(titles), any_of(titles)) if titles else ()
    return Lookup(
        tree,
        is_exact,
        tuple(all_of((tree, rank)) for rank in ranks),
        max((part.minimum for part in parts if isinstance(part, Votes)), default=0),
    )


def _tree(node: Node) -> tuple[Tree, bool]:
    """The node's tree, and whether it says all that the node says."""
    match node:
        case And():
            return _all(node.children)
        case Or():
            trees, are_exact = zip(*map(_tree, node.children), strict=True)
            return any_of(trees), all(are_exact)
        case Not():
            return _all([node])
        case Text():
            return _text(node)
        case Author():
            return lexeme(f"author:{node.name.last}"), not node.name.given
        case Category():
            return lexeme(f"cat:{node.name}"), True
        case Votes():
            return EVERY, False


def _all(nodes: Sequence[Node]) -> tuple[Tree, bool]:
    wanted, without, is_exact = [], [], True
    for node in nodes:
        tree, is_told = _tree(node.child if isinstance(node, Not) else node)
        is_exact = is_exact and is_told
        if not isinstance(node, Not):
            wanted.append(tree)
        elif is_told:
            without.append(tree)
    return all_of(wanted, without), is_exact


def _text(term: Text) -> tuple[Tree, bool]:
    """One way to write the words after another; with their pairs where there are."""
    ways: list[_Way] = []
    for routes in product(*(slot.routes for slot in term.slots)):
        ways.append(tuple(chain(*routes)))
        if len(ways) > _MOST_WAYS:
            return all_of(_words_of(way, term) for way in _apart(term)), False
    trees, are_exact = zip(*(_way(way, term) for way in ways), strict=True)
    return any_of(trees), all(are_exact) and term.inside != "abstract"


def _apart(term: Text) -> Iterator[_Way]:
    """Each slot by itself, however it is written."""
    for slot in term.slots:
        yield (tuple(form for route in slot.routes for form in route[0]),)


def _way(way: _Way, term: Text) -> tuple[Tree, bool]:
    pairs: list[Tree] = []
    if term.inside != "organisation":
        pairs = [
            any_of(_lexeme(f"{a} {b}", term) for a, b in product(left, right))
            for left, right in pairwise(way)
            if not _is_cut(left) and not _is_cut(right)
        ]
    is_told = len(way) == 1 or (len(way) == 2 and bool(pairs))  # noqa: PLR2004
    if is_told and pairs:
        return pairs[0], True
    return all_of([_words_of(way, term), *pairs]), is_told


def _words_of(way: _Way, term: Text) -> Tree:
    return all_of(any_of(_lexeme(form, term) for form in step) for step in way)


def _lexeme(key: str, term: Text) -> Tree:
    return lexeme(_KEY_PREFIX.get(term.inside or "", "") + key)


def _is_cut(step: tuple[str, ...]) -> bool:
    return any(form.endswith("*") for form in step)


def _wanted(node: Node) -> Iterator[Text]:
    """The words that are asked for wherever they stand, not those excluded."""
    if isinstance(node, Text) and node.inside is None:
        yield node
    elif isinstance(node, And | Or):
        for child in node.children:
            yield from _wanted(child)
