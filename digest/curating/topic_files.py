"""Curated topics as a file for version control, in the form of the starter's topics.

What is given out is taken in again without a change. Taking in makes and changes topics
by their short names; it never retires or deletes one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from digest import matching, starter
from digest.models import Strictness, Topic
from digest.starter import StarterError, StarterTopic

__all__ = [
    "WRITTEN",
    "Fate",
    "Judged",
    "StarterError",
    "export_topics",
    "judge",
    "take_in",
]

FIELDS = ("name", "description", "query", "wish", "strictness", "position")
POSITION_STEP = 10


class Fate(StrEnum):
    """What taking a topic in comes to."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


WRITTEN = {Fate.NEW, Fate.CHANGED}


@dataclass(frozen=True, slots=True)
class Judged:
    """One topic of a file. `fields`: what it changes; `reason`: why it is refused."""

    topic: StarterTopic
    position: int
    fate: Fate
    fields: tuple[str, ...] = ()
    reason: str = ""


def export_topics() -> tuple[str, int]:
    """The curated topics that are offered, in the readers' order, and how many."""
    topics = list(Topic.objects.public().order_by("position", "name"))
    return "\n".join(map(_write, topics)), len(topics)


def judge(text: str, file: str = "topics.toml") -> list[Judged]:
    """What each topic of a file would come to; writes nothing.

    Raises:
        StarterError: the file cannot be read; it says where.
    """
    topics = starter.parse_topics(text, file)
    slugs = [topic.slug for topic in topics]
    known = {topic.slug: topic for topic in Topic.objects.filter(slug__in=slugs)}
    places = _places(slugs, known)
    return [
        _judge(topic, places[topic.slug], known.get(topic.slug)) for topic in topics
    ]


def take_in(judged: Sequence[Judged]) -> list[Topic]:
    """Make and change the topics, unless refused; those whose papers must be matched.

    Call it with what `judge` says now, in the transaction of whoever writes it down.
    """
    with transaction.atomic():
        return [_write_row(one) for one in judged if one.fate in WRITTEN]


def _places(slugs: Sequence[str], known: Mapping[str, Topic]) -> dict[str, int]:
    """Where each topic stands: as it does if the file keeps the order, else by tens."""
    here = [slug for slug in slugs if slug in known]
    if here != sorted(here, key=lambda slug: (known[slug].position, known[slug].name)):
        return {slug: n * POSITION_STEP for n, slug in enumerate(slugs, start=1)}
    places: dict[str, int] = {}
    last = 0
    for slug in slugs:
        last = known[slug].position if slug in known else last + 1
        places[slug] = last
    return places


def _judge(topic: StarterTopic, position: int, known: Topic | None) -> Judged:
    reason = _why_refused(topic, known)
    if reason:
        return Judged(topic, position, Fate.REFUSED, reason=reason)
    if known is None:
        return Judged(topic, position, Fate.NEW)
    values = _values(topic, position)
    fields = tuple(name for name in FIELDS if getattr(known, name) != values[name])
    fate = Fate.CHANGED if fields else Fate.SAME
    return Judged(topic, position, fate, fields)


def _why_refused(topic: StarterTopic, known: Topic | None) -> str:
    """Why this topic cannot be taken in; empty if it can."""
    if known and known.owner_id:
        return _("A reader's own topic has this short name.")
    if known and known.kind != topic.kind:
        return _("The topic that is here is of another kind.")
    if known and known.is_retired:
        return _("The topic that is here is retired: restore it first.")
    try:
        if topic.query:
            matching.parse_query(topic.query)
    except matching.QueryError as error:
        return _("The query cannot be read at character {place}: {code}").format(
            place=error.position + 1, code=error.message_code
        )
    row = Topic(slug=topic.slug, kind=topic.kind, **_values(topic, 0))
    try:
        row.clean_fields()
    except ValidationError as error:
        said = error.message_dict.items()
        return " ".join(f"{name}: {' '.join(words)}" for name, words in said)
    return ""


def _values(topic: StarterTopic, position: int) -> dict[str, object]:
    return {
        "name": topic.name,
        "description": topic.description,
        "query": topic.query,
        "wish": topic.wish,
        "strictness": Strictness[topic.strictness.name],
        "position": position,
    }


def _write_row(one: Judged) -> Topic:
    values = _values(one.topic, one.position)
    if one.fate == Fate.NEW:
        return Topic.objects.create(slug=one.topic.slug, kind=one.topic.kind, **values)
    row = Topic.objects.select_for_update().get(slug=one.topic.slug)
    for name, value in values.items():
        setattr(row, name, value)
    row.matched_at = None
    row.save(update_fields=[*FIELDS, "matched_at"])
    return row


def _write(topic: Topic) -> str:
    """One `[[topic]]` table; what is as usual is left out."""
    level = Strictness(topic.strictness)
    named = ((n, getattr(topic, n)) for n in ("slug", "name", "description"))
    lines = ["[[topic]]", *(f"{n} = {_quote(text)}" for n, text in named if text)]
    if topic.kind != Topic.Kind.QUERY:
        lines.append(f"kind = {_quote(topic.kind)}")
    if topic.query:
        lines.append(f"query = {_quote(topic.query)}")
    if topic.wish:
        lines.append(f"wish = {_quote_lines(topic.wish)}")
    if topic.wish and level != Strictness.USUAL:
        lines.append(f"strictness = {_quote(level.name.lower())}")
    return "\n".join(lines) + "\n"


def _quote(text: str) -> str:
    """A basic string of TOML: JSON's escapes are TOML's, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _quote_lines(text: str) -> str:
    """A line each, as a person edits them; words that would end them are escaped."""
    lines = [_quote(line)[1:-1] for line in text.splitlines()]
    return '"""\n' + "\n".join(lines) + '\n"""'
