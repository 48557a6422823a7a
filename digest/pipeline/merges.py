"""Beside the stages: people say that two papers are one work, or that they are not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from digest.models import Match, Merge, Paper, PaperEvent, Vote
from digest.pipeline.ingest.likeness import published_as, rank, read_works
from digest.pipeline.ingest.merging import (
    DUPLICATES,
    MOVED,
    fields_of,
    merge,
    movable,
    move,
    save_work,
    set_fields,
)
from digest.pipeline.ingest.papers import WORK_FIELDS, in_chunks, join_work


class MergeRefusedError(Exception):
    """What was asked cannot be. The text says why, for people."""


def stronger_first(one: Paper, other: Paper) -> tuple[Paper, Paper]:
    """The one that stands for the work if they are one, then the other."""
    kept, merged = sorted((one, other), key=rank)
    return kept, merged


def merge_papers(kept_id: int, merged_id: int, *, now: datetime) -> Merge:
    """Make two papers one work because a person says so, whatever was undone before.

    Raises:
        MergeRefusedError: they are one already, or both are on arXiv.
    """
    with transaction.atomic():
        papers = Paper.objects.in_bulk([kept_id, merged_id])
        kept_id, merged_id = papers[kept_id].work_id, papers[merged_id].work_id
        if kept_id == merged_id:
            raise MergeRefusedError(_("These are one work already."))
        works = read_works([kept_id, merged_id], {}).works
        kept, merged = works[kept_id], works[merged_id]
        if len(kept.arxiv_ids | merged.arxiv_ids) > 1:
            raise MergeRefusedError(
                _("Papers with different arXiv ids are different works.")
            )
        published = published_as(kept, merged)
        made = merge(kept.root, merged.root, Merge.Reason.BY_HAND, "", now=now)
        if published:
            PaperEvent.objects.get_or_create(
                paper=kept.root,
                kind=PaperEvent.Kind.PUBLISHED,
                detail=published[1],
                defaults={"happened_on": now.date(), "recorded_at": now},
            )
    return made


def undo_merge(merge_id: int, *, user: User, now: datetime) -> Merge:
    """Part two papers that were merged; nothing but a person merges them again.

    1. The merged paper is shown again, with the rows and the papers it had.
    2. Fields of the kept paper go back to what the rest of its rows say. What it
       said itself since the merge stays.
    3. Whoever had the one in a digest may get the other.

    Raises:
        MergeRefusedError: it is undone already.
    """
    with transaction.atomic():
        found = Merge.objects.select_for_update().get(pk=merge_id)
        if found.undone_at:
            raise MergeRefusedError(_("This merge is undone already."))
        papers = Paper.objects.select_for_update().order_by("pk")
        locked = {
            p.pk: p for p in papers.filter(pk__in=[found.kept_id, found.merged_id])
        }
        kept, merged = locked[found.kept_id], locked[found.merged_id]
        holders = [kept]
        if kept.merged_into_id:
            holders.append(papers.get(pk=kept.merged_into_id))
        bases = [_base(holder) for holder in holders]
        said = list(map(_said, holders, bases))
        _move_back(found, merged, holders)
        _reopen(found, merged, holders[-1], now)
        _hand_on_before(found)
        found.undone_at, found.undone_by = now, user
        found.save(update_fields=["undone_at", "undone_by"])
        for holder, base, before in zip(holders, bases, said, strict=True):
            _restore(holder, before, _said(holder, base), now)
        Match.objects.redate([merged.pk, *(holder.pk for holder in holders)])
    return found


def _open_merges(kept: Paper) -> list[Merge]:
    """Merges in force into this very paper, the first one first."""
    rows = Merge.objects.filter(kept=kept, undone_at__isnull=True)
    return list(rows.select_related("merged").order_by("pk"))


def _base(kept: Paper) -> dict[str, Any]:
    """What its own row said before the first merge."""
    merges = _open_merges(kept)
    return merges[0].before if merges else fields_of(kept)


def _said(kept: Paper, base: dict[str, Any]) -> Paper:
    """What its own row said, joined with what the rows merged into it say."""
    said = Paper(canonical_id=kept.canonical_id)
    set_fields(said, base)
    _join_all(said, [row.merged for row in _open_merges(kept)])
    _join_all(said, Paper.objects.filter(merged_into=kept))
    return said


def _join_all(paper: Paper, others: Iterable[Paper]) -> None:
    for other in others:
        join_work(paper, other)


def _restore(kept: Paper, said: Paper, says: Paper, now: datetime) -> None:
    """Set fields back from what the rows `said` together to what the rest `says`."""
    for name in WORK_FIELDS:
        if getattr(kept, name) == getattr(said, name):
            setattr(kept, name, getattr(says, name))
    save_work(kept, now)


def _move_back(found: Merge, merged: Paper, holders: list[Paper]) -> None:
    for name in MOVED:
        for ids in in_chunks(found.moved.get(name, [])):
            for holder in holders:
                move(movable(name, holder, merged).filter(pk__in=ids), merged)
    Vote.objects.recount([merged.pk, *(holder.pk for holder in holders)])
    if found.reason != Merge.Reason.DOI:
        # A journal's DOI that the preprint names itself stays true.
        PaperEvent.objects.filter(
            paper__in=[*holders, merged],
            kind=PaperEvent.Kind.PUBLISHED,
            detail__in={
                text
                for paper in (*holders[:1], merged)
                for text in (paper.journal_ref, paper.doi)
            },
        ).delete()


def _reopen(found: Merge, merged: Paper, root: Paper, now: datetime) -> None:
    """Show the paper again, with what had been merged into it."""
    Paper.objects.filter(
        pk__in=found.moved.get(DUPLICATES, []), merged_into=root
    ).update(merged_into=merged)
    _join_all(merged, Paper.objects.filter(merged_into=merged))
    merged.merged_into = None
    merged.save(update_fields=["merged_into"])
    save_work(merged, now)


def _hand_on_before(found: Merge) -> None:
    """The first merge holds what the kept paper said itself; the next one must too."""
    first, *later = _open_merges(found.kept)
    if first == found and later:
        later[0].before = found.before
        later[0].save(update_fields=["before"])
