"""One work, one Paper: entries joined into rows, whatever order they come in.

Each field is joined by a rule that does not depend on order: the text comes from
the entry of the highest rank (source, version, day, length), numbers take the
larger value, the first announcement the earlier day.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVar

from digest.models import Match, Paper
from digest.models.bulk import insert_new
from digest.sources.entry import AnnounceType, Entry
from digest.sources.identity import canonical_id

KIND_RANK = {
    "crossref": 0,
    "feed": 1,
    "hf_daily": 1,
    "pubmed": 1,
    "arxiv_api": 2,
    "arxiv_oai": 2,
    "arxiv_rss": 2,
    "biorxiv": 2,
    "medrxiv": 2,
    "sample": 2,
}
"""Whose text wins: that of the archive itself over a list that copies it, and any feed
over Crossref, which often lacks the abstract."""

FIRST_SEEN_TYPES = {AnnounceType.NEW, AnnounceType.CROSS}

TEXT_FIELDS = (
    "title",
    "abstract",
    "authors",
    "categories",
    "url",
    "license_url",
    "arxiv_id",
    "text_rank",
)
JOINED_FIELDS = (
    "version",
    "doi",
    "journal_ref",
    "organisation",
    "upvotes",
    "comment_count",
    "signals",
    "is_withdrawn",
    "announced_on",
)
WORK_FIELDS = (
    "journal_ref",
    "organisation",
    "upvotes",
    "comment_count",
    "signals",
    "is_withdrawn",
    "announced_on",
    "doi",
)
"""What every row of a work says about the work, not about its own text."""

CHUNK = 500

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Known:
    """What was stored of a paper before a document came, as far as events ask."""

    version: int
    doi: str
    journal_ref: str
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class Upserted:
    """The papers of a document by canonical id, and which are new or changed.

    `known` has, by id, the papers that were stored before.
    """

    papers: dict[str, Paper]
    changed_ids: list[int]
    new_count: int
    known: dict[int, Known]


def upsert_papers(
    entries: Iterable[Entry], *, kind: str, day: date, now: datetime
) -> Upserted:
    """Make or update one paper an entry. Call it inside a transaction."""
    drafts: dict[str, Paper] = {}
    for entry in entries:
        draft = _draft(entry, kind, day, now)
        known = drafts.get(draft.canonical_id)
        if known:
            _join(known, draft)
        else:
            drafts[draft.canonical_id] = draft
    stored = _read_stored(list(drafts))
    known_before = {
        paper.pk: Known(paper.version, paper.doi, paper.journal_ref, paper.is_withdrawn)
        for paper in stored.values()
    }
    days = {paper.pk: paper.announced_on for paper in stored.values()}
    changed = [paper for key, paper in stored.items() if _join(paper, drafts[key])]
    for paper in changed:
        paper.changed_at, paper.matched_at = now, None
    Paper.objects.bulk_update(
        changed,
        [*TEXT_FIELDS, *JOINED_FIELDS, "changed_at", "matched_at"],
        batch_size=CHUNK,
    )
    moved = [paper.pk for paper in changed if paper.announced_on != days[paper.pk]]
    for chunk in in_chunks(moved):
        Match.objects.redate(chunk)
    fresh = [paper for key, paper in drafts.items() if key not in stored]
    insert_new(fresh)
    papers = {**stored, **{paper.canonical_id: paper for paper in fresh}}
    return Upserted(
        papers, [p.pk for p in [*changed, *fresh]], len(fresh), known_before
    )


def in_chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    """The items in lists that a database takes as arguments of one query."""
    waiting = iter(items)
    while chunk := list(islice(waiting, CHUNK)):
        yield chunk


def _read_stored(keys: list[str]) -> dict[str, Paper]:
    """Stored papers by canonical id, locked where the database has row locks."""
    stored: dict[str, Paper] = {}
    for chunk in in_chunks(keys):
        rows = Paper.objects.select_for_update().filter(canonical_id__in=chunk)
        stored.update({paper.canonical_id: paper for paper in rows.order_by("pk")})
    return stored


def _draft(entry: Entry, kind: str, day: date, now: datetime) -> Paper:
    """A paper that says just what this entry says."""
    key = canonical_id(entry)
    # A date in the future is the feed's mistake.
    announced_on = min(entry.announced_on or day, day)
    signals: dict[str, Any] = dict(entry.signals)
    return Paper(
        canonical_id=key,
        slug=_slug(key),
        arxiv_id=entry.arxiv_id,
        doi=entry.doi[:200],
        version=entry.version,
        title=entry.title,
        abstract=entry.abstract,
        authors=[
            {"name": author.name, "affiliation": author.affiliation}
            for author in entry.authors
        ],
        categories=list(entry.categories),
        url=entry.url,
        journal_ref=entry.journal_ref[:500],
        license_url=entry.license_url[:500],
        organisation=entry.organisation[:200],
        upvotes=signals.pop("upvotes", 0),
        comment_count=signals.pop("comments", 0),
        signals=signals,
        is_withdrawn=entry.is_withdrawn,
        announced_on=announced_on if entry.announce_type in FIRST_SEEN_TYPES else None,
        text_rank=_text_rank(entry, kind, announced_on),
        first_seen_at=now,
        changed_at=now,
    )


def _text_rank(entry: Entry, kind: str, announced_on: date) -> str:
    """A text that sorts as the entry's claim to be the paper's own words."""
    # Everything that travels with the text, so that no two different entries tie.
    words = (
        entry.title,
        entry.abstract,
        entry.authors,
        entry.categories,
        entry.url,
        entry.license_url,
        entry.arxiv_id,
    )
    digest = hashlib.sha256(repr(words).encode()).hexdigest()[:16]
    return (
        f"{KIND_RANK[kind]}|{entry.version:04d}|{announced_on.isoformat()}"
        f"|{len(entry.abstract):05d}|{digest}"
    )


def _slug(key: str) -> str:
    """The paper's name in addresses: the arXiv id, else words and a hash."""
    scheme, _, rest = key.partition(":")
    if scheme == "arxiv":
        return rest.replace("/", "-")
    readable = re.sub(r"[^a-z0-9]+", "-", rest.lower()).strip("-")[:60]
    return f"{readable}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"


