"""What a new installation begins with: topics, sources, holidays and a sample feed.

The content lies in data files beside this module, so that a curator can read and
mend it. This module reads and checks it and knows neither Django nor a table. A
mistake in a file is told by file, entry and field.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from importlib import resources
from itertools import pairwise
from typing import Final, TypeVar

SAMPLE_FILE: Final = "papers.json"
TOPICS_FILE: Final = "topics.toml"
_MOST_DOTS: Final = 300
"""A key of more parts takes its reader seconds, one of 50,000 a minute."""

_OPTIONAL: Final = ("description", "kind", "query", "wish", "strictness")
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class StarterError(Exception):
    """A starter file is wrong. The text names the file, the entry and the fault."""


class TopicKind(StrEnum):
    """How a curated topic chooses its papers."""

    QUERY = "query"
    DAILY = "daily"


class HowSure(StrEnum):
    """How sure matching must be of a paper, from many papers to few."""

    MOST = "most"
    MORE = "more"
    USUAL = "usual"
    FEWER = "fewer"
    FEWEST = "fewest"


class SourceKind(StrEnum):
    """Which parser reads a source."""

    ARXIV_RSS = "arxiv_rss"
    HF_DAILY = "hf_daily"
    SAMPLE = "sample"


_Kind = TypeVar("_Kind", TopicKind, SourceKind)


@dataclass(frozen=True, slots=True)
class StarterTopic:
    """A curated topic; only kind "daily" has neither query nor wish.

    `wish`: what is wanted in plain words, a wording a line.
    """

    slug: str
    name: str
    description: str
    kind: TopicKind
    query: str
    wish: str
    strictness: HowSure


@dataclass(frozen=True, slots=True)
class StarterSource:
    """A feed to take in; the address of a "sample" is "sample:" and a file name."""

    slug: str
    name: str
    kind: SourceKind
    address: str


@dataclass(frozen=True, slots=True)
class StarterHoliday:
    """A day in whose evening arXiv announces nothing."""

    day: date
    name: str


def read_topics() -> list[StarterTopic]:
    """Return the curated topics in the order in which readers are to see them.

    Raises `StarterError` for a missing or unknown field, a kind that does not
    exist, a query or a wish where none belongs (or neither where one does), or a slug
    used twice.
    """
    text = resources.files(__package__).joinpath(TOPICS_FILE).read_text("utf-8")
    return parse_topics(text, TOPICS_FILE)


def parse_topics(text: str, file: str) -> list[StarterTopic]:
    """Read topics as `topics.toml` has them; `file` is the name that errors tell.

    Raises `StarterError` as `read_topics` does.
    """
    topics = [_read_topic(row, file) for row in _tables_of(text, file, "topic")]
    _require_unique(file, (topic.slug for topic in topics))
    return topics


def read_sources() -> list[StarterSource]:
    """Return the sources in the order in which they are to be fetched.

    Raises `StarterError` for a missing or unknown field, a kind that does not
    exist, or a slug used twice.
    """
    sources = [_read_source(row) for row in _tables("sources.toml", "source")]
    _require_unique("sources.toml", (source.slug for source in sources))
    return sources


def read_holidays() -> list[StarterHoliday]:
    """Return the days without an announcement of arXiv, in their order.

    Raises `StarterError` for a missing or unknown field, a day that is no date
    (2026-12-25, without quotation marks), or one that is not later than the last.
    """
    holidays = [_read_holiday(row) for row in _tables("holidays.toml", "holiday")]
    _require_rising(holidays)
    return holidays


def sample_days() -> list[bytes]:
    """The sample feed as one document for each of its days, the oldest first."""
    feed = json.loads(sample_feed())
    ages = sorted({paper["days_ago"] for paper in feed["papers"]}, reverse=True)
    return [
        json.dumps(
            {**feed, "papers": [p for p in feed["papers"] if p["days_ago"] == age]}
        ).encode()
        for age in ages
    ]


def sample_feed() -> bytes:
    """Return the sample feed as a source of kind "sample" would receive it.

    A JSON object with "title" and "papers"; each paper tells its day as `days_ago`,
    counted back from the day of reading. Raises `StarterError` if it is no such
    object.
    """
    content = resources.files(__package__).joinpath(SAMPLE_FILE).read_bytes()
    try:
        feed = json.loads(content)
    except ValueError as error:
        raise StarterError(f"{SAMPLE_FILE}: {error}") from error
    if not isinstance(feed, dict) or not isinstance(feed.get("papers"), list):
        raise StarterError(f'{SAMPLE_FILE}: "papers" must be a list')
    return content


def _read_topic(row: Mapping[str, object], file: str = TOPICS_FILE) -> StarterTopic:
    """Check one `[[topic]]` table."""
    text = _texts(file, row, ("slug", "name"), _OPTIONAL)
    kind = _kind(TopicKind, file, text | {"kind": text.get("kind", "query")})
    if (kind is TopicKind.QUERY) != ("query" in text or "wish" in text):
        raise StarterError(
            f'{file}, {text["slug"]}: a query or a wish belongs to kind "query" '
            "and only there"
        )
    query = " ".join(text.get("query", "").split())
    wish = "\n".join(" ".join(w.split()) for w in text.get("wish", "").splitlines())
    names = (text["slug"], text["name"], text.get("description", ""))
    return StarterTopic(*names, kind, query, wish, _strictness(file, text))


def _read_source(row: Mapping[str, object]) -> StarterSource:
    """Check one `[[source]]` table."""
    file = "sources.toml"
    text = _texts(file, row, ("slug", "name", "kind", "address"))
    kind = _kind(SourceKind, file, text)
    return StarterSource(text["slug"], text["name"], kind, text["address"])


def _read_holiday(row: Mapping[str, object]) -> StarterHoliday:
    """Check one `[[holiday]]` table."""
    day, name = row.get("day"), row.get("name")
    where = f"holidays.toml, {day or 'an entry without day'}"
    if not isinstance(day, date) or isinstance(day, datetime):
        raise StarterError(f"{where}: day must be a date")
    if not isinstance(name, str) or not name.strip():
        raise StarterError(f"{where}: name must be a text")
    if unknown := sorted(row.keys() - {"day", "name"}):
        raise StarterError(f"{where}: {unknown[0]} is not a field of it")
    return StarterHoliday(day, name.strip())


def _require_rising(holidays: Iterable[StarterHoliday]) -> None:
    """Refuse a day that is not later than the one before it."""
    for before, after in pairwise(holidays):
        if before.day >= after.day:
            raise StarterError(f"holidays.toml: {after.day} comes after {before.day}")


def _kind(kinds: type[_Kind], file: str, text: Mapping[str, str]) -> _Kind:
    """Return the entry's kind, or refuse one that does not exist."""
    try:
        return kinds(text["kind"])
    except ValueError as error:
        raise StarterError(
            f"{file}, {text['slug']}: kind {text['kind']!r} does not exist"
        ) from error


