"""Two papers made one: fields joined, rows moved, all of it written down to be undone.

Call it inside a transaction, with both papers locked.
"""

from datetime import date, datetime
from typing import Any

from django.db.models import Exists, Model, OuterRef, QuerySet

from digest.models import (
    Announcement,
    Delivery,
    DigestItem,
    Example,
    HiddenPaper,
    Mark,
    Match,
    Merge,
    Paper,
    PaperEvent,
    Pick,
    SavedPaper,
    Submission,
    Vote,
)
from digest.pipeline.ingest.papers import WORK_FIELDS, in_chunks, join_work

MOVED: dict[str, tuple[type[Model], tuple[str, ...]]] = {
    "announcement": (Announcement, ("batch",)),
    "match": (Match, ("topic",)),
    "pick": (Pick, ("picked_on",)),
    "hidden": (HiddenPaper, ()),
    "event": (PaperEvent, ("kind", "version", "detail")),
    "item": (DigestItem, ("user", "occasion")),
    "example": (Example, ("topic",)),
    "mark": (Mark, ("user",)),
    "saved": (SavedPaper, ("user",)),
    "vote": (Vote, ("user",)),
    "submission": (Submission, ("user",)),
}
"""What goes over with a paper, each once in the sense of these fields."""

DUPLICATES = "duplicates"
"""Under this name a merge writes down what was merged into the merged paper."""


def merge(
    kept: Paper, merged: Paper, reason: Merge.Reason, key: str, *, now: datetime
) -> Merge:
    """Merge one paper, with all that was merged into it before, into the other."""
    before = fields_of(kept)
    join_work(kept, merged)
    save_work(kept, now)
    duplicates = list(
        Paper.objects.filter(merged_into=merged).values_list("pk", flat=True)
    )
    Paper.objects.filter(pk__in=[merged.pk, *duplicates]).update(merged_into=kept)
    merged.merged_into = kept
    _release_unsent(kept, merged, now)
    moved = {name: move(movable(name, merged, kept), kept) for name in MOVED}
    Vote.objects.recount([kept.pk, merged.pk])
    Match.objects.redate([kept.pk])
    return Merge.objects.create(
        kept=kept,
        merged=merged,
        reason=reason,
        key=key,
        merged_at=now,
        before=before,
        moved={**moved, DUPLICATES: duplicates},
    )


def fields_of(paper: Paper) -> dict[str, Any]:
    """What the paper says about its work, as JSON holds it."""
    fields = {name: getattr(paper, name) for name in WORK_FIELDS}
    day = paper.announced_on
    return {**fields, "announced_on": day.isoformat() if day else None}


def set_fields(paper: Paper, fields: dict[str, Any]) -> None:
    """Give the paper what `fields_of` wrote down."""
    for name, value in fields.items():
        setattr(paper, name, value)
    day = fields["announced_on"]
    paper.announced_on = date.fromisoformat(day) if day else None


def save_work(paper: Paper, now: datetime) -> None:
    """Store what it says about its work, and have it matched anew."""
    paper.changed_at, paper.matched_at = now, None
    paper.save(update_fields=[*WORK_FIELDS, "changed_at", "matched_at"])


def move(rows: QuerySet[Any], paper: Paper) -> list[int]:
    """Give these rows to the paper; their ids."""
    ids = list(rows.values_list("pk", flat=True))
    for chunk in in_chunks(ids):
        rows.model.objects.filter(pk__in=chunk).update(paper=paper)
    return ids


def movable(name: str, holder: Paper, taker: Paper) -> QuerySet[Any]:
    """Rows of the one paper that the other has no counterpart of."""
    model, fields = MOVED[name]
    rows: QuerySet[Any] = model.objects.all()  # type: ignore[attr-defined]
    if model is DigestItem:  # one that was released is history and stays
        rows = rows.filter(released_at__isnull=True)
    counterparts = rows.filter(paper=taker, **{f: OuterRef(f) for f in fields})
    return rows.filter(~Exists(counterparts), paper=holder).order_by("pk")


def _release_unsent(kept: Paper, merged: Paper, now: datetime) -> None:
    """Take the work out of a waiting digest of those who have it in an earlier one."""
    for late, early in ((merged, kept), (kept, merged)):
        had = DigestItem.objects.filter(
            paper=early,
            user=OuterRef("user"),
            occasion=OuterRef("occasion"),
            released_at__isnull=True,
            pk__lt=OuterRef("pk"),
        )
        twice = DigestItem.objects.filter(
            Exists(had),
            paper=late,
            released_at__isnull=True,
            digest__delivery__state=Delivery.State.PLANNED,
        )
        ids = list(twice.values_list("pk", flat=True))
        DigestItem.objects.filter(pk__in=ids).update(released_at=now)
