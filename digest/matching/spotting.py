"""Where words that matched stand in a text that is shown.

Promise: a text is read with the same tokeniser as in matching, so what was found in a
paper is found again in its title or in a piece of its abstract, TeX or Unicode; spans
come in order, lie apart, and begin and end at the edge of a word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from digest.matching.tokens import Token, tokenise

_JOINTS = " -\u2010\u2011\u2013\u2212"  # between words that read as one run


def write_words(tokens: Sequence[Token]) -> str:
    """Return folded words, one after the other, in the way `spot` looks for them."""
    return " ".join(token.form for token in tokens)


def spot(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Return (start, end) wherever one of `words` stands; neighbours become one span.

    words: as `write_words` gives them; several stand one after the other.
    """
    sought: dict[str, list[list[str]]] = defaultdict(list)
    for written in words:
        if parts := written.split():
            sought[parts[0]].append(parts)
    tokens = tokenise(text) if sought else []
    forms = [token.form for token in tokens]
    spans: list[tuple[int, int]] = []
    for place, form in enumerate(forms):
        for parts in sought.get(form, ()):
            after = place + len(parts)
            if forms[place:after] == parts:
                _add(spans, tokens[place].start, tokens[after - 1].end, text)
    return spans


def _add(spans: list[tuple[int, int]], start: int, end: int, text: str) -> None:
    """Put a span behind the others, or make the last one longer."""
    if spans:
        first, last = spans[-1]
        if start <= last or not text[last:start].strip(_JOINTS):
            spans[-1] = (first, max(end, last))
            return
    spans.append((start, end))