def _join(paper: Paper, other: Paper) -> bool:
    """Join what `other` says into `paper`; True if that changed anything."""
    before = {name: getattr(paper, name) for name in (*TEXT_FIELDS, *JOINED_FIELDS)}
    if other.text_rank > paper.text_rank:
        for name in TEXT_FIELDS:
            setattr(paper, name, getattr(other, name))
    paper.version = max(paper.version, other.version)
    paper.doi = max(paper.doi, other.doi)
    _join_work(paper, other)
    return any(getattr(paper, name) != value for name, value in before.items())


def join_work(paper: Paper, other: Paper) -> bool:
    """Join what another row of the same work says; True if that changed anything.

    The words and the version stay the paper's own, and so does the DOI of a paper
    that is known by it.
    """
    before = {name: getattr(paper, name) for name in WORK_FIELDS}
    _join_work(paper, other)
    if not paper.canonical_id.startswith("doi:"):
        paper.doi = max(paper.doi, other.doi)
    return any(getattr(paper, name) != value for name, value in before.items())


def _join_work(paper: Paper, other: Paper) -> None:
    paper.journal_ref = max(paper.journal_ref, other.journal_ref)
    paper.organisation = max(paper.organisation, other.organisation)
    paper.upvotes = max(paper.upvotes, other.upvotes)
    paper.comment_count = max(paper.comment_count, other.comment_count)
    paper.is_withdrawn = paper.is_withdrawn or other.is_withdrawn
    paper.signals = _join_signals(paper.signals, other.signals)
    paper.announced_on = min(
        filter(None, (paper.announced_on, other.announced_on)), default=None
    )


def _join_signals(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Per signal the larger number, the later text, the longer list."""
    joined = dict(one)
    for name, value in other.items():
        if name not in joined:
            joined[name] = value
        elif isinstance(value, list):
            joined[name] = max(joined[name], value, key=lambda v: (len(v), v))
        else:
            joined[name] = max(joined[name], value)
    return joined
