"""Pieces of mails with their styles inlined: once per process, never per mail.

`language` is the one that is active: a piece holds its words, and is kept for it.
"""

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import css_inline
from django.conf import settings
from django.template.loader import get_template
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from digest.pipeline.render import text_part
from digest.pipeline.render.holes import BODY, COVERAGE, OWN, PERSONAL, hole, holes
from digest.pipeline.render.paper import view, wrap
from digest.pipeline.render.piece import Piece, Shown

TEMPLATES = Path(__file__).resolve().parents[3] / "templates/digest/email"


@cache
def _css() -> str:
    return (TEMPLATES / "digest.css").read_text()


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(
        extra_css=_css(),
        load_remote_stylesheets=False,
        keep_at_rules=True,
        remove_inlined_selectors=True,
    )


@lru_cache(maxsize=32)
def shell(language: str, site_name: str, postal_address: str) -> Piece:
    """The mail without its content: every varying place is a hole."""
    context = {
        "language": language,
        "direction": "rtl" if get_language_bidi() else "ltr",
        "site_name": site_name,
        "postal_address": postal_address,
        "hole": holes(BODY, COVERAGE, *OWN, *PERSONAL),
    }
    html = _inliner().inline(_html("digest.html", context))
    # A parser moves bare text out of a table, so the body's hole travels in a row.
    # The cell has got a style by then; what fills the hole brings rows of its own.
    row = rf"<tr><td[^>]*>{re.escape(hole(BODY))}</td></tr>"
    html = re.sub(row, hole(BODY), html)
    return Piece(html, _text("digest.txt", context).strip() + "\n")


@lru_cache(maxsize=4096)
def paper(shown: Shown, abstract_length: int, language: str) -> Piece:
    """One paper's row; kept for each language, whose words it holds."""
    seen = view(shown, abstract_length)
    return Piece(
        _row("_paper.html", {"paper": seen, "language": language}),
        _text("_paper.txt", {"paper": text_part.paper(seen)}),
    )


@lru_cache(maxsize=2048)
def section(name: str, description: str, language: str) -> Piece:  # noqa: ARG001
    """The head of one topic."""
    context = {"name": name, "description": description, "rule": text_part.rule(name)}
    return Piece(_row("_section.html", context), _text("_section.txt", context))


@lru_cache(maxsize=2048)
def leave(name: str, topic_id: int, language: str) -> Piece:  # noqa: ARG001
    """The foot of one topic, with its own leave link."""
    context = {"name": name, "leave_url": hole(f"leave_url:{topic_id}")}
    return Piece(_row("_leave.html", context), _text("_leave.txt", context))


@lru_cache(maxsize=1024)
def more(count: int, language: str) -> Piece:  # noqa: ARG001
    """The line about what the cap left out."""
    context = {"count": count, "web_url": hole("web_url")}
    return Piece(_row("_more.html", context), _text("_more.txt", context))


@lru_cache(maxsize=256)
def coverage(covered: str, missing: tuple[str, ...]) -> Piece:
    """The honest line."""
    context: dict[str, Any] = {"covered": covered, "missing": missing}
    wrapped = {
        "covered": covered and wrap(_("Covered: {}.").format(covered)),
        "missing": [wrap(line) for line in missing],
    }
    html = _html("_coverage.html", context)
    inlined = _inliner().inline_fragment(html, _css())
    return Piece(inlined, _text("_coverage.txt", wrapped))


def _row(template: str, context: dict[str, Any]) -> str:
    """A table row: inlined inside a table, because a parser drops rows outside one."""
    html = _html(template, context)
    inlined = _inliner().inline_fragment(f"<table>{html}</table>", _css())
    start = inlined.index("<tr>")
    return inlined[start : inlined.rindex("</tr>") + len("</tr>")] + "\n"


def _html(template: str, context: dict[str, Any]) -> str:
    return get_template(_place(template), using="html").render(context)


def _text(template: str, context: dict[str, Any]) -> str:
    return get_template(_place(template), using="text").render(context)


def _place(template: str) -> str:
    return f"digest/email/{template}"


def language_code() -> str:
    """The language that is active now."""
    return get_language() or settings.LANGUAGE_CODE
