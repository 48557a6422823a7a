"""What the desk says of a candidate, a proposal and a change, in plain values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from digest import tex
from digest.admin.evidence import NOTHING
from digest.admin.submission_forms import offered_note
from digest.curating import Ranked
from digest.models import (
    Announcement,
    DeskChange,
    HiddenPaper,
    Match,
    Paper,
    SeenPaper,
    Submission,
)
from digest.pipeline.match.strictness import wanted
from digest.pipeline.render.paper import byline

MOST_PROPOSALS = 20


@dataclass(frozen=True, slots=True)
class Row:
    """A candidate as it is read. All is text to be escaped."""

    paper: Paper
    title: str
    byline: str
    facts: tuple[str, ...]
    topics: tuple[str, ...]
    abstract: str
    why: tuple[str, ...]
    is_picked: bool
    hidden: str
    seen: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal that waits: the words offered as a note, and what is not known."""

    submission: Submission
    note: str
    needs_title: bool
    is_looked_up: bool


def describe(ranked: Sequence[Ranked]) -> list[Row]:
    """The rows of a page, with one query for each thing that is told."""
    ids = [one.paper_id for one in ranked]
    papers = Paper.objects.in_bulk(ids)
    topics, sources, proposals = _topics(ids), _sources(ids), _proposals(ids)
    hidden = {
        row.paper_id: _signed(row.reason, row.curator)
        for row in HiddenPaper.objects.filter(paper__in=ids).select_related("curator")
    }
    seen = {
        row.paper_id: _name(row.curator)
        for row in SeenPaper.objects.filter(paper__in=ids).select_related("curator")
    }
    return [
        Row(
            paper=papers[one.paper_id],
            title=tex.to_unicode(papers[one.paper_id].title),
            byline=byline(
                papers[one.paper_id].author_names, papers[one.paper_id].organisation, ()
            ),
            facts=_facts(papers[one.paper_id], sources[one.paper_id]),
            topics=tuple(topics[one.paper_id]),
            abstract=tex.to_unicode(papers[one.paper_id].abstract),
            why=tuple(proposals[one.paper_id]),
            is_picked=one.is_picked,
            hidden=hidden.get(one.paper_id, ""),
            seen=seen.get(one.paper_id, ""),
        )
        for one in ranked
        if one.paper_id in papers
    ]


def proposals() -> list[Proposal]:
    """The works that readers proposed and nobody decided about, the first one first."""
    rows: QuerySet[Submission] = Submission.objects.undecided().first_of_each_work()
    waiting = rows.select_related("paper", "user").order_by("sent_at", "pk")
    return [
        Proposal(
            submission=row,
            note=offered_note(row),
            needs_title=not row.paper and not row.found,
            is_looked_up=row.state != Submission.State.LOOKING,
        )
        for row in waiting[:MOST_PROPOSALS]
    ]


@dataclass(frozen=True, slots=True)
class Done:
    """A change at the desk in words: "Ben", when, "picked", what, with which words."""

    who: str
    at: datetime
    did: str
    title: str
    words: str


def tell(changes: Sequence[DeskChange]) -> list[Done]:
    """The changes in words, in their order."""
    return [
        Done(
            who=_name(change.curator),
            at=change.made_at,
            did=change.get_kind_display(),
            title=tex.to_unicode(change.paper.title) if change.paper else "",
            words=change.words,
        )
        for change in changes
    ]


def _facts(paper: Paper, sources: Sequence[str]) -> tuple[str, ...]:
    said = []
    if paper.votes:
        words = ngettext("{} vote", "{} votes", paper.votes)
        said.append(words.format(paper.votes))
    if paper.reader_votes:
        said.append(_("{} of them here").format(paper.reader_votes))
    if paper.comment_count:
        words = ngettext("{} comment", "{} comments", paper.comment_count)
        said.append(words.format(paper.comment_count))
    stars = paper.signals.get("code_stars")
    if isinstance(stars, int) and stars:
        said.append(ngettext("{} star", "{} stars", stars).format(stars))
    elif paper.signals.get("code_url"):
        said.append(_("with code"))
    if paper.primary_category:
        said.append(paper.primary_category)
    said += sources
    return tuple(said)


def _topics(ids: Sequence[int]) -> dict[int, list[str]]:
    rows = Match.objects.filter(
        wanted(), paper__in=ids, topic__owner=None, topic__is_retired=False
    ).order_by("-score", "topic__position", "pk")
    found: dict[int, list[str]] = defaultdict(list)
    for paper_id, name in rows.values_list("paper_id", "topic__name"):
        found[paper_id].append(name)
    return found


def _sources(ids: Sequence[int]) -> dict[int, list[str]]:
    rows = Announcement.objects.filter(paper__in=ids).order_by("batch__source__name")
    found: dict[int, list[str]] = defaultdict(list)
    for paper_id, name in rows.values_list("paper_id", "batch__source__name"):
        if name not in found[paper_id]:
            found[paper_id].append(name)
    return found


def _proposals(ids: Sequence[int]) -> dict[int, list[str]]:
    rows = Submission.objects.undecided().filter(paper__in=ids).order_by("pk")
    found: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        if row.paper_id:
            found[row.paper_id].append(offered_note(row))
    return found


def _signed(words: str, curator: User | None) -> str:
    return _("{words} ({curator})").format(words=words, curator=_name(curator))


def _name(curator: User | None) -> str:
    """A curator as colleagues know them; a dash for one who was erased."""
    return curator.email if curator else NOTHING
