"""Pieces of HTML with their styles inlined: once per process, never per mail."""

import hashlib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import css_inline
from django.conf import settings
from django.template.loader import get_template, render_to_string
from django.utils.translation import get_language, get_language_bidi

from digest.pipeline.render.holes import PERSONAL, hole, holes
from digest.pipeline.render.paper import PaperView

TEMPLATES = Path(__file__).resolve().parents[3] / "templates/digest/email"
SHARED = ("subject", "heading", "lead", "body", "coverage", "topics")


@cache
def template_version() -> str:
    """Hash of every template and stylesheet that makes a digest."""
    digest = hashlib.sha256()
    for path in sorted(TEMPLATES.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


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
def shell(language: str, site_name: str, postal_address: str) -> str:
    """The mail without its content: every varying place is a hole."""
    html = render_to_string(
        "digest/email/digest.html",
        {
            "language": language,
            "direction": "rtl" if get_language_bidi() else "ltr",
            "site_name": site_name,
            "postal_address": postal_address,
            "hole": holes(*SHARED, *PERSONAL),
        },
        using="html",
    )
    inlined: str = _inliner().inline(html)
    # A parser moves bare text out of a table, so the body's hole travels in a row.
    return inlined.replace(f"<tr><td>{hole('body')}</td></tr>", hole("body"))


@lru_cache(maxsize=8192)
def paper(view: PaperView, language: str) -> str:
    """One paper's row; kept for each language, whose words it holds."""
    return _row("_paper.html", {"paper": view, "language": language})


def section(name: str, description: str) -> str:
    """The head of one topic."""
    return _row("_section.html", {"name": name, "description": description})


def leave(name: str, leave_url: str) -> str:
    """The foot of one topic, with its own leave link."""
    return _row("_leave.html", {"name": name, "leave_url": leave_url})


def more(count: int, web_url: str) -> str:
    """The line about what the cap left out."""
    return _row("_more.html", {"count": count, "web_url": web_url})


def coverage(covered: str, missing: list[str]) -> str:
    """The honest line."""
    return _inline("_coverage.html", {"covered": covered, "missing": missing})


def _row(template: str, context: dict[str, Any]) -> str:
    """A table row: inlined inside a table, because a parser drops rows outside one."""
    html = get_template(f"digest/email/{template}", using="html").render(context)
    inlined = _inliner().inline_fragment(f"<table>{html}</table>", _css())
    start = inlined.index("<tr>")
    return inlined[start : inlined.rindex("</tr>") + len("</tr>")]


def _inline(template: str, context: dict[str, Any]) -> str:
    html = get_template(f"digest/email/{template}", using="html").render(context)
    inlined: str = _inliner().inline_fragment(html, _css())
    return inlined


def language_code() -> str:
    """The language that is active now."""
    return get_language() or settings.LANGUAGE_CODE
