"""The sentences of a digest around its papers: subject, heading, lead, honest line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SUBJECT_LENGTH = 100
TOPICS_NAMED = 3


class HasPapers(Protocol):
    """A part of a digest with a name and papers."""

    @property
    def name(self) -> str: ...
    @property
    def papers(self) -> Sequence[object]: ...
    @property
    def is_outside(self) -> bool: ...


class Summary(Protocol):
    """What the sentences are made from."""

    @property
    def day(self) -> date: ...
    @property
    def sections(self) -> Sequence[HasPapers]: ...
    @property
    def more(self) -> int: ...
    @property
    def paper_count(self) -> int: ...


def subject(content: Summary) -> str:
    """At most 100 characters: how many papers, on what, of which day."""
    count = content.paper_count
    papers = ngettext("{count} paper", "{count} papers", count).format(count=count)
    day = date_format(content.day, "j F")
    names = _names(content)
    for shown in range(min(len(names), TOPICS_NAMED), 0, -1):
        text = _("{papers} for {day}: {topics}").format(
            papers=papers, day=day, topics=_list_some(names, shown)
        )
        if len(text) <= SUBJECT_LENGTH:
            return text
    return _("{papers} for {day}").format(papers=papers, day=day)


def heading(day: date, cadence: str) -> str:
    """The mail's headline."""
    if cadence == "weekly":
        return _("Your papers of the week to {day}").format(
            day=date_format(day, "j F Y")
        )
    if cadence == "monthly":
        return _("Your papers of the month to {day}").format(
            day=date_format(day, "j F Y")
        )
    if cadence == "welcome":
        return _("Your papers of the last 7 days")
    return _("Your papers for {day}").format(day=date_format(day, "l j F Y"))


def lead(content: Summary) -> str:
    """The first sentence, which mail programs also show in their lists."""
    parts = [
        _("{count} in {topic}").format(count=len(section.papers), topic=section.name)
        for section in content.sections
        if not section.is_outside
    ]
    parts += [
        _("{count} outside your topics").format(count=len(section.papers))
        for section in content.sections
        if section.is_outside
    ]
    count = content.paper_count
    papers = ngettext("{count} paper", "{count} papers", count).format(count=count)
    text = _("{papers}: {parts}.").format(papers=papers, parts=", ".join(parts))
    if len(content.sections) == 1 and not content.sections[0].is_outside:
        text = _("{papers} in {topic}.").format(
            papers=papers, topic=content.sections[0].name
        )
    if content.more:
        more = ngettext(
            "{count} more is on the web.", "{count} more are on the web.", content.more
        )
        text = f"{text} {more.format(count=content.more)}"
    return text


def topics(content: Summary) -> str:
    """The topics of this digest, for the line about why it came."""
    return ", ".join(_names(content))


def _names(content: Summary) -> list[str]:
    """The reader's topics, each once: what lies outside them is none."""
    found = (section.name for section in content.sections if not section.is_outside)
    return list(dict.fromkeys(found))


def _list_some(names: Sequence[str], shown: int) -> str:
    left = len(names) - shown
    listed = ", ".join(names[:shown])
    if not left:
        return listed
    return ngettext(
        "{topics} and {count} more", "{topics} and {count} more", left
    ).format(topics=listed, count=left)
