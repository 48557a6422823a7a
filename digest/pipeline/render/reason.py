"""The reason line: a match's evidence in words a reader believes."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from digest import tex

Evidence = Mapping[str, Any]


_SENTENCE_ENDS = (".", "!", "?", "…")


def _sentence(piece: Evidence) -> str:
    """A translated sentence with one place, `{term}`, for what matched."""
    if piece["field"] == "votes":
        return ngettext("{term} vote", "{term} votes", int(piece["text"]))
    if piece["field"] == "author" and piece.get("is_possible"):
        return _("possibly author {term}")
    if _is_quotation(piece):
        return _("close in meaning: “{term}”")
    if piece["field"] == "had":
        day = date_format(date.fromisoformat(piece["on"]), "j F")
        return _("close to {term}, which you had on {day}").replace("{day}", day)
    return {
        "title": _("{term} in the title"),
        "abstract": _("{term} in the abstract"),
        "author": _("author {term}"),
        "category": _("category {term}"),
        "popularity": _("among the most voted"),
        "organisation": _("from {term}"),
        "liked": _("close to {term}, which you liked"),
        "saved": _("close to {term}, which you saved"),
        "near_miss": _(
            "Outside your topics: close to {term}, if less sure than you ask"
        ),
        "picked_near": _(
            "Outside your topics: picked by the curators, and matched by {term}, "
            "a topic close to yours"
        ),
        "voted_near": _(
            "Outside your topics: among the most voted of {term}, "
            "a topic close to yours"
        ),
        "more": _("close to {term}, which you asked for more like"),
        "example": _("close to {term}, an example of this topic"),
    }[piece["field"]]


def _is_quotation(piece: Evidence) -> bool:
    """Whether a whole sentence of the abstract is the reason."""
    return piece.get("kind") == "sentence"


def _term(piece: Evidence) -> str:
    """What matched, readable; a sentence that was cut says so."""
    text = tex.to_unicode(piece["text"])
    if _is_quotation(piece) and not text.endswith(_SENTENCE_ENDS):
        return f"{text} …"
    return text


def as_html(evidence: Iterable[Evidence]) -> SafeString:
    """The reason as HTML, what matched between <em> tags; empty without evidence."""
    return format_html_join(
        "; ",
        "{}",
        ((format_html(_sentence(p), term=_term_html(p)),) for p in evidence),
    )


def _term_html(piece: Evidence) -> str:
    if _is_quotation(piece):
        return _term(piece)
    return format_html("<em>{}</em>", _term(piece))


def as_text(evidence: Iterable[Evidence]) -> str:
    """The reason as plain text, what matched between asterisks or quotation marks."""
    return "; ".join(
        _sentence(piece).format(
            term=_term(piece) if _is_quotation(piece) else f"*{_term(piece)}*"
        )
        for piece in evidence
    )
