"""Pick, arrange, hide, merge: each one transaction at the desk of a day."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from digest.curating.desk import (
    Kind,
    Seat,
    changes_since,
    lock_desk,
    refuse,
    require_untouched,
    write_down,
)
from digest.models import DeskDay, HiddenPaper, Merge, Paper, Pick, SeenPaper
from digest.models.curation import POSITION_STEP
from digest.pipeline.merges import merge_papers, stronger_first


class CannotError(Exception):
    """What was asked cannot be. The text says why, for people."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a pick is to stand: its place among the picks of the day, and its note."""

    place: int
    note: str


def pick(seat: Seat, paper_id: int, note: str) -> Pick:
    """Put a paper forward for the day, after the picks it has; again changes the note.

    Raises:
        ChangedError: somebody did something with the paper meanwhile.
        CannotError: no digest would show the paper.
    """
    with _at_desk(seat, [paper_id]) as desk:
        paper = _shown(paper_id)
        known = Pick.objects.filter(paper=paper, picked_on=seat.day).first()
        made = Pick.objects.put_forward(paper.pk, seat.day, note, seat.curator)
        if known is None:
            write_down(desk, seat, Kind.PICK, paper, note)
        elif known.note != note:
            write_down(desk, seat, Kind.NOTE, paper, note)
    return made


def unpick(seat: Seat, paper_id: int) -> Paper:
    """Take the day's pick of a paper back.

    Raises:
        ChangedError: somebody did something with the paper meanwhile.
        CannotError: it is not picked.
    """
    with _at_desk(seat, [paper_id]) as desk:
        found = Pick.objects.filter(paper=paper_id, picked_on=seat.day)
        known = found.select_related("paper").first()
        if known is None:
            raise CannotError(_("This paper is not picked for that day."))
        known.delete()
        write_down(desk, seat, Kind.UNPICK, known.paper, known.note)
    return known.paper


def arrange(seat: Seat, wanted: Mapping[int, Wanted]) -> list[Pick]:
    """Give the day's picks, by paper id, these places and notes; those that changed.

    Picks that are not named, because somebody made them meanwhile, come last.

    Raises:
        ChangedError: somebody changed order or notes meanwhile, or took a pick away.
    """
    with transaction.atomic():
        desk = lock_desk(seat.day)
        others = changes_since(desk, seat).exclude(kind=Kind.PICK)
        refuse(others)
        refuse(changes_since(desk, seat).filter(paper__in=wanted))
        picks = list(
            Pick.objects.filter(picked_on=seat.day)
            .select_related("paper")
            .order_by("position", "pk")
        )
        noted = _write_notes(picks, wanted)
        for each in noted:
            write_down(desk, seat, Kind.NOTE, each.paper, each.note)
        last = len(picks)
        ordered = sorted(
            picks,
            key=lambda p: wanted[p.paper_id].place if p.paper_id in wanted else last,
        )
        moved = _write_order(ordered)
        if [p.pk for p in ordered] != [p.pk for p in picks]:
            titles = ", ".join(each.paper.title for each in ordered)
            write_down(desk, seat, Kind.ORDER, None, titles)
    return list(dict.fromkeys([*noted, *moved]))


def hide(seat: Seat, paper_id: int, reason: str) -> Paper:
    """Keep a paper out of pages and digests.

    Raises:
        ChangedError: somebody did something with the paper meanwhile.
        CannotError: it is hidden already.
    """
    with _at_desk(seat, [paper_id]) as desk:
        paper = Paper.objects.get(pk=paper_id)
        _hidden, is_new = HiddenPaper.objects.get_or_create(
            paper=paper, defaults={"reason": reason, "curator": seat.curator}
        )
        if not is_new:
            raise CannotError(_("This paper is hidden already."))
        write_down(desk, seat, Kind.HIDE, paper, reason)
    return paper


def show(seat: Seat, paper_id: int) -> Paper:
    """Undo the hiding of a paper.

    Raises:
        ChangedError: somebody did something with the paper meanwhile.
        CannotError: it is not hidden.
    """
    with _at_desk(seat, [paper_id]) as desk:
        gone, _by_model = HiddenPaper.objects.filter(paper=paper_id).delete()
        if not gone:
            raise CannotError(_("This paper is not hidden."))
        paper = Paper.objects.get(pk=paper_id)
        write_down(desk, seat, Kind.SHOW, paper)
    return paper


def merge(seat: Seat, paper_ids: Sequence[int]) -> Merge:
    """Make two papers one work; the merges have the way back.

    Raises:
        ChangedError: somebody did something with one of them meanwhile.
        CannotError: they are not two.
        MergeRefusedError: they are one already, or both are on arXiv.
    """
    with _at_desk(seat, paper_ids) as desk:
        papers = list(Paper.objects.filter(pk__in=paper_ids))
        if len(papers) != 2:  # noqa: PLR2004 - a pair
            raise CannotError(_("Choose exactly two papers."))
        kept, merged = stronger_first(*papers)
        made = merge_papers(kept.pk, merged.pk, now=seat.now)
        write_down(desk, seat, Kind.MERGE, kept, merged.title)
    return made


def mark_seen(curator: User, paper_ids: Collection[int], now: datetime) -> int:
    """Note that these were looked at; how many had not been. Again is harmless."""
    rows = [
        SeenPaper(paper_id=paper_id, curator=curator, seen_at=now)
        for paper_id in Paper.objects.filter(
            pk__in=paper_ids, seen__isnull=True
        ).values_list("pk", flat=True)
    ]
    SeenPaper.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


@contextmanager
def _at_desk(seat: Seat, paper_ids: Collection[int]) -> Iterator[DeskDay]:
    """The seat's desk, locked for one act on papers that nobody else has touched."""
    with transaction.atomic():
        desk = lock_desk(seat.day)
        require_untouched(desk, seat, paper_ids)
        yield desk


def _shown(paper_id: int) -> Paper:
    """The paper that stands for the work, if readers can see it."""
    row = Paper.objects.get(pk=paper_id)
    paper = Paper.objects.shown().filter(pk=row.work_id).first()
    if paper is None:
        raise CannotError(
            _("This paper is hidden or not announced yet: no digest would show it.")
        )
    return paper


def _write_notes(picks: Sequence[Pick], wanted: Mapping[int, Wanted]) -> list[Pick]:
    changed = []
    for each in picks:
        if each.paper_id in wanted and each.note != wanted[each.paper_id].note:
            each.note = wanted[each.paper_id].note
            each.save(update_fields=["note"])
            changed.append(each)
    return changed


def _write_order(ordered: Sequence[Pick]) -> list[Pick]:
    moved = []
    for place, each in enumerate(ordered, start=1):
        if each.position != place * POSITION_STEP:
            each.position = place * POSITION_STEP
            each.save(update_fields=["position"])
            moved.append(each)
    return moved