def _strictness(file: str, text: Mapping[str, str]) -> HowSure:
    """Return how sure matching must be, or refuse a word that says nothing of it."""
    word, where = text.get("strictness", HowSure.USUAL), f"{file}, {text['slug']}"
    if word not in set(HowSure):
        raise StarterError(f"{where}: strictness {word!r} does not exist")
    if "strictness" in text and "wish" not in text:
        raise StarterError(f"{where}: strictness belongs to a wish")
    return HowSure(word)


def _tables(file: str, name: str) -> list[Mapping[str, object]]:
    """Return the `[[name]]` tables of a TOML file of this package."""
    text = resources.files(__package__).joinpath(file).read_text(encoding="utf-8")
    return _tables_of(text, file, name)


def _tables_of(text: str, file: str, name: str) -> list[Mapping[str, object]]:
    """Return the `[[name]]` tables of a TOML text."""
    if any(line.count(".") > _MOST_DOTS for line in text.splitlines()):
        raise StarterError(f"{file}: a line has more than {_MOST_DOTS} full stops")
    try:
        rows = tomllib.loads(text).get(name)
    except (ValueError, RecursionError) as error:  # endless numbers, endless brackets
        raise StarterError(f"{file}: {error}") from error
    if not isinstance(rows, list) or not rows:
        raise StarterError(f"{file}: no [[{name}]] in it")
    if not all(isinstance(row, dict) for row in rows):
        raise StarterError(f"{file}: {name} is no list of tables")
    return rows


def _texts(
    file: str,
    row: Mapping[str, object],
    required: tuple[str, ...],
    optional: tuple[str, ...] = (),
) -> dict[str, str]:
    """Return the row's fields, each a text that says something; refuse the rest."""
    where = f"{file}, {row.get('slug', 'an entry without slug')}"
    for field in required:
        if field not in row:
            raise StarterError(f"{where}: {field} is missing")
    texts: dict[str, str] = {}
    for field, value in row.items():
        if field not in required + optional:
            raise StarterError(f"{where}: {field} is not a field of it")
        if not isinstance(value, str) or not value.strip():
            raise StarterError(f"{where}: {field} must be a text")
        if "\0" in value:
            raise StarterError(f"{where}: {field} holds a NUL, which no database takes")
        texts[field] = value.strip()
    if not _SLUG.fullmatch(texts["slug"]):
        raise StarterError(f"{where}: a slug has small letters, digits and hyphens")
    return texts


def _require_unique(file: str, slugs: Iterable[str]) -> None:
    """Refuse a slug that was used before."""
    seen: set[str] = set()
    for slug in slugs:
        if slug in seen:
            raise StarterError(f"{file}: slug {slug!r} is used twice")
        seen.add(slug)
