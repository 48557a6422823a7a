"""Papers of the window that say nearly the same are filed as companions, once.

Promise: done again, it leaves the same rows. What a changed paper no longer is like
is dropped. Only new and changed papers are compared, with the words of the window read
block by block: memory does not grow with it.
"""

from collections.abc import Collection, Iterator, Sequence, Set
from datetime import date, datetime

from django.db import transaction

from digest import matching
from digest.models import Companion, Paper
from digest.pipeline.match.window import in_window
from digest.pipeline.match.words import read_bags

LEAST_ALIKE = 0.55
"""From this cosine on two papers are companions: docs/relevance.md has the pairs."""

BLOCK_PAPERS = 1000
"""How many papers of the window are in memory at a time."""

Pair = tuple[int, int]


def file_companions(
    papers: Sequence[Paper],
    shelf: matching.Shelf,
    background: matching.Background,
    *,
    now: datetime,
) -> None:
    """Write which papers of the window these are like, as far as they are new."""
    new = [at for at, paper in enumerate(papers) if paper.matched_at is None]
    if not new:
        return
    chosen, chosen_shelf = [papers[at] for at in new], shelf.take(new)
    window_ids: set[int] = set()
    found: dict[Pair, float] = {}
    for block in _read_window(now):
        window_ids.update(paper.pk for paper in block)
        alike = matching.find_alike(
            read_bags(block), chosen_shelf, background.frequencies, LEAST_ALIKE
        )
        for place, other, cosine in alike:
            one, two = block[place], chosen[other]
            if one.pk != two.pk:
                found[_in_order(one, two)] = round(cosine, 4)
    _replace({paper.pk for paper in chosen}, window_ids, found)


def _read_window(now: datetime) -> Iterator[list[Paper]]:
    ids = list(in_window(now).order_by("pk").values_list("pk", flat=True))
    stamps = Paper.objects.only("canonical_id", "changed_at", "announced_on")
    for start in range(0, len(ids), BLOCK_PAPERS):
        yield list(stamps.filter(pk__in=ids[start : start + BLOCK_PAPERS]))


def _in_order(one: Paper, two: Paper) -> Pair:
    """The ids, that of the earlier paper first."""
    first, second = sorted(
        (one, two), key=lambda paper: (paper.announced_on or date.max, paper.pk)
    )
    return first.pk, second.pk


def _replace(
    paper_ids: Collection[int], window_ids: Set[int], found: dict[Pair, float]
) -> None:
    """Write these pairs; delete what else is known of the papers and the window."""
    stored = Companion.objects.filter(paper__in=paper_ids) | Companion.objects.filter(
        other__in=paper_ids
    )
    gone = [
        pk
        for pk, *pair in stored.values_list("pk", "paper_id", "other_id")
        if tuple(pair) not in found and window_ids >= set(pair)
    ]
    with transaction.atomic():
        Companion.objects.filter(pk__in=gone).delete()
        Companion.objects.bulk_create(
            [
                Companion(paper_id=one, other_id=two, likeness=likeness)
                # In one order everywhere: workers must not wait for each other's rows.
                for (one, two), likeness in sorted(found.items())
            ],
            update_conflicts=True,
            unique_fields=["paper", "other"],
            update_fields=["likeness"],
        )
