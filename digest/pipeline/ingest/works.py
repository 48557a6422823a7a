"""One work, one Paper to be shown: papers that share a key are merged.

Every canonical id keeps its row. What is merged points at the row that stands for
the work, never at one that is merged itself. A document without anything to merge
costs a fixed number of queries for each `CHUNK` of it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count
from django.db.models.functions import Coalesce

from digest.models import Merge, Paper, PaperKey
from digest.pipeline.ingest.keys import Keys
from digest.pipeline.ingest.likeness import (
    Likeness,
    Work,
    may_be_one,
    published_as,
    rank,
    read_papers,
    read_works,
)
from digest.pipeline.ingest.merging import merge
from digest.pipeline.ingest.papers import (
    CHUNK,
    WORK_FIELDS,
    Upserted,
    in_chunks,
    join_work,
)

MOST_SHARERS = 20
"""A key of more works than this is a stock title, and proves nothing."""

WORK = Coalesce("paper__merged_into_id", "paper_id")


@dataclass(slots=True)
class Linked:
    """The papers that were changed, and preprints found published, with where.

    `roots` names for each row of a work that was looked at the one that stands for it.
    """

    changed_ids: list[int]
    published: dict[int, str] = field(default_factory=dict)
    roots: dict[int, int] = field(default_factory=dict)


def link_works(upserted: Upserted, keys: Keys, *, now: datetime) -> Linked:
    """Merge the document's papers with those that they share a key with.

    1. What a merged row newly says goes to the row that stands for its work.
    2. Keys that more than one work has are read; most documents have none.
    3. DOIs first, then titles: the weaker work joins the strongest it may.
    """
    papers = {paper.pk: paper for paper in upserted.papers.values()}
    linked = Linked(_flow(upserted, papers, now))
    shared = _read_shared(set[str]().union(*keys.given.values()))
    if not shared:
        return linked
    likeness = read_works({pk for ids in shared.values() for pk in ids}, papers)
    for key in sorted(shared):
        _merge_alike(key, shared[key], likeness, linked, now)
    linked.roots.update(
        (member, work.root.pk)
        for work in likeness.works.values()
        for member in work.members
    )
    for paper in papers.values():
        root_id = linked.roots.get(paper.pk, paper.pk)
        if root_id != paper.pk:
            paper.merged_into_id = root_id
    return linked


def _flow(upserted: Upserted, papers: dict[int, Paper], now: datetime) -> list[int]:
    """Join what merged rows newly say into their works; the ids of those changed."""
    by_work: dict[int, list[Paper]] = defaultdict(list)
    for paper_id in upserted.changed_ids:
        work_id = papers[paper_id].merged_into_id
        if work_id:
            by_work[work_id].append(papers[paper_id])
    changed = []
    for work in read_papers(by_work, papers):
        changes = [join_work(work, merged) for merged in by_work[work.pk]]
        if any(changes):
            work.changed_at, work.matched_at = now, None
            changed.append(work)
    Paper.objects.bulk_update(
        changed, [*WORK_FIELDS, "changed_at", "matched_at"], batch_size=CHUNK
    )
    return [work.pk for work in changed]


def _read_shared(keys: set[str]) -> dict[str, set[int]]:
    """The ids of the works that have a key, for keys of more than one."""
    # No two papers have one arXiv id.
    asked = sorted(key for key in keys if not key.startswith("arxiv:"))
    shared: dict[str, set[int]] = defaultdict(set)
    for chunk in in_chunks(asked):
        found = (
            PaperKey.objects.filter(key__in=chunk)
            .values("key")
            .annotate(work_count=Count(WORK, distinct=True))
            .filter(work_count__gt=1, work_count__lte=MOST_SHARERS)
            .values_list("key", flat=True)
        )
        if names := list(found):
            rows = PaperKey.objects.filter(key__in=names).annotate(work=WORK)
            for key, work_id in rows.values_list("key", "work"):
                shared[key].add(work_id)
    return shared


def _merge_alike(
    key: str, ids: set[int], likeness: Likeness, linked: Linked, now: datetime
) -> None:
    """Merge the works that share this key, as far as nothing speaks against it."""
    by_title = key.startswith("title:")
    reason = Merge.Reason.TITLE if by_title else Merge.Reason.DOI
    # By an earlier key two of them may have become one.
    alike = {work.root.pk: work for work in map(likeness.works.__getitem__, ids)}
    kept: list[Work] = []
    for work in sorted(alike.values(), key=lambda w: rank(w.root)):
        into = next(
            (
                other
                for other in kept
                if may_be_one(other, work, likeness.parted, by_title=by_title)
            ),
            None,
        )
        if into is None:
            kept.append(work)
            continue
        if found := published_as(into, work):
            preprint, detail = found
            linked.published[preprint.pk] = detail
        merge(into.root, work.root, reason, key, now=now)
        linked.changed_ids.append(into.root.pk)
        into.absorb(work)
        likeness.works[work.root.pk] = into
