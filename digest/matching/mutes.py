"""What a reader never wants to see: words, phrases and authors.

Promise: a word is muted as a quoted phrase would find it; an author where the names
leave no doubt. A mute that cannot be read is refused when it is written, not later.
"""

from __future__ import annotations

from collections.abc import Iterable

from digest.matching import names
from digest.matching.errors import QueryError
from digest.matching.grammar import parse_query
from digest.matching.query import Query


def read_phrase(text: str) -> Query:
    """Return the query for words that stand one after the other.

    Raises:
        QueryError: there is nothing to look for, or a quotation mark in it.
    """
    if '"' in text:
        raise QueryError("unclosed_quote", text.index('"'))
    return parse_query(f'"{text}"')


def is_muted_author(muted: str, authors: Iterable[str]) -> bool:
    """Say whether one of the authors is the muted one, as surely as names can tell.

    "J. Doe" may be anybody's: it mutes those who are written so, not Jane Doe. A last
    name alone mutes who has no other, such as a group.
    """
    asked = names.parse_name(muted)
    found = map(names.parse_name, authors)
    return any(one == asked or _is_surely(asked, one) for one in found)


def _is_surely(asked: names.Name, author: names.Name) -> bool:
    agreement = names.compare_names(asked, author)
    return bool(asked.given) and agreement is names.Agreement.CERTAIN
