"""One paper as a reference: plain one-line texts, TeX turned into Unicode."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from digest import tex
from digest.models import Paper

_GROUP = re.compile(r"\b(collaboration|consortium|team|group|network)\b", re.IGNORECASE)
_PARTICLES = {"da", "de", "del", "den", "der", "di", "dos", "du", "la", "le"}
_PARTICLES |= {"van", "von", "zu"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class Name:
    """An author: family and given names; of a group the family name alone."""

    family: str
    given: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """What a file says of one paper. `extra`: what its list says of it, by column."""

    title: str
    authors: tuple[Name, ...]
    printed_authors: tuple[str, ...]
    published_on: date | None
    abstract: str
    url: str
    doi: str
    arxiv_id: str
    category: str
    journal: str
    extra: Mapping[str, str] = field(default_factory=dict)


def reference_of(paper: Paper, extra: Mapping[str, str] | None = None) -> Reference:
    """The paper as a reference."""
    printed = tuple(map(_clean, paper.author_names))
    return Reference(
        title=_clean(paper.title),
        authors=tuple(map(read_name, filter(None, printed))),
        printed_authors=printed,
        published_on=paper.announced_on,
        abstract=_clean(paper.abstract),
        url=_one_line(paper.url),
        doi=_one_line(paper.doi),
        arxiv_id=_one_line(paper.arxiv_id),
        category=_one_line(paper.primary_category),
        journal=_clean(paper.journal_ref),
        extra=extra or {},
    )


def read_name(printed: str) -> Name:
    """Tell the family name: the last word, with "van" or "de" before it."""
    family, comma, given = printed.partition(",")
    if comma:
        return Name(family.strip(), given.strip())
    words = printed.split()
    if len(words) == 1 or _GROUP.search(printed):
        return Name(printed)
    at = len(words) - 1
    while at > 1 and words[at - 1].lower() in _PARTICLES:
        at -= 1
    return Name(" ".join(words[at:]), " ".join(words[:at]))


def _clean(text: str) -> str:
    return _one_line(tex.to_unicode(text))


def _one_line(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", text).split())
