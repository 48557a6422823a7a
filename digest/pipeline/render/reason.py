"""The reason line: a match's evidence in words a reader believes."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

Evidence = Mapping[str, Any]


def _sentence(piece: Evidence) -> str:
    """A translated sentence with one place, `{term}`, for what matched."""
    if piece["field"] == "votes":
        return ngettext("{term} vote", "{term} votes", int(piece["text"]))
    if piece["field"] == "author" and piece.get("is_possible"):
        return _("possibly author {term}")
    if piece.get("kind") == "sentence":
        return _("close in meaning: {term}")
    return {
        "title": _("{term} in the title"),
        "abstract": _("{term} in the abstract"),
        "author": _("author {term}"),
        "category": _("category {term}"),
        "popularity": _("among the most voted"),
        "organisation": _("from {term}"),
        "liked": _("close to {term}, which you liked"),
        "saved": _("close to {term}, which you saved"),
    }[piece["field"]]


def as_html(evidence: Iterable[Evidence]) -> SafeString:
    """The reason as HTML, what matched between <em> tags; empty without evidence."""
    return format_html_join(
        "; ",
        "{}",
        (
            (format_html(_sentence(p), term=format_html("<em>{}</em>", p["text"])),)
            for p in evidence
        ),
    )


def as_text(evidence: Iterable[Evidence]) -> str:
    """The reason as plain text, what matched between asterisks."""
    return "; ".join(
        _sentence(piece).format(term=f"*{piece['text']}*") for piece in evidence
    )
