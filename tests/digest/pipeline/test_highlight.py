"""Marks in titles and abstracts, whatever those say."""

import re
from html import unescape
from typing import Any

import pytest
from django.utils.html import escape
from hypothesis import example, given
from hypothesis import strategies as st

from digest import tex
from digest.matching.spotting import write_words
from digest.matching.tokens import tokenise
from digest.pipeline.render.highlight import for_mail, for_page, sought_words

MARK = re.compile(r"<strong>([^<>]*)</strong>")

_PIECES = [
    "zebra",
    "Zebras",
    " ",
    " ",
    "-",
    ", ",
    "<b>",
    "</strong>",
    "<strong>",
    "<script>alert(1)</script>",
    "<a href='//evil'>",
    "&lt;",
    "&amp;",
    "&zebra;",
    "&#122;",
    '"',
    "'",
    "$",
    "$zebra_2 < x$",
    r"$x + zebra$",
    r"\(zebra\)",
    r"\alpha",
    "{",
    "}",
    "\\",
    "{{ zebra }}",
    "{0}",
    "%s",
    "ö",
    "\N{COMBINING ACUTE ACCENT}",
    "机",
    "\n\n",
]
_texts = st.lists(st.sampled_from(_PIECES), max_size=14).map("".join)
_words = st.lists(_texts | st.sampled_from(["zebra", "lt", "amp", "strong", "x"]))


def as_words(texts: list[str]) -> list[str]:
    """The words of these texts, as evidence holds them."""
    return [write_words(tokenise(text)) for text in texts]


@given(text=_texts | st.text(), said=_words)
@example("&zebra; <zebra> $a zebra$", ["zebra"])
@example("a$zebra_2 < x$b", ["zebra2"])
def test_without_its_marks_it_is_the_escaped_text(text: str, said: list[str]) -> None:
    marked = for_mail(text, as_words(said))

    plain = MARK.sub(r"\1", marked)
    assert plain == escape(text)
    assert unescape(plain) == unescape(escape(text))


@given(text=_texts, said=_words)
@example("a $x + zebra$ b", ["zebra"])
@example("$zebra$ $zebra$", ["zebra"])
def test_a_mark_cuts_no_entity_and_no_formula(text: str, said: list[str]) -> None:
    edges = _edges(text, for_mail(text, as_words(said)))

    assert all(
        not start < edge < after
        for start, after in tex.find_maths(text)
        for edge in edges
    )


def _edges(text: str, marked: str) -> list[int]:
    """Where marks begin and end, as places in the text before it was escaped."""
    edges, escaped = [], ""
    for piece in re.split("(</?strong>)", marked):
        if piece.startswith(("<strong>", "</strong>")):
            edges.append(len(unescape(escaped)))
            assert escape(text[: edges[-1]]) == escaped
        else:
            escaped += piece
    return edges


@pytest.mark.parametrize(
    ("text", "said", "expected"),
    [
        ("A Zebra & a horse", "zebra", "A <mark>Zebra</mark> &amp; a horse"),
        ("<b>zebra</b>", "zebra", "&lt;b&gt;<mark>zebra</mark>&lt;/b&gt;"),
        ("AT&amp;T", "amp", "AT&amp;<mark>amp</mark>;T"),
        ("Of $x + zebra$ herds", "zebra", "Of <mark>$x + zebra$</mark> herds"),
        ("Nothing", "zebra", "Nothing"),
    ],
)
def test_it_marks_words_of_the_text(text: str, said: str, expected: str) -> None:
    assert for_page(text, [said]) == expected


def test_it_seeks_what_matched_in_title_and_abstract_alone() -> None:
    evidence: list[dict[str, Any]] = [
        {
            "kind": "phrase",
            "text": "Gene maps",
            "field": "title",
            "words": ["gene map"],
        },
        {"kind": "word", "text": "Old", "field": "abstract"},
        {"kind": "sentence", "text": "We fold.", "field": "abstract", "words": []},
        {"kind": "similar", "text": "Another", "field": "saved", "words": []},
        {"kind": "author", "text": "A. Smith", "field": "author"},
    ]

    assert sought_words(evidence) == {"gene map", "old"}
