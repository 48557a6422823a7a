"""Titles and abstracts as HTML in which the words that matched are marked.

Promise: without the marks it is the escaped text, character by character. A mark holds
text alone, no mark stands in another, and none begins or ends within maths.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from digest import tex
from digest.matching.spotting import spot, write_words
from digest.matching.tokens import tokenise

Span = tuple[int, int]

_IN_TEXT = {"title", "abstract"}


def sought_words(evidence: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The words by which a paper was found; for old evidence, those of its quotes."""
    return frozenset(
        words
        for piece in evidence
        if piece["field"] in _IN_TEXT and piece.get("kind") != "sentence"
        for words in piece.get("words") or (write_words(tokenise(piece["text"])),)
    )


def for_mail(text: str, words: Iterable[str]) -> SafeString:
    """The text for a mail, where `strong` is the mark that all programs know."""
    return _highlight(text, words, "<strong>{}</strong>")


def for_page(text: str, words: Iterable[str]) -> SafeString:
    """The text for a page."""
    return _highlight(text, words, "<mark>{}</mark>")


def _highlight(text: str, words: Iterable[str], mark: str) -> SafeString:
    pieces: list[tuple[str]] = []
    last = 0
    for start, end in _around_maths(spot(text, words), tex.find_maths(text)):
        pieces += [(text[last:start],), (format_html(mark, text[start:end]),)]
        last = end
    pieces.append((text[last:],))
    return format_html_join("", "{}", pieces)


def _around_maths(spans: Iterable[Span], maths: Iterable[Span]) -> Iterator[Span]:
    """Widen spans that touch a formula to all of it; what then overlaps is one."""
    formulas = list(maths)
    last: Span | None = None
    for start, end in spans:
        for first, after in formulas:
            if first < end and start < after:
                start, end = min(start, first), max(end, after)  # noqa: PLW2901
        if last and start < last[1]:
            last = (last[0], max(end, last[1]))
            continue
        if last:
            yield last
        last = (start, end)
    if last:
        yield last
