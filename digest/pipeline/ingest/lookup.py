"""One paper by its name: asked for at its source, and taken in when it is wanted."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext_noop

from digest.models import Paper, PaperKey, Source
from digest.pipeline.ingest import pace
from digest.pipeline.ingest.intake import take_in
from digest.pipeline.ingest.papers import in_chunks
from digest.pipeline.ingest.reading import Reading
from digest.sources import sandbox
from digest.sources.entry import Entry, NotAFeed, NotThere, Parsed
from digest.sources.fetch import fetch
from digest.sources.identity import canonical_id
from digest.sources.reference import Reference, lookups

SUBMISSIONS = "submissions"
"""The source, never fetched, whose batches hold what was taken in by name."""


class UnknownPaperError(Exception):
    """No source that is asked knows the paper. The text says so, for people."""


def known_paper(key: str) -> Paper | None:
    """The paper that stands for the work with this key, if it was taken in."""
    rows = PaperKey.objects.filter(key=key).select_related("paper__merged_into")
    row = rows.order_by("pk").first()
    if row:
        return row.paper.merged_into or row.paper
    papers = Paper.objects.select_related("merged_into")
    paper = papers.filter(canonical_id=key).first()
    return (paper.merged_into or paper) if paper else None


def known_papers(keys: Collection[str]) -> dict[str, Paper]:
    """The same for many keys at once, a few queries for all: those that are known."""
    found: dict[str, Paper] = {}
    for chunk in in_chunks(keys):
        rows = PaperKey.objects.filter(key__in=chunk).select_related(
            "paper__merged_into"
        )
        for row in rows.order_by("-pk"):
            found[row.key] = row.paper.merged_into or row.paper
        papers = Paper.objects.filter(canonical_id__in=chunk)
        for paper in papers.select_related("merged_into"):
            found.setdefault(paper.canonical_id, paper.merged_into or paper)
    return found


def look_up(reference: Reference, *, now: datetime) -> tuple[str, Entry]:
    """The kind of the source that knows the paper, and what it says; nothing is stored.

    Raises:
        UnknownPaperError: none knows it, or none is asked for papers of its kind.
        SourceError: one that should know did not answer.
    """
    places = lookups(
        reference,
        arxiv_api_url=settings.DIGEST_ARXIV_API_URL,
        crossref_url=settings.DIGEST_CROSSREF_URL,
    )
    if not places:
        raise UnknownPaperError(
            gettext_noop("Details are asked for by arXiv id or DOI alone.")
        )
    for kind, address in places:
        entries = [
            entry
            for entry in _ask(kind, address, now)
            if canonical_id(entry) == reference.key
        ]
        if entries:
            return kind, max(entries, key=lambda entry: entry.version)
    raise UnknownPaperError(gettext_noop("Its archive knows no such paper."))


def take_in_entry(kind: str, entry: Entry, *, now: datetime) -> Paper:
    """Take in one paper that was asked for by name; the paper of its work."""
    source, _is_new = Source.objects.get_or_create(
        slug=SUBMISSIONS,
        defaults={
            "name": gettext_noop("Readers of this site"),
            "kind": "feed",
            "address": f"{settings.SITE_URL}/submit/",
            "is_active": False,
            "next_fetch_at": now,
        },
    )
    reading = Reading(source, kind, now, is_live=False)
    take_in(reading, Parsed(entries=(entry,), announced_on=entry.announced_on))
    paper = Paper.objects.select_related("merged_into").get(
        canonical_id=canonical_id(entry)
    )
    return paper.merged_into or paper


def _ask(kind: str, address: str, now: datetime) -> Sequence[Entry]:
    """What the place says; nothing where it has nothing at this address."""
    pace.wait_for_turn(kind)
    try:
        fetched = fetch(
            address,
            user_agent=f"Paperboy/0.1 (+{settings.SITE_URL})",
            allow_private=settings.DIGEST_FETCH_ALLOW_PRIVATE,
        )
    except NotThere:
        return ()
    try:
        return sandbox.parse(
            kind,
            fetched.body,
            content_type=fetched.content_type,
            today=now.date(),
        ).entries
    except NotAFeed as error:
        raise UnknownPaperError(str(error)) from error
